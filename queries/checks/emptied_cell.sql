-- Where does an upload leave a cell empty that holds a number in the store?
-- Grain: one row per area, period and measure of the upload.
select
    cell_change.area_code,
    cell_change.period,
    cell_change.measure_id,
    cell_change.old_value as before
from cell_change
where
    cell_change.change = 'changed'
    and cell_change.old_value is not null
    and cell_change.status = 'missing'
order by cell_change.period, cell_change.area_code, cell_change.measure_id
