-- Which rows of an upload break a rule of the catalogue?
-- Grain: one row per rule, period, area and measure.
-- A rule that needs a missing value says nothing.
-- rule_holds() is compiled from the catalogue; measure_wide holds the dataset of the upload alone.
-- Parameters: $rules (list of dataset.rule), $measures (list: the measure each rule points at)
with

rule as (

    select
        unnest($rules) as rule_key,
        unnest($measures) as measure_id

),

touched as (

    select distinct
        upload_cell.area_code,
        upload_cell.period
    from upload_cell

)

select
    split_part(rule.rule_key, '.', 2) as rule,
    measure_wide.area_code,
    measure_wide.period,
    if(
        measure_wide.item = '',
        rule.measure_id,
        measure_wide.item || '.' || rule.measure_id
    ) as measure_id
from touched
inner join measure_wide
    on
        touched.area_code = measure_wide.area_code
        and touched.period = measure_wide.period
cross join rule
where not rule_holds(rule.rule_key, measure_wide)
order by measure_wide.period, measure_wide.area_code, rule.rule_key
