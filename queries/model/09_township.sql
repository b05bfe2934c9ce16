-- The townships with their denominators; one that is not known is null.
-- Without a table of them in the reference there is none.
-- Grain: one row per township.
-- Parameters: $townships (JSON array of objects)
create table township as
select unnest(
    from_json(
        $townships,
        '[{"area_code": "varchar", "area_name": "varchar", "area_name_en": "varchar",
           "county_code": "varchar", "villages": "double", "population_60plus": "double",
           "pop_2020": "double", "pop_rural_2020": "double"}]'
    ),
    recursive := true
)
