-- What do the chosen indicators say of the groups above those who report them?
-- Grain: one row per indicator, period, level and group.
-- Parameters: $indicators (list of text)
select
    published_observation.indicator_id,
    published_observation.period,
    published_observation.level,
    published_observation.group_code,
    published_observation.numerator,
    published_observation.denominator,
    published_observation.value,
    published_observation.status,
    published_observation.areas_reporting,
    published_observation.gap,
    published_observation.target_status
from published_observation
inner join indicator on published_observation.indicator_id = indicator.indicator_id
inner join dataset on indicator.dataset_id = dataset.dataset_id
where
    published_observation.indicator_id in $indicators
    and published_observation.level <> dataset.level
