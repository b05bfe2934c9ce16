-- The submissions of the attached lake, copied into memory.
-- Grain: one row per submission.
create table submission as
select
    submission.vintage,
    submission.dataset_id,
    submission.periods,
    submission.submitted_by,
    submission.submitted_at,
    submission.explanation,
    submission.changed,
    submission.removed,
    submission.sample
from lake.submission
