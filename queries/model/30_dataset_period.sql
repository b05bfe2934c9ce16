-- Which dataset has data in which period, and is it still sample?
-- A first real submission retires the sample of that dataset and quarter for all areas.
-- Grain: one row per dataset and period.
create table dataset_period as
select
    observation.dataset_id,
    observation.period,
    bool_and(observation.sample) as sample
from observation
group by observation.dataset_id, observation.period
