-- The table reported of a vintage: the quarters of its parts, and all others of the base.
create view reported as
select base_table.*  -- noqa: AM04
from base.reported as base_table
where not laid_over(base_table.dataset_id, base_table.period)
union all by name
select part_table.* exclude (part)
from parts.reported as part_table
where laid(part_table.part)
