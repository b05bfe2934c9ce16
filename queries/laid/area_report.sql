-- The table area_report of a vintage: the years built for it, and all others of the base.
create view area_report as
select base_table.*  -- noqa: AM04
from base.area_report as base_table
where not laid_over(base_table.dataset_id, base_table.period)
union all by name
select laid_table.*
from laid.area_report as laid_table
