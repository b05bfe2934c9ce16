-- Which cells have the submissions in a range of snapshots added, changed or removed?
-- Grain: one row per submission, dataset, period, measure and sample flag.
--   net  cells added less cells removed
-- Parameters: $first_snapshot, $last_snapshot (integer)
select
    submission.vintage,
    change_feed.dataset_id,
    change_feed.period,
    change_feed.measure_id,
    change_feed.sample,
    list(distinct change_feed.area_code) as area_codes,
    sum(if(change_feed.change_type in ('insert', 'update_postimage'), 1, -1)) as net
from lake.table_changes('observation', $first_snapshot, $last_snapshot) as change_feed
inner join lake.submission on change_feed.snapshot_id = submission.snapshot_id
group by
    submission.vintage,
    change_feed.dataset_id,
    change_feed.period,
    change_feed.measure_id,
    change_feed.sample
order by
    submission.vintage,
    change_feed.dataset_id,
    change_feed.period,
    change_feed.measure_id,
    change_feed.sample
