-- Every stored cell of the attached lake, copied into memory.
-- Grain: one row per dataset, area, period, measure and sample flag.
create table observation as
select
    observation.dataset_id,
    observation.area_code,
    observation.period,
    observation.measure_id,
    observation.value,
    observation.status,
    observation.sample,
    observation.vintage
from lake.observation
order by observation.dataset_id, observation.period, observation.measure_id, observation.area_code
