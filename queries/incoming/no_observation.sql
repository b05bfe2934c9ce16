-- The reported cells of an empty store.
-- Grain: no row.
create table observation (
    dataset_id varchar,
    area_code varchar,
    period varchar,
    measure_id varchar,
    value double,
    status varchar,
    sample boolean,
    vintage integer
)
