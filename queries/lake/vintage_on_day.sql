-- What was the last vintage of a day, by the clock of Guangdong?
-- Grain: one row.
-- Parameters: $day (date)
select coalesce(max(submission.vintage), 0) as vintage
from lake.submission
where cast(timezone('Asia/Shanghai', submission.submitted_at) as date) <= $day
