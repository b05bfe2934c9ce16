-- What is each group of areas called, in both languages?
-- Grain: one row per level and group.
select
    group_name.level,
    group_name.group_code,
    group_name.group_name,
    group_name.group_name_en
from group_name
order by group_name.level, group_name.group_code
