-- Merges small files that follow each other into larger ones; every vintage stays as it is.
-- Grain: one row per table with merged files.
call ducklake_merge_adjacent_files('lake')
