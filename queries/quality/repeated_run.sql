-- Which figures of some datasets have stood still for many quarters, though elsewhere they move?
-- Of a cumulative flow the quarter's own amount is taken. A quarter without a number ends a run.
-- Grain: one row per dataset, area and measure; count is the quarters of the run.
-- Parameters: $datasets (list), $period (text), $quarters, $least, $still (numbers)
with

movable as (

    select
        measure.dataset_id,
        measure.measure_id
    from measure
    where
        measure.kind in ('stock', 'flow')
        and not measure.constant_within_year
        and measure.reference is null

),

now as (

    select
        measure_value.*,
        if(measure_value.kind = 'flow', measure_value.quarter, measure_value.value) as amount,
        period.previous_period,
        4 * period.year + period.quarter as position
    from measure_value
    inner join period on measure_value.period = period.period
    semi join movable
        on
            measure_value.dataset_id = movable.dataset_id
            and measure_value.measure_id = movable.measure_id
    where
        measure_value.dataset_id in (select unnest($datasets))
        and measure_value.period = $period
        and measure_value.status = 'reported'

),

step as (

    select
        now.dataset_id,
        now.area_code,
        now.measure_id,
        now.position,
        now.amount,
        now.kind,
        now.sample,
        now.vintage,
        now.amount
        = if(earlier.kind = 'flow', earlier.quarter, earlier.value) as same
    from now
    inner join measure_value as earlier
        on
            now.dataset_id = earlier.dataset_id
            and now.previous_period = earlier.period
            and now.area_code = earlier.area_code
            and now.measure_id = earlier.measure_id
            and now.sample = earlier.sample
    where
        earlier.dataset_id in (select unnest($datasets))
        and earlier.status = 'reported'

),

-- where all is 0 nothing moves, and nothing is told by it
moving as (

    select
        step.dataset_id,
        step.measure_id
    from step
    where
        step.same is not null
        and step.amount <> 0
    group by step.dataset_id, step.measure_id
    having avg(cast(step.same as integer)) <= $still

),

candidate as (

    select step.*
    from step
    semi join moving
        on
            step.dataset_id = moving.dataset_id
            and step.measure_id = moving.measure_id
    where
        step.same
        and step.amount >= $least

),

-- the quarters with the same amount; the run is as long as they are without a gap
alike as (

    select
        candidate.dataset_id,
        candidate.area_code,
        candidate.measure_id,
        candidate.position - (4 * period.year + period.quarter) as back,
        row_number() over (
            partition by candidate.dataset_id, candidate.area_code, candidate.measure_id
            order by period.period desc
        ) as place
    from candidate
    inner join measure_value as earlier
        on
            candidate.dataset_id = earlier.dataset_id
            and candidate.area_code = earlier.area_code
            and candidate.measure_id = earlier.measure_id
            and candidate.sample = earlier.sample
            and candidate.amount
            = if(earlier.kind = 'flow', earlier.quarter, earlier.value)
    inner join period on earlier.period = period.period
    where
        earlier.dataset_id in (select unnest($datasets))
        and earlier.period <= $period
        and earlier.status = 'reported'

),

run as (

    select
        alike.dataset_id,
        alike.area_code,
        alike.measure_id,
        count(*) as count
    from alike
    where alike.back = alike.place - 1
    group by alike.dataset_id, alike.area_code, alike.measure_id
    having count(*) >= $quarters

)

select
    candidate.dataset_id,
    candidate.area_code,
    candidate.measure_id,
    null as indicator_id,
    candidate.amount as value,
    candidate.amount as against,
    null as z,
    run.count,
    candidate.sample,
    candidate.vintage,
    submission.explanation
from run
inner join candidate
    on
        run.dataset_id = candidate.dataset_id
        and run.area_code = candidate.area_code
        and run.measure_id = candidate.measure_id
left join submission on candidate.vintage = submission.vintage
order by candidate.dataset_id, candidate.area_code, candidate.measure_id
