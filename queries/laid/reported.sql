-- The table reported of a vintage: the years built for it, and all others of the base.
create view reported as
select base_table.*  -- noqa: AM04
from base.reported as base_table
where not laid_over(base_table.dataset_id, base_table.period)
union all by name
select laid_table.*
from laid.reported as laid_table
