-- Which areas belong to which group?
-- Grain: one row per level, group and area; a county is a group of itself, and so is a township.
-- A township belongs to its county's group and to every group that its county is in.
-- A city that reports belongs to its own group, its region and province, and to the pilot set where
-- one of its counties is in it.
create table area_group as
with

group_of_county as (

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

),

reporting_city as (

    select
        unit.area_code,
        unit.region_code
    from unit
    anti join area on unit.area_code = area.area_code
    where unit.level = 'city'

),

pilot_city as (

    select distinct area.city_code
    from pilot_county
    inner join area on pilot_county.area_code = area.area_code

)

select
    group_code,
    level,
    area_code
from group_of_county
union all by name
select
    area_code as group_code,
    'township' as level,
    area_code
from township
union all by name
select
    group_of_county.group_code,
    group_of_county.level,
    township.area_code
from township
inner join group_of_county on township.county_code = group_of_county.area_code
union all by name
select
    unnest([reporting_city.area_code, reporting_city.region_code, '440000']) as group_code,
    unnest(['city', 'region', 'province']) as level,
    reporting_city.area_code
from reporting_city
union all by name
select
    unnest(['pilot', 'pilot_' || reporting_city.region_code]) as group_code,
    unnest(['pilot', 'pilot_region']) as level,
    reporting_city.area_code
from reporting_city
semi join pilot_city on reporting_city.area_code = pilot_city.city_code
