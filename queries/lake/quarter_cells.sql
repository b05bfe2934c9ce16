-- What does the store hold of a dataset and quarter: what was really reported, or else the sample?
-- Grain: one row per area and measure.
-- Parameters: $dataset_id (text), $period (text)
select
    observation.area_code,
    observation.measure_id,
    observation.value,
    observation.status,
    observation.sample
from lake.observation
where
    observation.dataset_id = $dataset_id
    and observation.period = $period
qualify observation.sample = bool_and(observation.sample) over ()
order by observation.area_code, observation.measure_id
