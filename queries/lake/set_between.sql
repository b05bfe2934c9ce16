-- Which submissions in a range of snapshots added or changed one of the given cells?
-- Grain: one row per submission.
-- Parameters: $first_snapshot, $last_snapshot (integer)
select distinct insertion.vintage
from lake.table_insertions('observation', $first_snapshot, $last_snapshot) as insertion
inner join incoming_cell
    on
        insertion.dataset_id = incoming_cell.dataset_id
        and insertion.area_code = incoming_cell.area_code
        and insertion.period = incoming_cell.period
        and insertion.measure_id = incoming_cell.measure_id
        and insertion.sample = incoming_cell.sample
order by insertion.vintage
