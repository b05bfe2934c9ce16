-- Which measures does each indicator use?
-- Grain: one row per indicator and measure.
-- Parameters: $indicator_measures (JSON array of objects)
create table indicator_measure as
select unnest(
    from_json(
        $indicator_measures, '[{"indicator_id": "varchar", "measure_id": "varchar"}]'
    ),
    recursive := true
)
