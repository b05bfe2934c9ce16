-- Is the catalogue attached, beside the lake, to be asked for its latest snapshot?
-- Grain: one row where it is, none where it is not.
select duckdb_databases.database_name
from duckdb_databases()
where duckdb_databases.database_name = 'catalogue'
