-- What the attached lake holds of a dataset in some periods, sample and real.
-- Grain: one row per area, period, measure and sample flag.
-- Parameters: $dataset_id (text), $periods (list of text)
create table stored_observation as
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
    and observation.period in $periods
