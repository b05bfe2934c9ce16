-- Which submissions after one may have touched the same cells, and in which snapshots are they?
-- Grain: one row per submission.
-- Parameters: $vintage (integer), $dataset_id (text), $periods (list of text)
select
    submission.vintage,
    submission.snapshot_id,
    submission.removed
from lake.submission
where
    submission.vintage > $vintage
    and submission.dataset_id = $dataset_id
    and list_has_any(submission.periods, $periods)
order by submission.vintage
