-- The stored cells of some datasets and years of the attached lake, copied.
-- Grain: one row per dataset, area, period, measure and sample flag.
-- Parameters: $years (list of text; dataset/year)
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
where observation.dataset_id || '/' || left(observation.period, 4) in $years
order by observation.dataset_id, observation.period, observation.measure_id, observation.area_code
