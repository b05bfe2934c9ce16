-- Every measure of every area in the periods of its dataset.
-- Grain: one row per dataset, period, area and measure.
--   value    as reported, or the reference figure where an optional measure is empty
--   quarter  the quarter's own amount of a cumulative flow; missing where the quarter before is
--            missing, and never taken across the border between sample and real data
--   minimum  the provincial minimum of a standard in that year; where it goes by class of area that
--            of the area's class, and missing where the class is not known
create table measure_value as
with

county_reference as (

    unpivot area
    on townships, villages, population_60plus, pop_2020, pop_rural_2020
    into name reference value value

),

township_reference as (

    unpivot township
    on villages, population_60plus, pop_2020, pop_rural_2020
    into name reference value value

),

area_reference as (

    select
        county_reference.area_code,
        county_reference.reference,
        county_reference.value
    from county_reference
    union all by name
    select
        township_reference.area_code,
        township_reference.reference,
        township_reference.value
    from township_reference

),

county_class as (

    unpivot area
    on dibao_class
    into name class_column value area_class

),

-- a township is of its county's class
area_class as (

    select
        county_class.area_code,
        county_class.class_column,
        county_class.area_class
    from county_class
    union all by name
    select
        township.area_code,
        county_class.class_column,
        county_class.area_class
    from county_class
    inner join township on county_class.area_code = township.county_code

),

expected as (

    select
        dataset_period.dataset_id,
        dataset_period.period,
        dataset_period.sample,
        period.year,
        period.quarter,
        period.previous_period,
        measure.measure_id,
        measure.item,
        measure.kind,
        measure.reference,
        measure.class_column,
        dataset.level
    from dataset_period
    inner join period on dataset_period.period = period.period
    inner join measure on dataset_period.dataset_id = measure.dataset_id
    inner join dataset on dataset_period.dataset_id = dataset.dataset_id

),

earlier_flow as (

    select reported.*
    from reported
    inner join measure
        on
            reported.dataset_id = measure.dataset_id
            and reported.measure_id = measure.measure_id
    where measure.kind = 'flow'

)

select
    expected.dataset_id,
    expected.period,
    expected.sample,
    unit.area_code,
    expected.measure_id,
    expected.item,
    expected.kind,
    case
        when reported.status = 'not_applicable' then null
        else coalesce(reported.value, area_reference.value)
    end as value,
    case
        when reported.status in ('reported', 'not_applicable') then reported.status
        when area_reference.value is not null then 'reference'
        else 'missing'
    end as status,
    reported.vintage,
    case
        when expected.kind <> 'flow' then null
        when expected.quarter = 1 then reported.value
        else reported.value - earlier_flow.value
    end as quarter,
    standard.value as minimum
from expected
inner join unit on expected.level = unit.level
left join reported
    on
        expected.dataset_id = reported.dataset_id
        and expected.period = reported.period
        and unit.area_code = reported.area_code
        and expected.measure_id = reported.measure_id
left join earlier_flow
    on
        expected.dataset_id = earlier_flow.dataset_id
        and expected.previous_period = earlier_flow.period
        and unit.area_code = earlier_flow.area_code
        and expected.measure_id = earlier_flow.measure_id
        and expected.sample = earlier_flow.sample
left join area_class
    on
        expected.class_column = area_class.class_column
        and unit.area_code = area_class.area_code
left join standard
    on
        expected.dataset_id = standard.dataset_id
        and expected.measure_id = standard.measure_id
        and expected.year = standard.year
        and area_class.area_class is not distinct from standard.area_class
left join area_reference
    on
        expected.reference = area_reference.reference
        and unit.area_code = area_reference.area_code
order by expected.dataset_id, expected.period, expected.measure_id, unit.area_code
