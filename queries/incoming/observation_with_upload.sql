-- The stored cells as they would be after the upload.
-- Grain: one row per area, period and measure.
create table observation as
select
    stored_observation.dataset_id,
    stored_observation.area_code,
    stored_observation.period,
    stored_observation.measure_id,
    stored_observation.value,
    stored_observation.status,
    stored_observation.sample,
    stored_observation.vintage
from stored_observation
anti join upload_cell
    on
        stored_observation.area_code = upload_cell.area_code
        and stored_observation.period = upload_cell.period
        and stored_observation.measure_id = upload_cell.measure_id
union all by name
select
    upload_cell.dataset_id,
    upload_cell.area_code,
    upload_cell.period,
    upload_cell.measure_id,
    upload_cell.value,
    upload_cell.status,
    upload_cell.sample,
    cast(null as integer) as vintage
from upload_cell
