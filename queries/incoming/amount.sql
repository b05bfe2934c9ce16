-- What each area reported of the measures that an upload changes there, comparable from quarter to
-- quarter.
-- Grain: one row per area, period and measure.
--   amount   of a flow the quarter's own amount, else the value
--   level    of a flow the average quarter of the year so far, else the value: it is known without
--            the quarter before
--   changed  whether the upload changes the cell
create table amount as
with

changed_cell as (

    select cell_change.*
    from cell_change
    where
        cell_change.change <> 'unchanged'
        and cell_change.status = 'reported'

),

series as (

    select distinct
        changed_cell.area_code,
        changed_cell.measure_id
    from changed_cell

)

select
    measure_value.area_code,
    measure_value.period,
    measure_value.measure_id,
    4 * period.year + period.quarter as position,
    if(measure_value.kind = 'flow', measure_value.quarter, measure_value.value) as amount,
    if(measure_value.kind = 'flow', measure_value.value / period.quarter, measure_value.value)
        as level,
    changed_cell.area_code is not null as changed
from measure_value
inner join period on measure_value.period = period.period
inner join series
    on
        measure_value.area_code = series.area_code
        and measure_value.measure_id = series.measure_id
left join changed_cell
    on
        measure_value.area_code = changed_cell.area_code
        and measure_value.period = changed_cell.period
        and measure_value.measure_id = changed_cell.measure_id
where
    measure_value.status = 'reported'
    and measure_value.kind in ('stock', 'flow', 'standard')
