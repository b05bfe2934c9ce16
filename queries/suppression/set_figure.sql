-- Put what may be told of groups with hidden counties in the place of what is known without them.
-- The table group_figure is registered: whole figures, and suppressed ones without numbers.
-- Grain: one row per indicator, period, level and group.
update published_observation
set
    numerator = group_figure.numerator,
    denominator = group_figure.denominator,
    value = group_figure.value,
    status = group_figure.status,
    areas_reporting = group_figure.areas_reporting,
    gap = group_figure.gap,
    target_status = group_figure.target_status
from group_figure
where
    published_observation.indicator_id = group_figure.indicator_id
    and published_observation.period = group_figure.period
    and published_observation.level = group_figure.level
    and published_observation.group_code = group_figure.group_code
