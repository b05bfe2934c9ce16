-- What the attached lake holds of the dataset in the periods an upload is judged by.
-- Grain: one row per area, period, measure and sample flag.
-- Parameters: $dataset_id (text), $periods (list of text), $samples (list of boolean)
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
    and observation.sample in $samples
    and observation.period in $periods
