-- The extensions that this DuckDB has loaded.
-- Grain: one row per extension.
select extension_name
from duckdb_extensions()
where loaded
