-- Which cells did the submission of a snapshot add, change or remove?
-- Grain: one row per dataset, area, period, measure and sample flag.
-- Parameters: $snapshot (integer)
with

feed as (

    select
        change_feed.dataset_id,
        change_feed.area_code,
        change_feed.period,
        change_feed.measure_id,
        change_feed.sample,
        change_feed.value,
        change_feed.status,
        change_feed.vintage,
        change_feed.change_type in ('delete', 'update_preimage') as is_old
    from lake.table_changes('observation', $snapshot, $snapshot) as change_feed

),

before as (

    select feed.*
    from feed
    where feed.is_old

),

after as (

    select feed.*
    from feed
    where not feed.is_old

)

select
    coalesce(after.dataset_id, before.dataset_id) as dataset_id,
    coalesce(after.area_code, before.area_code) as area_code,
    coalesce(after.period, before.period) as period,
    coalesce(after.measure_id, before.measure_id) as measure_id,
    coalesce(after.sample, before.sample) as sample,
    case
        when before.area_code is null then 'added'
        when after.area_code is null then 'removed'
        else 'changed'
    end as change,
    before.value as old_value,
    before.status as old_status,
    before.vintage as old_vintage,
    after.value,
    after.status
from after
full join before
    on
        after.dataset_id = before.dataset_id
        and after.area_code = before.area_code
        and after.period = before.period
        and after.measure_id = before.measure_id
        and after.sample = before.sample
order by period, area_code, measure_id
