-- What did each snapshot change in one table of the lake, in numbers that can be compared?
-- Grain: one row per snapshot and kind of change.
-- Parameters: $table_name (text), $first, $last (integer)
select
    change_feed.snapshot_id,
    change_feed.change_type,
    count(*) as row_count,
    sum(hash(change_feed)) as checksum
from lake.table_changes($table_name, $first, $last) as change_feed
group by
    change_feed.snapshot_id,
    change_feed.change_type
