-- Which snapshots does the lake have, when and by whom was each made, and what was said of it?
-- Grain: one row per snapshot.
select
    snapshots.snapshot_id,
    epoch_us(snapshots.snapshot_time) as made_at,
    snapshots.schema_version,
    snapshots.author,
    snapshots.commit_message,
    snapshots.commit_extra_info
from lake.snapshots() as snapshots
order by snapshots.snapshot_id
