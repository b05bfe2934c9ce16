-- Which submissions after a vintage have set cells behind an indicator, or may have taken some?
-- Grain: one row per vintage.
-- Parameters: $vintage (integer), $indicator_id (text), $periods, $area_codes (lists of text)
with

dataset_of_indicator as (

    select indicator.dataset_id
    from indicator
    where indicator.indicator_id = $indicator_id

),

setting as (

    select distinct observation.vintage
    from observation
    inner join dataset_of_indicator
        on observation.dataset_id = dataset_of_indicator.dataset_id
    inner join indicator_measure
        on
            observation.measure_id = indicator_measure.measure_id
            and indicator_measure.indicator_id = $indicator_id
    where
        observation.vintage > $vintage
        and observation.period in $periods
        and observation.area_code in $area_codes

)

select submission.vintage
from submission
inner join dataset_of_indicator
    on submission.dataset_id = dataset_of_indicator.dataset_id
where
    submission.vintage > $vintage
    and list_has_any(submission.periods, $periods)
    and (
        submission.removed > 0
        or submission.vintage in (select setting.vintage from setting)
    )
order by submission.vintage
