-- The table observation of a vintage: the years built for it, and all others of the base.
create view observation as
select base_table.*  -- noqa: AM04
from base.observation as base_table
where not laid_over(base_table.dataset_id, base_table.period)
union all by name
select laid_table.*
from laid.observation as laid_table
