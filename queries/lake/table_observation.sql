-- The reported cells, each with the submission that set it.
create table if not exists lake.observation (
    dataset_id varchar,
    area_code varchar,
    period varchar,
    measure_id varchar,
    value double,
    status varchar,
    sample boolean,
    vintage integer
)
