-- Which cells does an upload add or change?
-- Grain: one row per area, period and measure of the upload.
select
    cell_change.area_code,
    cell_change.period,
    cell_change.measure_id,
    cell_change.change,
    cell_change.old_value,
    cell_change.old_status,
    cell_change.value,
    cell_change.status
from cell_change
where cell_change.change <> 'unchanged'
order by cell_change.period, cell_change.area_code, cell_change.measure_id
