-- Which tables does the attached lake hold?
-- Grain: one row per table.
select duckdb_tables.table_name
from duckdb_tables()
where duckdb_tables.database_name = 'lake'
