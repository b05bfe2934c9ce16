-- Where does a cumulative amount fall below the last one reported before it in the same year?
-- A quarter that was not reported is passed over.
-- Grain: one row per area, measure and quarter that falls; the finding points at the cell of the
-- upload, which may be the earlier one.
with

flow as (

    select
        measure_value.area_code,
        measure_value.measure_id,
        measure_value.period,
        measure_value.value,
        lag(measure_value.period) over year_so_far as earlier_period,
        lag(measure_value.value) over year_so_far as before
    from measure_value
    where
        measure_value.kind = 'flow'
        and measure_value.value is not null
    window
        year_so_far as (
            partition by
                measure_value.area_code,
                measure_value.measure_id,
                left(measure_value.period, 4)
            order by measure_value.period
        )

),

placed as (

    select
        flow.area_code,
        upload_cell.period,
        flow.measure_id,
        flow.earlier_period,
        flow.period as later_period,
        flow.before,
        flow.value,
        row_number() over (
            partition by flow.area_code, flow.measure_id, flow.period
            order by upload_cell.period desc
        ) as place
    from flow
    inner join upload_cell
        on
            flow.area_code = upload_cell.area_code
            and flow.measure_id = upload_cell.measure_id
            and upload_cell.period in (flow.period, flow.earlier_period)
    where flow.value < flow.before

)

select
    placed.area_code,
    placed.period,
    placed.measure_id,
    placed.earlier_period,
    placed.later_period,
    placed.before,
    placed.value
from placed
where placed.place = 1
order by placed.period, placed.area_code, placed.measure_id
