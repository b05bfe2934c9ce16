-- Writes the cells of a submission.
-- Parameters: $vintage (integer)
insert into lake.observation by name
select
    incoming_cell.dataset_id,
    incoming_cell.area_code,
    incoming_cell.period,
    incoming_cell.measure_id,
    incoming_cell.value,
    incoming_cell.status,
    incoming_cell.sample,
    cast($vintage as integer) as vintage
from incoming_cell
where incoming_cell.keep
order by incoming_cell.period, incoming_cell.measure_id, incoming_cell.area_code
