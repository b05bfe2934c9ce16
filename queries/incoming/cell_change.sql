-- What an upload does to each of its cells: added, changed or unchanged.
-- Grain: one row per area, period and measure of the upload.
create table cell_change as
select
    upload_cell.area_code,
    upload_cell.period,
    upload_cell.measure_id,
    case
        when stored_observation.area_code is null then 'added'
        when stored_observation.status <> upload_cell.status then 'changed'
        when stored_observation.value <> upload_cell.value then 'changed'
        else 'unchanged'
    end as change,
    stored_observation.value as old_value,
    stored_observation.status as old_status,
    upload_cell.value,
    upload_cell.status
from upload_cell
left join stored_observation
    on
        upload_cell.area_code = stored_observation.area_code
        and upload_cell.period = stored_observation.period
        and upload_cell.measure_id = stored_observation.measure_id
