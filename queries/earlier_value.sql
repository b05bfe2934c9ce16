-- What was known of the chosen indicators of one group of areas in earlier periods?
-- Grain: one row per indicator and period in which the indicator's dataset has data.
-- Parameters: $indicators, $periods (lists of text), $level, $group_code (text)
select
    published.indicator_id,
    published.period,
    published.value,
    published.status,
    published.areas_reporting,
    published.sample
from published_observation as published
where
    published.indicator_id in $indicators
    and published.period in $periods
    -- which blocks need not be read
    and published.period between list_min($periods) and list_max($periods)
    and published.level = $level
    and published.group_code = $group_code
order by published.indicator_id, published.period
