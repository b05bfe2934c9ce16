-- Tell that figures of those who report are suppressed rather than missing; hidden_county is
-- registered.
-- Grain: one row per indicator, period, level and group.
update published_observation
set
    status = 'suppressed',
    areas_reporting = 1
from hidden_county
where
    published_observation.level = hidden_county.level
    and published_observation.indicator_id = hidden_county.indicator_id
    and published_observation.period = hidden_county.period
    and published_observation.group_code = hidden_county.area_code
