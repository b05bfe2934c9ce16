-- The stored cells as they are.
-- Grain: one row per area, period, measure and sample flag.
create table observation as
select
    stored_observation.dataset_id,
    stored_observation.area_code,
    stored_observation.period,
    stored_observation.measure_id,
    stored_observation.value,
    stored_observation.status,
    stored_observation.sample,
    stored_observation.vintage
from main.stored_observation
