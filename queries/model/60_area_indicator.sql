-- Numerator and denominator of every indicator in every area.
-- Grain: one row per indicator, period and area; known where both sides are.
-- With items, the sums over the items that are known on both sides.
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
        measure_wide.item,
        unnest(indicator_numerators(measure_wide)) as numerator,
        unnest(indicator_denominators(measure_wide)) as denominator,
        generate_subscripts(indicator_numerators(measure_wide), 1) as place
    from measure_wide

),

placed as (

    select
        indicator.indicator_id,
        computed.period,
        computed.sample,
        computed.area_code,
        computed.item,
        computed.numerator,
        computed.denominator,
        computed.numerator is not null
        and (computed.denominator is not null or not indicator.has_denominator) as known
    from computed
    inner join indicator
        on
            computed.dataset_id = indicator.dataset_id
            and computed.place = indicator.place

),

of_area as (

    select
        placed.indicator_id,
        placed.period,
        placed.sample,
        placed.area_code,
        placed.numerator,
        placed.denominator,
        placed.known
    from placed
    where placed.item = ''
    union all by name
    select
        placed.indicator_id,
        placed.period,
        placed.sample,
        placed.area_code,
        sum(placed.numerator) filter (where placed.known) as numerator,
        sum(placed.denominator) filter (where placed.known) as denominator,
        bool_or(placed.known) as known
    from placed
    where placed.item <> ''
    group by placed.indicator_id, placed.period, placed.sample, placed.area_code

)

select
    of_area.indicator_id,
    of_area.period,
    of_area.sample,
    of_area.area_code,
    of_area.numerator,
    of_area.denominator,
    of_area.known,
    not_applicable.area_code is not null as not_applicable
from of_area
left join not_applicable
    on
        of_area.indicator_id = not_applicable.indicator_id
        and of_area.period = not_applicable.period
        and of_area.area_code = not_applicable.area_code
order by of_area.period, of_area.indicator_id, of_area.area_code
