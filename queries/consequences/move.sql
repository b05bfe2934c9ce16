-- Which figures of the province, the pilot counties, the regions, the cities and the counties of an
-- upload would change?
-- Grain: one row per indicator, period, level and group.
select
    figure.indicator_id,
    figure.period,
    figure.level,
    figure.group_code,
    figure.value_before,
    figure.value,
    figure.status_before,
    figure.status,
    figure.areas_valued_before,
    figure.areas_valued,
    figure.areas_expected,
    figure.sample_before,
    figure.sample,
    figure.value_previous
from main.figure
where
    (
        figure.level <> 'county'
        or figure.group_code in (select incoming_cell.area_code from main.incoming_cell)
    )
    and (
        figure.status_before <> figure.status
        or figure.areas_before <> figure.areas
        or (
            figure.sample_before <> figure.sample
            and coalesce(figure.value_before, figure.value) is not null
        )
        -- sums in another order differ in their last digits
        or abs(figure.value_before - figure.value) > 1e-9 * abs(figure.value_before)
    )
order by
    figure.position,
    figure.period,
    array_position(['province', 'pilot', 'region', 'city', 'county'], figure.level),
    figure.group_code
