-- Which submissions are there, and in which snapshot of the lake is each?
-- Grain: one row per submission.
select
    submission.snapshot_id,
    submission.vintage,
    submission.dataset_id,
    submission.periods,
    submission.file_name,
    submission.sha256,
    submission.submitted_by,
    submission.submitted_at,
    submission.note,
    submission.explanation,
    submission.row_count,
    submission.added,
    submission.changed,
    submission.removed,
    submission.sample,
    submission.reverts,
    reverting.vintage as reverted_by
from lake.submission
left join lake.submission as reverting
    on submission.vintage = reverting.reverts
order by submission.vintage
