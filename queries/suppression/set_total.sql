-- Keep the totals of groups with hidden counties that may be told; group_total is registered.
-- Grain: one row per dataset, measure, period, level and group.
insert into kept_total by name
select *
from group_total
