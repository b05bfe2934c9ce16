-- The indicators of the catalogue.
-- Grain: one row per indicator; measure_id is the measure that its numerator names first, decimals
-- are those its values are printed with.
-- Parameters: $indicators (JSON array of objects)
create table indicator as
select unnest(
    from_json(
        $indicators,
        '[{"indicator_id": "varchar", "dataset_id": "varchar", "position": "integer",
           "place": "integer", "unit": "varchar", "decimals": "integer",
           "factor": "double", "has_denominator": "boolean",
           "direction": "varchar", "target_value": "double", "target_year": "integer",
           "target_quarter": "integer", "measure_id": "varchar", "within_100": "boolean",
           "usual_low": "double", "usual_high": "double"}]'
    ),
    recursive := true
)
