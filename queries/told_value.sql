-- What of an indicator was known of each county of a group in a quarter?
-- Grain: one row per county.
-- Parameters: $indicator_id, $period, $level, $group_code (text)
select
    area_indicator.area_code,
    area_indicator.numerator,
    area_indicator.denominator,
    area_indicator.sample
from area_indicator
inner join area_group
    on
        area_indicator.area_code = area_group.area_code
        and area_group.level = $level
        and area_group.group_code = $group_code
where
    area_indicator.indicator_id = $indicator_id
    and area_indicator.period = $period
    and area_indicator.known
order by area_indicator.area_code
