-- How many cells does the base hold of each dataset and quarter?
-- Grain: one row per dataset and period.
select
    observation.dataset_id,
    observation.period,
    count(*) as cells
from base.observation
group by all
order by observation.dataset_id, observation.period
