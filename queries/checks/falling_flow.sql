-- Where does a cumulative amount fall below that of the quarter before it in the same year?
-- Grain: one row per area, measure and quarter that falls; the finding points at the cell of the
-- upload, which may be the earlier one.
with

fallen as (

    select
        later.area_code,
        later.period,
        earlier.period as earlier_period,
        later.measure_id,
        earlier.value as before,
        later.value
    from measure_value as later
    inner join period on later.period = period.period
    inner join measure_value as earlier
        on
            period.previous_period = earlier.period
            and later.area_code = earlier.area_code
            and later.measure_id = earlier.measure_id
            and later.sample = earlier.sample
    where
        later.kind = 'flow'
        and period.quarter > 1
        and later.value < earlier.value

),

placed as (

    select
        fallen.area_code,
        upload_cell.period,
        fallen.measure_id,
        fallen.before,
        fallen.value,
        row_number() over (
            partition by fallen.area_code, fallen.measure_id, fallen.period
            order by upload_cell.period desc
        ) as place
    from fallen
    inner join upload_cell
        on
            fallen.area_code = upload_cell.area_code
            and fallen.measure_id = upload_cell.measure_id
            and upload_cell.period in (fallen.period, fallen.earlier_period)

)

select
    placed.area_code,
    placed.period,
    placed.measure_id,
    placed.before,
    placed.value
from placed
where placed.place = 1
order by placed.period, placed.area_code, placed.measure_id
