-- The table area_indicator of a vintage: the years built for it, and all others of the base.
create view area_indicator as
select base_table.*  -- noqa: AM04
from base.area_indicator as base_table
where not indicator_laid_over(base_table.indicator_id, base_table.period)
union all by name
select laid_table.*
from laid.area_indicator as laid_table
