-- Which areas have been picked for places as files write them?
-- Grain: one row per place.
select
    area_name_pick.written,
    area_name_pick.area_code
from lake.area_name_pick
order by area_name_pick.written
