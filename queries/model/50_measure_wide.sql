-- The measures of a dataset side by side, as the formulas of the catalogue take them.
-- Grain: one row per dataset, period and area.
-- Columns: lists in the order of the dataset's measures in the catalogue.
create table measure_wide as
select
    measure_value.dataset_id,
    measure_value.period,
    measure_value.sample,
    measure_value.area_code,
    list(measure_value.value order by measure.position) as reported,
    list(measure_value.quarter order by measure.position) as quarters,
    list(measure_value.minimum order by measure.position) as minimums
from measure_value
inner join measure
    on
        measure_value.dataset_id = measure.dataset_id
        and measure_value.measure_id = measure.measure_id
group by
    measure_value.dataset_id,
    measure_value.period,
    measure_value.sample,
    measure_value.area_code
