-- What the store holds of the dataset in the periods an upload is judged by: sample and real never
-- meet.
-- Grain: one row per area, period and measure.
-- Parameters: $dataset_id (text), $periods (list of text), $sample (boolean)
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
    and observation.sample = $sample
    and observation.period in $periods
