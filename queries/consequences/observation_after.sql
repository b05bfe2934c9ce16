-- The stored cells as they would be after an upload.
-- Grain: one row per area, period, measure and sample flag.
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
from main.stored_observation
anti join main.incoming_cell
    on
        stored_observation.area_code = incoming_cell.area_code
        and stored_observation.period = incoming_cell.period
        and stored_observation.measure_id = incoming_cell.measure_id
        and stored_observation.sample = incoming_cell.sample
union all by name
select
    incoming_cell.dataset_id,
    incoming_cell.area_code,
    incoming_cell.period,
    incoming_cell.measure_id,
    incoming_cell.value,
    incoming_cell.status,
    incoming_cell.sample,
    cast(null as integer) as vintage
from main.incoming_cell
