-- Where does an upload bring a percentage of a whole above 100 in an area?
-- Grain: one row per indicator, area and period of the upload; measure_id is the numerator's first.
with

touched as (

    select distinct
        cell_change.area_code,
        cell_change.period
    from cell_change
    where cell_change.change <> 'unchanged'

),

computed as (

    select
        measure_wide.dataset_id,
        measure_wide.area_code,
        measure_wide.period,
        unnest(indicator_numerators(measure_wide)) as numerator,
        unnest(indicator_denominators(measure_wide)) as denominator,
        generate_subscripts(indicator_numerators(measure_wide), 1) as place
    from measure_wide
    inner join touched
        on
            measure_wide.area_code = touched.area_code
            and measure_wide.period = touched.period

)

select
    indicator.indicator_id,
    computed.area_code,
    computed.period,
    indicator.measure_id,
    round(computed.numerator, 2) as numerator,
    round(computed.denominator, 2) as denominator
from computed
inner join indicator
    on
        computed.dataset_id = indicator.dataset_id
        and computed.place = indicator.place
where
    indicator.within_100
    and computed.numerator > computed.denominator * (1 + 1e-9)
order by computed.period, computed.area_code, indicator.position
