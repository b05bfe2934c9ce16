-- The cells of an upload or a revert, as handed over; `keep` is false for one that is taken away.
-- Grain: one row per dataset, area, period, measure and sample flag.
-- Parameters: $cells (JSON object of arrays)
create or replace table incoming_cell as
with

cells as (

    select
        unnest(
            from_json(
                $cells,
                '{"dataset_id": ["varchar"], "area_code": ["varchar"], "period": ["varchar"],
                  "measure_id": ["varchar"], "value": ["double"], "status": ["varchar"],
                  "sample": ["boolean"], "keep": ["boolean"]}'
            )
        )

)

select
    unnest(cells.dataset_id) as dataset_id,
    unnest(cells.area_code) as area_code,
    unnest(cells.period) as period,
    unnest(cells.measure_id) as measure_id,
    unnest(cells.value) as value,
    unnest(cells.status) as status,
    unnest(cells.sample) as sample,
    unnest(cells.keep) as keep
from cells
