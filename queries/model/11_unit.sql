-- Who reports: the county-level areas, and the cities. 东莞 and 中山 are both, under one code.
-- Grain: one row per level and area.
create table unit as
select
    'county' as level,
    area.area_code,
    area.area_name,
    area.area_name_en,
    area.city_code,
    area.city_name,
    area.city_name_en,
    area.region_code,
    area.region_name_en
from area
union all by name
select distinct
    'city' as level,
    area.city_code as area_code,
    area.city_name as area_name,
    area.city_name_en as area_name_en,
    area.city_code,
    area.city_name,
    area.city_name_en,
    area.region_code,
    area.region_name_en
from area
