-- Where does an upload give another value to what is set once a year, such as an annual plan?
-- Compared with the quarter before it in the year, with what was stored, and with the next quarter
-- stored in the year.
-- Grain: one row per area, period and measure of the upload.
with

fixed_cell as (

    select
        upload_cell.area_code,
        upload_cell.period,
        upload_cell.measure_id,
        upload_cell.value
    from upload_cell
    inner join measure
        on
            upload_cell.dataset_id = measure.dataset_id
            and upload_cell.measure_id = measure.measure_id
    where
        measure.constant_within_year
        and upload_cell.value is not null

),

compared as (

    select
        fixed_cell.area_code,
        fixed_cell.period,
        fixed_cell.measure_id,
        1 as priority,
        max_by(earlier.value, earlier.period) as before
    from fixed_cell
    inner join measure_value as earlier
        on
            fixed_cell.area_code = earlier.area_code
            and fixed_cell.measure_id = earlier.measure_id
            and left(fixed_cell.period, 4) = left(earlier.period, 4)
            and fixed_cell.period > earlier.period
    where earlier.value is not null
    group by fixed_cell.area_code, fixed_cell.period, fixed_cell.measure_id
    union all by name
    select
        fixed_cell.area_code,
        fixed_cell.period,
        fixed_cell.measure_id,
        2 as priority,
        min_by(stored_observation.value, stored_observation.period) as before
    from fixed_cell
    inner join stored_observation
        on
            fixed_cell.area_code = stored_observation.area_code
            and fixed_cell.measure_id = stored_observation.measure_id
            and left(fixed_cell.period, 4) = left(stored_observation.period, 4)
            and fixed_cell.period <= stored_observation.period
    where
        stored_observation.value is not null
        and stored_observation.value <> fixed_cell.value
    group by fixed_cell.area_code, fixed_cell.period, fixed_cell.measure_id

)

select
    fixed_cell.area_code,
    fixed_cell.period,
    fixed_cell.measure_id,
    min_by(compared.before, compared.priority) as before,
    fixed_cell.value
from fixed_cell
inner join compared
    on
        fixed_cell.area_code = compared.area_code
        and fixed_cell.period = compared.period
        and fixed_cell.measure_id = compared.measure_id
where compared.before <> fixed_cell.value
group by fixed_cell.area_code, fixed_cell.period, fixed_cell.measure_id, fixed_cell.value
order by fixed_cell.period, fixed_cell.area_code, fixed_cell.measure_id
