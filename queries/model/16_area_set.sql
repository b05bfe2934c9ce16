-- Which areas share all their groups, so that they can be added up once for all of these?
-- The group that a county or a township is of itself is none of them.
-- Grain: one row per area.
create table area_set as
with

membership as (

    select
        area_group.area_code,
        list(area_group.level || ':' || area_group.group_code order by area_group.level) as groups
    from area_group
    where
        area_group.level <> 'township'
        and (area_group.level <> 'county' or area_group.group_code <> area_group.area_code)
    group by area_group.area_code

)

select
    membership.area_code,
    dense_rank() over (order by membership.groups) as set_number
from membership
