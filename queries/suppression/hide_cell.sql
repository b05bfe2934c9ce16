-- Take the numbers of the hidden cells out of what was reported; hidden_cell is registered.
-- Grain: one row per dataset, area, period, measure and sample flag.
update observation
set
    value = null,
    status = 'suppressed'
from hidden_cell
where
    observation.dataset_id = hidden_cell.dataset_id
    and observation.period = hidden_cell.period
    and observation.measure_id = hidden_cell.measure_id
    and observation.area_code = hidden_cell.area_code
