-- Which areas reported the quarter before and have nothing for a quarter that an upload covers?
-- A file covers an area that has an empty row in it, and the areas of a city of which it holds
-- enough: the file of one county or one city says nothing of the others.
-- Grain: one row per area and period of the upload.
-- Parameters: $areas, $share (numbers: how many areas of a city, and what share of those that
--   reported the quarter before, a file must hold to cover the city)
with

reporting_unit as (

    select
        unit.area_code,
        unit.city_code
    from unit
    inner join dataset on unit.level = dataset.level
    semi join upload_cell on dataset.dataset_id = upload_cell.dataset_id

),

reporting as (

    select distinct
        observation.area_code,
        observation.period
    from observation
    where observation.status <> 'missing'

),

held as (

    select distinct
        upload_cell.area_code,
        upload_cell.period
    from upload_cell
    where upload_cell.status <> 'missing'

),

named as (

    select
        incoming_cell.area_code,
        incoming_cell.period
    from incoming_cell
    union distinct
    select
        blank_row.area_code,
        blank_row.period
    from blank_row

),

expected as (

    select
        period.period,
        period.previous_period,
        reporting_unit.area_code,
        reporting_unit.city_code,
        held.area_code is not null as is_held
    from period
    inner join reporting on period.previous_period = reporting.period
    inner join reporting_unit on reporting.area_code = reporting_unit.area_code
    left join held
        on
            period.period = held.period
            and reporting.area_code = held.area_code

),

city_held as (

    select
        held.period,
        reporting_unit.city_code,
        count(*) as areas
    from held
    inner join reporting_unit on held.area_code = reporting_unit.area_code
    group by held.period, reporting_unit.city_code

),

city_expected as (

    select
        expected.period,
        expected.city_code,
        avg(cast(expected.is_held as integer)) as share
    from expected
    group by expected.period, expected.city_code

)

select
    expected.area_code,
    expected.period,
    null as measure_id,
    expected.previous_period,
    expected.period as missing_period
from expected
anti join reporting
    on
        expected.area_code = reporting.area_code
        and expected.period = reporting.period
left join named
    on
        expected.area_code = named.area_code
        and expected.period = named.period
left join city_held
    on
        expected.city_code = city_held.city_code
        and expected.period = city_held.period
inner join city_expected
    on
        expected.city_code = city_expected.city_code
        and expected.period = city_expected.period
where
    named.area_code is not null
    or (city_held.areas >= $areas and city_expected.share >= $share)
order by expected.period, expected.area_code
