-- Which counties and groups of them would cross a target?
-- A target that begins anew with the year is no crossing.
-- Grain: one row per indicator, period, level and group.
select
    figure.indicator_id,
    figure.period,
    figure.level,
    figure.group_code,
    figure.base,
    figure.base_target_status as target_status_before,
    figure.target_status,
    figure.base_value as value_before,
    figure.value
from main.figure
where
    figure.base_target_status <> figure.target_status
    and not (figure.base_target_due and not figure.target_due)
order by
    figure.position,
    figure.period,
    array_position(['province', 'pilot', 'region', 'city', 'county'], figure.level),
    figure.group_code
