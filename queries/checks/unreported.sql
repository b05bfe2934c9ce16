-- Which areas will have nothing stored for a quarter that an upload touches?
-- Grain: one row per area and period of the upload.
select
    touched.period,
    area.area_code
from (select distinct upload_cell.period from upload_cell) as touched
cross join area
anti join observation
    on
        touched.period = observation.period
        and area.area_code = observation.area_code
        and observation.status <> 'missing'
order by touched.period, area.area_code
