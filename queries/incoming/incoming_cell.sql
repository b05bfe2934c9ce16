-- The cells of an upload or a revert, as handed over; `keep` is false for one that is taken away.
-- Grain: one row per dataset, area, period, measure and sample flag.
create or replace table incoming_cell as
select
    cells_handed_over.dataset_id,
    cells_handed_over.area_code,
    cells_handed_over.period,
    cells_handed_over.measure_id,
    cells_handed_over.value,
    cells_handed_over.status,
    cells_handed_over.sample,
    cells_handed_over.keep
from cells_handed_over
