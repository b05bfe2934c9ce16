-- The cells of an upload. An empty cell over nothing stored says nothing and is left out.
-- Grain: one row per area, period and measure.
create table upload_cell as
select
    incoming_cell.dataset_id,
    incoming_cell.area_code,
    incoming_cell.period,
    incoming_cell.measure_id,
    incoming_cell.value,
    incoming_cell.status,
    incoming_cell.sample
from incoming_cell
left join stored_observation
    on
        incoming_cell.area_code = stored_observation.area_code
        and incoming_cell.period = stored_observation.period
        and incoming_cell.measure_id = stored_observation.measure_id
where
    incoming_cell.status <> 'missing'
    or stored_observation.area_code is not null
