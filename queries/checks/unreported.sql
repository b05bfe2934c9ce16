-- Which areas will have nothing stored for a quarter that an upload touches?
-- Grain: one row per area and period of the upload.
with

touched as (

    select distinct
        upload_cell.dataset_id,
        upload_cell.period
    from upload_cell

)

select
    touched.period,
    unit.area_code
from touched
inner join dataset on touched.dataset_id = dataset.dataset_id
inner join unit on dataset.level = unit.level
anti join observation
    on
        touched.period = observation.period
        and unit.area_code = observation.area_code
        and observation.status <> 'missing'
order by touched.period, unit.area_code
