-- What has one area reported of one measure, quarter by quarter?
-- Grain: one row per period in which the dataset has data; the value is null where it is not known.
-- Parameters: $dataset_id, $measure_id, $area_code (text)
select
    measure_value.period,
    if(measure_value.status = 'reported', measure_value.value, null) as value,
    measure_value.sample
from measure_value
where
    measure_value.dataset_id = $dataset_id
    and measure_value.measure_id = $measure_id
    and measure_value.area_code = $area_code
order by measure_value.period
