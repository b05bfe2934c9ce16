-- How many of the given cells did the submission of a snapshot replace or take away?
-- Grain: one row.
-- Parameters: $snapshot (integer)
select count(*) as cells
from lake.table_deletions('observation', $snapshot, $snapshot) as deletion
inner join incoming_cell
    on
        deletion.dataset_id = incoming_cell.dataset_id
        and deletion.area_code = incoming_cell.area_code
        and deletion.period = incoming_cell.period
        and deletion.measure_id = incoming_cell.measure_id
        and deletion.sample = incoming_cell.sample
