-- The table published_observation of a vintage: the years built for it, and all others of the base.
create view published_observation as
select base_table.*  -- noqa: AM04
from base.published_observation as base_table
where not indicator_laid_over(base_table.indicator_id, base_table.period)
union all by name
select laid_table.*
from laid.published_observation as laid_table
