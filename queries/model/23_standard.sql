-- The provincial minimum standards.
-- Grain: one row per dataset, measure, class of area and year; without a class it holds everywhere.
-- Parameters: $standards (JSON array of objects)
create table standard as
select unnest(
    from_json(
        $standards,
        '[{"dataset_id": "varchar", "measure_id": "varchar", "area_class": "varchar",
           "year": "integer", "value": "double"}]'
    ),
    recursive := true
)
