-- What did each county of a group report in one dataset, cell by cell? Or each township of it.
-- Grain: one row per county and measure.
-- Parameters: $dataset_id, $period, $level, $group_code (text)
select
    unit.area_code,
    unit.area_name,
    unit.area_name_en,
    unit.city_name,
    unit.city_name_en,
    unit.region_code,
    unit.region_name_en,
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
inner join dataset on measure.dataset_id = dataset.dataset_id
inner join unit
    on
        area_group.area_code = unit.area_code
        and unit.level = if(dataset.level = 'township', 'township', 'county')
left join measure_value
    on
        measure_value.period = $period
        and measure.dataset_id = measure_value.dataset_id
        and measure.measure_id = measure_value.measure_id
        and unit.area_code = measure_value.area_code
where measure.dataset_id = $dataset_id
order by unit.area_code, measure.measure_id
