-- In which state is each quarter of a dataset? Its mark is another one when any cell is.
-- Grain: one row per dataset and period.
select
    observation.dataset_id,
    observation.period,
    count(*) as cells,
    bit_xor(hash(
        observation.area_code,
        observation.measure_id,
        observation.value,
        observation.status,
        observation.sample,
        observation.vintage
    )) as mark
from observation
group by observation.dataset_id, observation.period
order by observation.dataset_id, observation.period
