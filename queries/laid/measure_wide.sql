-- The table measure_wide of a vintage: the years built for it, and all others of the base.
create view measure_wide as
select base_table.*  -- noqa: AM04
from base.measure_wide as base_table
where not laid_over(base_table.dataset_id, base_table.period)
union all by name
select laid_table.*
from laid.measure_wide as laid_table
