-- Which vintage was written under a mark?
-- Grain: at most one row.
-- Parameters: $mark (text)
select cast(snapshot.commit_extra_info ->> '$.submission' as integer) as vintage
from lake.snapshots() as snapshot
where snapshot.commit_extra_info ->> '$.mark' = $mark
