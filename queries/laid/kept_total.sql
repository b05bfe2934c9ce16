-- The table kept_total of a vintage: the quarters of its parts, and all others of the base.
create view kept_total as
select base_table.*  -- noqa: AM04
from base.kept_total as base_table
where not laid_over(base_table.dataset_id, base_table.period)
union all by name
select part_table.* exclude (part)
from parts.kept_total as part_table
where laid(part_table.part)
