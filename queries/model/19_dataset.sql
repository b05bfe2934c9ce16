-- The datasets of the catalogue, and the level of the areas that report them.
-- Grain: one row per dataset.
-- Parameters: $datasets (JSON array of objects)
create table dataset as
select unnest(
    from_json($datasets, '[{"dataset_id": "varchar", "level": "varchar"}]'), recursive := true
)
