-- Which periods have data?
-- Grain: one row per dataset and period.
select
    dataset_period.dataset_id as dataset,
    dataset_period.period,
    dataset_period.sample
from dataset_period
order by dataset_period.period, dataset_period.dataset_id
