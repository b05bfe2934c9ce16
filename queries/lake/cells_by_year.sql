-- How many cells does the lake hold of each dataset and year?
-- Grain: one row per dataset and year.
select
    observation.dataset_id,
    cast(left(observation.period, 4) as integer) as year,
    count(*) as cells
from lake.observation
group by all
order by observation.dataset_id, year
