-- What was reported of the measures that may be hidden and of those that their rules name?
-- Grain: one row per dataset, period, measure and county with a value.
-- Parameters: $datasets (list of text)
select
    measure_value.dataset_id,
    measure_value.period,
    measure_value.measure_id,
    measure_value.area_code,
    measure_value.value,
    measure_value.quarter
from measure_value
where
    measure_value.dataset_id in $datasets
    and measure_value.value is not null
