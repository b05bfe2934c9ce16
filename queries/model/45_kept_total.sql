-- The totals of groups with cells that are not shown, as far as they may be told.
-- Empty unless small counts are hidden: app/suppression. A total that may not be told is null.
-- Grain: one row per dataset, measure, period, level and group.
--   value  as queries/measure_total.sql adds up: of a flow the quarter's own amount
--   whole  as queries/stage_total.sql adds up: of a flow the year to date
create table kept_total (
    dataset_id varchar,
    measure_id varchar,
    period varchar,
    level varchar,
    group_code varchar,
    value double,
    whole double
)
