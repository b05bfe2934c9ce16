-- How has one indicator moved in the chosen groups of areas?
-- Grain: one row per group and period in which the indicator's dataset has data.
-- Parameters: $indicator_id (text), $groups (list of level/code)
with

chosen as (

    select
        split_part(listed.group_key, '/', 1) as level,
        split_part(listed.group_key, '/', 2) as group_code
    from (select unnest($groups) as group_key) as listed

)

select
    published.group_code,
    published.level,
    group_name.group_name,
    group_name.group_name_en,
    published.period,
    published.value,
    published.areas_reporting,
    published.areas_expected,
    published.sample
from published_observation as published
inner join group_name
    on
        published.level = group_name.level
        and published.group_code = group_name.group_code
semi join chosen
    on
        published.level = chosen.level
        and published.group_code = chosen.group_code
where published.indicator_id = $indicator_id
order by published.group_code, published.level, published.period
