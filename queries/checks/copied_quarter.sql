-- Which areas report the very figures of the quarter before?
-- Standards, what is set once a year and what the reference data know change too seldom to tell. A
-- cumulative flow is compared as it was reported: in a new quarter it stands still only if nothing
-- happened, and in a new year it begins anew.
-- Grain: one row per area and period of the upload.
-- Parameters: $figures (number: how many must be the same and not zero)
with

moving as (

    select
        measure_value.area_code,
        measure_value.period,
        measure_value.measure_id,
        measure_value.value
    from measure_value
    inner join measure
        on
            measure_value.dataset_id = measure.dataset_id
            and measure_value.measure_id = measure.measure_id
    where
        measure_value.status = 'reported'
        and measure.kind <> 'standard'
        and not measure.constant_within_year
        and measure.reference is null

),

touched as (

    select distinct
        cell_change.area_code,
        cell_change.period
    from cell_change
    where cell_change.change <> 'unchanged'

)

select
    touched.area_code,
    touched.period,
    null as measure_id,
    period.previous_period,
    count(*) as figures
from touched
inner join period on touched.period = period.period
inner join moving
    on
        touched.area_code = moving.area_code
        and touched.period = moving.period
left join moving as earlier
    on
        moving.area_code = earlier.area_code
        and period.previous_period = earlier.period
        and moving.measure_id = earlier.measure_id
group by touched.area_code, touched.period, period.previous_period
having
    bool_and(coalesce(moving.value = earlier.value, false))
    and count(*) filter (where moving.value <> 0) >= $figures
order by touched.period, touched.area_code
