-- The table published_observation of a vintage: the quarters of its parts, and the base's others.
create view published_observation as
select base_table.*  -- noqa: AM04
from base.published_observation as base_table
where not indicator_laid_over(base_table.indicator_id, base_table.period)
union all by name
select part_table.* exclude (part)
from parts.published_observation as part_table
where laid(part_table.part)
