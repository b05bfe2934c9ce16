-- What is the last snapshot of a catalogue? Asked of the catalogue itself, without the lake.
select coalesce(max(ducklake_snapshot.snapshot_id), 0) as snapshot_id
from ducklake_snapshot
