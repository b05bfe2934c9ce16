-- The areas with their denominators and classes; a class that is not known is null.
-- Grain: one row per county-level area.
-- Parameters: $areas (path of a CSV file)
create table area as
select
    code as area_code,
    name as area_name,
    name_en as area_name_en,
    city_code,
    city as city_name,
    city_en as city_name_en,
    region as region_code,
    region_en as region_name_en,
    cast(townships as double) as townships,
    cast(villages as double) as villages,
    cast(population_60plus as double) as population_60plus,
    cast(pop_2020 as double) as pop_2020,
    cast(pop_rural_2020 as double) as pop_rural_2020,
    dibao_class
from read_csv($areas, all_varchar = true, header = true)
