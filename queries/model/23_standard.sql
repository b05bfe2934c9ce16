-- The provincial minimum standards.
-- Grain: one row per measure and year.
-- Parameters: $standards (JSON array of objects)
create table standard as
select unnest(
    from_json(
        $standards, '[{"measure_id": "varchar", "year": "integer", "value": "double"}]'
    ),
    recursive := true
)
