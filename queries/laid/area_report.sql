-- The table area_report of a vintage: the quarters of its parts, and all others of the base.
create view area_report as
select base_table.*  -- noqa: AM04
from base.area_report as base_table
where not laid_over(base_table.dataset_id, base_table.period)
union all by name
select part_table.* exclude (part)
from parts.area_report as part_table
where laid(part_table.part)
