-- Tell that the hidden cells are suppressed rather than missing; hidden_cell is registered.
-- Grain: one row per dataset, period, area and measure.
update measure_value
set status = 'suppressed'
from hidden_cell
where
    measure_value.dataset_id = hidden_cell.dataset_id
    and measure_value.period = hidden_cell.period
    and measure_value.measure_id = hidden_cell.measure_id
    and measure_value.area_code = hidden_cell.area_code
