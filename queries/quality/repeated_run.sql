-- Which figures have stood still for many quarters, though elsewhere the measure moves?
-- Of a cumulative flow the quarter's own amount is taken. A quarter without a number ends a run.
-- Grain: one row per dataset, area and measure; count is the quarters of the run.
-- Parameters: $period (text), $quarters, $least, $still (numbers)
with

amount as (

    select
        measure_value.dataset_id,
        measure_value.area_code,
        measure_value.measure_id,
        measure_value.period,
        4 * period.year + period.quarter as position,
        measure_value.sample,
        measure_value.vintage,
        if(measure_value.kind = 'flow', measure_value.quarter, measure_value.value) as value
    from measure_value
    inner join period on measure_value.period = period.period
    inner join measure
        on
            measure_value.dataset_id = measure.dataset_id
            and measure_value.measure_id = measure.measure_id
    where
        measure_value.status = 'reported'
        and measure_value.period <= $period
        and measure.kind in ('stock', 'flow')
        and not measure.constant_within_year
        and measure.reference is null

),

stepped as (

    select
        amount.*,
        amount.value = lag(amount.value) over series
        and amount.sample = lag(amount.sample) over series
        and amount.position = lag(amount.position) over series + 1 as same
    from amount
    where amount.value is not null
    window
        series as (
            partition by amount.dataset_id, amount.area_code, amount.measure_id
            order by amount.position
        )

),

-- where all is 0 nothing moves, and nothing is told by it
moving as (

    select
        stepped.dataset_id,
        stepped.measure_id
    from stepped
    where
        stepped.same is not null
        and stepped.value <> 0
    group by stepped.dataset_id, stepped.measure_id
    having avg(cast(stepped.same as integer)) <= $still

),

begun as (

    select
        stepped.*,
        max(if(coalesce(stepped.same, false), null, stepped.position)) over (
            partition by stepped.dataset_id, stepped.area_code, stepped.measure_id
            order by stepped.position
        ) as first_position
    from stepped

)

select
    begun.dataset_id,
    begun.area_code,
    begun.measure_id,
    null as indicator_id,
    begun.value,
    begun.value as against,
    null as z,
    begun.position - begun.first_position + 1 as count,
    begun.sample,
    begun.vintage,
    submission.explanation
from begun
semi join moving
    on
        begun.dataset_id = moving.dataset_id
        and begun.measure_id = moving.measure_id
left join submission on begun.vintage = submission.vintage
where
    begun.period = $period
    and begun.value >= $least
    and begun.position - begun.first_position + 1 >= $quarters
order by begun.dataset_id, begun.area_code, begun.measure_id
