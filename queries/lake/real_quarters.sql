-- How many cells that are no sample are stored of each dataset and quarter?
-- Grain: one row per dataset and period.
select
    observation.dataset_id,
    observation.period,
    count(*) as cells
from lake.observation
where not observation.sample
group by observation.dataset_id, observation.period
order by observation.dataset_id, observation.period
