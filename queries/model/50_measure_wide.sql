-- The measures of a dataset side by side, as the formulas of the catalogue take them.
-- Grain: one row per dataset, period, area and item; without items the item is empty.
-- Columns: lists in the order of the dataset's measures in the catalogue; last_day, of the
--   quarter, as yyyymmdd.
create table measure_wide as
select
    measure_value.dataset_id,
    measure_value.period,
    measure_value.sample,
    measure_value.area_code,
    measure_value.item,
    10000 * any_value(period.year)
    + [331, 630, 930, 1231][any_value(period.quarter)] as last_day,
    list(measure_value.value order by measure.position) as reported,
    list(measure_value.quarter order by measure.position) as quarters,
    list(measure_value.minimum order by measure.position) as minimums
from measure_value
inner join measure
    on
        measure_value.dataset_id = measure.dataset_id
        and measure_value.measure_id = measure.measure_id
inner join period on measure_value.period = period.period
group by
    measure_value.dataset_id,
    measure_value.period,
    measure_value.sample,
    measure_value.area_code,
    measure_value.item
