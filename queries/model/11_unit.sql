-- Who reports: the county-level areas, the cities, and the townships where the reference has any.
-- 东莞 and 中山 are a county and a city under one code; only a township names the county above it.
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
    area.region_name_en,
    cast(null as varchar) as county_name,
    cast(null as varchar) as county_name_en
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
    area.region_name_en,
    null as county_name,
    null as county_name_en
from area
union all by name
select
    'township' as level,
    township.area_code,
    township.area_name,
    township.area_name_en,
    area.city_code,
    area.city_name,
    area.city_name_en,
    area.region_code,
    area.region_name_en,
    area.area_name as county_name,
    area.area_name_en as county_name_en
from township
inner join area on township.county_code = area.area_code
