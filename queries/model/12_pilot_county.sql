-- The pilot counties.
-- Grain: one row per county.
-- Parameters: $pilot_counties (path of a CSV file)
create table pilot_county as
select code as area_code
from read_csv($pilot_counties, all_varchar = true, header = true)
