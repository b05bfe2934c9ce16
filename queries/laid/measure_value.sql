-- The table measure_value of a vintage: the quarters of its parts, and all others of the base.
create view measure_value as
select base_table.*  -- noqa: AM04
from base.measure_value as base_table
where not laid_over(base_table.dataset_id, base_table.period)
union all by name
select part_table.* exclude (part)
from parts.measure_value as part_table
where laid(part_table.part)
