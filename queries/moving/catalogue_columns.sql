-- Which tables does an attached catalogue have, with which columns in which types?
-- Grain: one row per table and column.
-- Parameters: $database (text)
select
    duckdb_columns.table_name,
    duckdb_columns.column_name,
    duckdb_columns.data_type
from duckdb_columns()
where
    duckdb_columns.database_name = $database
    and starts_with(duckdb_columns.table_name, 'ducklake_')
order by
    duckdb_columns.table_name,
    duckdb_columns.column_index
