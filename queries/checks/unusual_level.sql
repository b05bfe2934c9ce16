-- Where does an upload bring an indicator of an area out of its usual bounds?
-- This needs no history, so that a first quarter in a wrong unit is seen. Where the quarter before
-- of a flow is unknown, the average quarter of the year so far stands for the quarter's own amount:
-- the bounds are wide enough for that.
-- Grain: one row per indicator, area and period of the upload; measure_id is the numerator's first.
with

touched as (

    select distinct
        cell_change.area_code,
        cell_change.period
    from cell_change
    where cell_change.change <> 'unchanged'

),

averaged as (

    select
        measure_wide.dataset_id,
        measure_wide.area_code,
        measure_wide.period,
        measure_wide.last_day,
        measure_wide.reported,
        list_transform(
            list_zip(measure_wide.quarters, measure_wide.reported),
            lambda pair: coalesce(pair[1], pair[2] / period.quarter)
        ) as quarters,
        measure_wide.minimums
    from measure_wide
    inner join touched
        on
            measure_wide.area_code = touched.area_code
            and measure_wide.period = touched.period
    inner join period on measure_wide.period = period.period

),

computed as (

    select
        averaged.dataset_id,
        averaged.area_code,
        averaged.period,
        unnest(indicator_numerators(averaged)) as numerator,
        unnest(indicator_denominators(averaged)) as denominator,
        generate_subscripts(indicator_numerators(averaged), 1) as place
    from averaged

),

valued as (

    select
        indicator.*,
        computed.area_code,
        computed.period,
        indicator.factor * computed.numerator
        / if(indicator.has_denominator, nullif(computed.denominator, 0), 1) as value
    from computed
    inner join indicator
        on
            computed.dataset_id = indicator.dataset_id
            and computed.place = indicator.place
    where indicator.usual_low is not null

)

select
    valued.indicator_id,
    valued.area_code,
    valued.period,
    valued.measure_id,
    round(valued.value, 3) as value,
    valued.usual_low as low,
    valued.usual_high as high
from valued
where valued.value not between valued.usual_low and valued.usual_high
order by valued.period, valued.area_code, valued.position
