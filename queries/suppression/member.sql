-- Which counties lie in which group?
-- Grain: one row per level, group and county; a county is no group here.
select
    area_group.level,
    area_group.group_code,
    area_group.area_code
from area_group
inner join area on area_group.area_code = area.area_code
where area_group.level <> 'county'
order by area_group.level, area_group.group_code, area_group.area_code
