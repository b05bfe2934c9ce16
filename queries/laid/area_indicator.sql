-- The table area_indicator of a vintage: the quarters of its parts, and all others of the base.
create view area_indicator as
select base_table.*  -- noqa: AM04
from base.area_indicator as base_table
where not indicator_laid_over(base_table.indicator_id, base_table.period)
union all by name
select part_table.* exclude (part)
from parts.area_indicator as part_table
where laid(part_table.part)
