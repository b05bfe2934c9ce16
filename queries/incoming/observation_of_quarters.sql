-- The stored cells of some quarters of one dataset of the attached lake, copied.
-- Grain: one row per dataset, area, period, measure and sample flag.
-- Parameters: $dataset_id, $first, $last (text; the first and the last quarter)
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
where
    observation.dataset_id = $dataset_id
    and observation.period between $first and $last
order by observation.dataset_id, observation.period, observation.measure_id, observation.area_code
