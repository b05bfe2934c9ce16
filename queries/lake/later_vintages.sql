-- Which later submissions touched one of the given cells?
-- Grain: one row per submission.
-- Parameters: $first_snapshot, $last_snapshot (integer): the snapshots after the submission's own
select distinct submission.vintage
from lake.table_changes('observation', $first_snapshot, $last_snapshot) as change_feed
inner join incoming_cell
    on
        change_feed.dataset_id = incoming_cell.dataset_id
        and change_feed.area_code = incoming_cell.area_code
        and change_feed.period = incoming_cell.period
        and change_feed.measure_id = incoming_cell.measure_id
        and change_feed.sample = incoming_cell.sample
inner join lake.submission on change_feed.snapshot_id = submission.snapshot_id
order by submission.vintage
