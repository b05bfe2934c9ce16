-- How do the chosen groups of areas, counties among them, stand on the chosen indicators?
-- Grain: one row per indicator, level and group; also where nothing was reported.
-- Parameters: $indicators (list of text), $period (text), $groups (list of level/code)
with

chosen as (

    select unnest($groups) as group_key

),

asked as (

    select
        indicator.indicator_id,
        split_part(chosen.group_key, '/', 1) as level,
        split_part(chosen.group_key, '/', 2) as group_code
    from indicator
    cross join chosen
    where indicator.indicator_id in $indicators

)

select
    asked.indicator_id,
    asked.level,
    asked.group_code,
    published.value,
    coalesce(published.status, 'missing') as status,
    coalesce(published.target_status, 'none') as target_status,
    published.gap,
    coalesce(published.sample, false) as sample
from asked
left join published_observation as published
    on
        asked.indicator_id = published.indicator_id
        and asked.level = published.level
        and asked.group_code = published.group_code
        and published.period = $period
