-- The table measure_value of a vintage: the years built for it, and all others of the base.
create view measure_value as
select base_table.*  -- noqa: AM04
from base.measure_value as base_table
where not laid_over(base_table.dataset_id, base_table.period)
union all by name
select laid_table.*
from laid.measure_value as laid_table
