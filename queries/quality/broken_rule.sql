-- Which rows stored of some datasets for a quarter break a rule of the catalogue?
-- A rule that needs a missing value says nothing. rule_holds() is compiled from the catalogue.
-- Grain: one row per rule, area and measure.
-- Parameters: $datasets, $rules (lists: of dataset.rule), $measures (list: the measure each rule
--   points at), $period (text)
with

rule as (

    select
        unnest($rules) as rule_key,
        unnest($measures) as measure_id

),

broken as (

    select
        measure_wide.dataset_id,
        measure_wide.area_code,
        measure_wide.sample,
        split_part(rule.rule_key, '.', 2) as rule,
        if(
            measure_wide.item = '',
            rule.measure_id,
            measure_wide.item || '.' || rule.measure_id
        ) as measure_id
    from measure_wide
    inner join rule on measure_wide.dataset_id = split_part(rule.rule_key, '.', 1)
    where
        measure_wide.dataset_id in (select unnest($datasets))
        and measure_wide.period = $period
        and not rule_holds(rule.rule_key, measure_wide)

)

select
    broken.dataset_id,
    broken.area_code,
    broken.measure_id,
    null as indicator_id,
    measure_value.value,
    null as against,
    null as z,
    null as count,
    broken.rule,
    broken.sample,
    measure_value.vintage,
    submission.explanation
from broken
left join measure_value
    on
        broken.dataset_id = measure_value.dataset_id
        and measure_value.dataset_id in (select unnest($datasets))
        and measure_value.period = $period
        and broken.area_code = measure_value.area_code
        and broken.measure_id = measure_value.measure_id
left join submission on measure_value.vintage = submission.vintage
order by broken.dataset_id, broken.area_code, broken.rule, broken.measure_id
