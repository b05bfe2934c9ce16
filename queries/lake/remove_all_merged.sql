-- Removes files that were merged into others, also those merged just now: nobody may be reading.
-- Grain: one row per file.
call ducklake_cleanup_old_files('lake', cleanup_all => true)
