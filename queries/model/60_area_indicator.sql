-- Numerator and denominator of every indicator in every area.
-- Grain: one row per indicator, period and area; known where both sides are.
-- indicator_numerators() and indicator_denominators() are compiled from the catalogue: lists in the
-- order of the dataset's indicators.
create table area_indicator as
with

not_applicable as (

    select distinct
        indicator.indicator_id,
        measure_value.period,
        measure_value.area_code
    from measure_value
    inner join indicator on measure_value.dataset_id = indicator.dataset_id
    inner join indicator_measure
        on
            indicator.indicator_id = indicator_measure.indicator_id
            and measure_value.measure_id = indicator_measure.measure_id
    where measure_value.status = 'not_applicable'

),

computed as (

    select
        measure_wide.dataset_id,
        measure_wide.period,
        measure_wide.sample,
        measure_wide.area_code,
        unnest(indicator_numerators(measure_wide)) as numerator,
        unnest(indicator_denominators(measure_wide)) as denominator,
        generate_subscripts(indicator_numerators(measure_wide), 1) as place
    from measure_wide

)

select
    indicator.indicator_id,
    computed.period,
    computed.sample,
    computed.area_code,
    computed.numerator,
    computed.denominator,
    computed.numerator is not null
    and (computed.denominator is not null or not indicator.has_denominator) as known,
    not_applicable.area_code is not null as not_applicable
from computed
inner join indicator
    on
        computed.dataset_id = indicator.dataset_id
        and computed.place = indicator.place
left join not_applicable
    on
        indicator.indicator_id = not_applicable.indicator_id
        and computed.period = not_applicable.period
        and computed.area_code = not_applicable.area_code
