-- How many cells does the lake hold of each dataset and quarter?
-- Grain: one row per dataset and period.
select
    observation.dataset_id,
    observation.period,
    count(*) as cells
from lake.observation
group by all
order by observation.dataset_id, observation.period
