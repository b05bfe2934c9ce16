-- The stored cells of some datasets and quarters of the attached lake, copied.
-- Grain: one row per dataset, area, period, measure and sample flag.
-- Parameters: $quarters (list of text; dataset/period)
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
where observation.dataset_id || '/' || observation.period in $quarters
order by observation.dataset_id, observation.period, observation.measure_id, observation.area_code
