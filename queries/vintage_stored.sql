-- When was the last submission of this vintage stored?
-- Grain: one row per vintage.
select
    max(submission.vintage) as vintage,
    max(submission.submitted_at) as submitted_at
from submission
