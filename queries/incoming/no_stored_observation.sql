-- No stored cells: there is no store yet.
-- Grain: no row.
create table stored_observation (
    dataset_id varchar,
    area_code varchar,
    period varchar,
    measure_id varchar,
    value double,
    status varchar,
    sample boolean,
    vintage integer
)
