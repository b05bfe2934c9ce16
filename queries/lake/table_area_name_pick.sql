-- Which area an analyst has picked for a place as files write it.
create table if not exists lake.area_name_pick (
    written varchar,
    area_code varchar,
    picked_by varchar,
    picked_at timestamptz
)
