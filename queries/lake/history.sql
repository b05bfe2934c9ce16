-- Which submissions are there up to now, where is each, and what did it touch?
-- Grain: one row per submission.
--   mark  tells a submission from another one under the same number, in a store put back
select
    submission.vintage,
    submission.snapshot_id,
    submission.dataset_id,
    submission.periods,
    hash(
        submission.vintage,
        submission.submitted_at,
        submission.submitted_by,
        submission.sha256,
        submission.note
    ) as mark
from lake.submission
order by submission.vintage
