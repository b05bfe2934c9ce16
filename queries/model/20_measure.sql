-- The measures of the catalogue.
-- Grain: one row per dataset and measure; with items, one row per item and measure, named so.
-- Parameters: $measures (JSON array of objects)
create table measure as
select unnest(
    from_json(
        $measures,
        '[{"dataset_id": "varchar", "measure_id": "varchar", "item": "varchar",
           "position": "integer",
           "kind": "varchar", "reference": "varchar", "constant_within_year": "boolean",
           "class_column": "varchar"}]'
    ),
    recursive := true
)
