-- The submissions of an empty store.
-- Grain: no row.
create table submission (
    vintage integer,
    dataset_id varchar,
    periods varchar[],
    submitted_by varchar,
    submitted_at timestamptz,
    explanation varchar,
    changed integer,
    removed integer,
    sample boolean
)
