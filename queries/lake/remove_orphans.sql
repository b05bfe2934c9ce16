-- Removes files that a killed writer left: old ones that the catalogue has never heard of.
-- Grain: one row per file.
-- Parameters: $before (timestamp)
call ducklake_delete_orphaned_files('lake', older_than => $before)
