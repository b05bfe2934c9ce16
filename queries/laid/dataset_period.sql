-- The table dataset_period of a vintage: the quarters of its parts, and all others of the base.
create view dataset_period as
select base_table.*  -- noqa: AM04
from base.dataset_period as base_table
where not laid_over(base_table.dataset_id, base_table.period)
union all by name
select part_table.* exclude (part)
from parts.dataset_period as part_table
where laid(part_table.part)
