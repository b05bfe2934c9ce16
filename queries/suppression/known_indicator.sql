-- In which counties are the chosen indicators known?
-- Grain: one row per indicator, period and county.
-- Parameters: $indicators (list of text)
select
    area_indicator.indicator_id,
    area_indicator.period,
    area_indicator.area_code
from area_indicator
where
    area_indicator.indicator_id in $indicators
    and area_indicator.known
