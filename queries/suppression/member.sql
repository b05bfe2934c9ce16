-- Which counties lie in which group? Or which townships.
-- Grain: one row per level, group and area; an area is no group here.
-- Parameters: $level (county or township)
select
    area_group.level,
    area_group.group_code,
    area_group.area_code
from area_group
inner join unit
    on
        area_group.area_code = unit.area_code
        and unit.level = $level
where
    area_group.level <> 'township'
    and (area_group.level <> 'county' or area_group.group_code <> area_group.area_code)
order by area_group.level, area_group.group_code, area_group.area_code
