-- The stored cells of one dataset of the attached lake, copied into memory.
-- Grain: one row per dataset, area, period, measure and sample flag.
-- Parameters: $dataset_id (text)
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
where observation.dataset_id = $dataset_id
