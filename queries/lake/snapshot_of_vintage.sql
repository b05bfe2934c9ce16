-- In which snapshot of the lake does a vintage live?
-- Grain: at most one row.
-- Parameters: $vintage (integer)
select submission.snapshot_id
from lake.submission
where submission.vintage = $vintage
