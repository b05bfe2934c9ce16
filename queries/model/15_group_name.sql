-- What is each group called?
-- Grain: one row per level and group. 东莞 and 中山 are a county and a city under one code.
create table group_name as
select
    area_code as group_code,
    'county' as level,
    area_name as group_name,
    area_name_en as group_name_en
from area
union all by name
select distinct
    city_code as group_code,
    'city' as level,
    city_name as group_name,
    city_name_en as group_name_en
from area
union all by name
select distinct
    region_code as group_code,
    'region' as level,
    region_code as group_name,
    region_name_en as group_name_en
from area
union all by name
select distinct
    'pilot_' || region_code as group_code,
    'pilot_region' as level,
    region_code || '试点县' as group_name,
    'Pilot counties, ' || region_name_en as group_name_en
from area
where area_code in (select pilot_county.area_code from pilot_county)
union all by name
select
    'pilot' as group_code,
    'pilot' as level,
    '试点县' as group_name,
    'Pilot counties' as group_name_en
union all by name
select
    '440000' as group_code,
    'province' as level,
    '广东省' as group_name,
    'Guangdong' as group_name_en
union all by name
select
    area_code as group_code,
    'township' as level,
    area_name as group_name,
    area_name_en as group_name_en
from township
