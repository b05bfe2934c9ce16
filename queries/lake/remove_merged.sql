-- Removes files that were merged into others some time ago: no catalogue names them any more.
-- Grain: one row per file.
-- Parameters: $before (timestamp)
call ducklake_cleanup_old_files('lake', older_than => $before)
