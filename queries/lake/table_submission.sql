-- The submissions: uploads and reverts, one row each.
create table if not exists lake.submission (
    vintage integer,
    dataset_id varchar,
    periods varchar[],
    file_name varchar,
    sha256 varchar,
    submitted_by varchar,
    submitted_at timestamptz,
    note varchar,
    explanation varchar,
    row_count integer,
    added integer,
    changed integer,
    removed integer,
    sample boolean,
    reverts integer
)
