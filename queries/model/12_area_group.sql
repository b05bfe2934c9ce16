-- Which areas belong to which group?
-- Grain: one row per level, group and area; a county is a group of itself.
create table area_group as
select
    area_code as group_code,
    'county' as level,
    area_code
from area
union all by name
select
    city_code as group_code,
    'city' as level,
    area_code
from area
union all by name
select
    region_code as group_code,
    'region' as level,
    area_code
from area
union all by name
select
    'pilot' as group_code,
    'pilot' as level,
    area_code
from pilot_county
union all by name
select
    'pilot_' || area.region_code as group_code,
    'pilot_region' as level,
    area.area_code
from pilot_county
inner join area on pilot_county.area_code = area.area_code
union all by name
select
    '440000' as group_code,
    'province' as level,
    area_code
from area
