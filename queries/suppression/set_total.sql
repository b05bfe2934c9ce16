-- Keep the totals of groups with hidden counties that may be told; group_total is registered.
-- Grain: one row per dataset, measure, period, level and group.
insert into kept_total by name
select
    group_total.dataset_id,
    group_total.measure_id,
    group_total.period,
    group_total.level,
    group_total.group_code,
    group_total.value,
    group_total.whole
from group_total
