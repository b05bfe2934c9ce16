-- What did each county of a group report in one dataset, cell by cell?
-- Grain: one row per county and measure.
-- Parameters: $dataset_id, $period, $level, $group_code (text)
select
    area.area_code,
    area.area_name,
    area.area_name_en,
    area.city_name,
    area.city_name_en,
    area.region_code,
    area.region_name_en,
    measure.measure_id,
    measure_value.value,
    measure_value.minimum,
    coalesce(measure_value.status, 'missing') as status,
    measure_value.vintage as submission,
    coalesce(measure_value.sample, false) as sample
from measure
inner join area_group
    on
        area_group.level = $level
        and area_group.group_code = $group_code
inner join area on area_group.area_code = area.area_code
left join measure_value
    on
        measure_value.period = $period
        and measure.dataset_id = measure_value.dataset_id
        and measure.measure_id = measure_value.measure_id
        and area.area_code = measure_value.area_code
where measure.dataset_id = $dataset_id
order by area.area_code, measure.measure_id
