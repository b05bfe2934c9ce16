-- Which areas' figures of some datasets are all those of the quarter before?
-- Standards and what is set once a year rightly stay the same and are left out. A cumulative flow
-- is compared as it was reported, as in the check of an upload.
-- Grain: one row per dataset and area.
-- Parameters: $datasets (list), $period (text), $figures (number: how many must be the same and
--   not zero)
with

moving as (

    select
        measure_value.dataset_id,
        measure_value.area_code,
        measure_value.period,
        measure_value.measure_id,
        measure_value.value,
        measure_value.sample,
        measure_value.vintage
    from measure_value
    inner join measure
        on
            measure_value.dataset_id = measure.dataset_id
            and measure_value.measure_id = measure.measure_id
    where
        measure_value.dataset_id in (select unnest($datasets))
        and measure_value.status = 'reported'
        and measure_value.period in (
            select unnest([period.period, period.previous_period])
            from period
            where period.period = $period
        )
        and measure.kind in ('stock', 'flow')
        and not measure.constant_within_year
        and measure.reference is null

),

repeated as (

    select
        moving.dataset_id,
        moving.area_code,
        moving.sample,
        count(*) as count,
        max(moving.vintage) as vintage
    from moving
    inner join period on moving.period = period.period
    left join moving as earlier
        on
            moving.dataset_id = earlier.dataset_id
            and moving.area_code = earlier.area_code
            and period.previous_period = earlier.period
            and moving.measure_id = earlier.measure_id
            and moving.sample = earlier.sample
    where moving.period = $period
    group by moving.dataset_id, moving.area_code, moving.sample
    having
        bool_and(coalesce(moving.value = earlier.value, false))
        and count(*) filter (where moving.value <> 0) >= $figures

)

select
    repeated.dataset_id,
    repeated.area_code,
    null as measure_id,
    null as indicator_id,
    null as value,
    null as against,
    null as z,
    repeated.count,
    repeated.sample,
    repeated.vintage,
    submission.explanation
from repeated
left join submission on repeated.vintage = submission.vintage
order by repeated.dataset_id, repeated.area_code
