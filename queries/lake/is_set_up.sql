-- Does the attached lake hold the tables of a store?
-- Grain: one row where it does.
select duckdb_tables.table_name
from duckdb_tables()
where
    duckdb_tables.database_name = 'lake'
    and duckdb_tables.table_name = 'ledger'
