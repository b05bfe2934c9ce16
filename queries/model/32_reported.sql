-- The cells that count: real ones, and sample ones not yet retired.
-- Grain: one row per dataset, period, area and measure.
create table reported as
select
    observation.dataset_id,
    observation.period,
    observation.area_code,
    observation.measure_id,
    observation.value,
    observation.status,
    observation.sample,
    observation.vintage
from observation
inner join dataset_period
    on
        observation.dataset_id = dataset_period.dataset_id
        and observation.period = dataset_period.period
        and observation.sample = dataset_period.sample
order by observation.dataset_id, observation.period, observation.measure_id, observation.area_code
