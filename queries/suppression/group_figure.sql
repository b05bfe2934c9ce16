-- What do the chosen indicators say of the groups above the counties?
-- Grain: one row per indicator, period, level and group.
-- Parameters: $indicators (list of text)
select published_observation.*
from published_observation
where
    published_observation.indicator_id in $indicators
    and published_observation.level <> 'county'
