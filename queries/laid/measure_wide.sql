-- The table measure_wide of a vintage: the quarters of its parts, and all others of the base.
create view measure_wide as
select base_table.*  -- noqa: AM04
from base.measure_wide as base_table
where not laid_over(base_table.dataset_id, base_table.period)
union all by name
select part_table.* exclude (part)
from parts.measure_wide as part_table
where laid(part_table.part)
