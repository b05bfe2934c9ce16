-- Which submission is the latest of those that set the cells of a file?
-- Grain: one row.
select max(observation.vintage) as vintage
from lake.observation
inner join incoming_cell
    on
        observation.dataset_id = incoming_cell.dataset_id
        and observation.area_code = incoming_cell.area_code
        and observation.period = incoming_cell.period
        and observation.measure_id = incoming_cell.measure_id
        and observation.sample = incoming_cell.sample
