-- Does an indicator rise or fall in the chosen groups of areas, counties among them?
-- The test of Mann and Kendall over the last eight quarters, two-sided at 5 %, corrected for ties.
-- Where an indicator has a cumulative flow, the seasonal test of Hirsch, Slack and Smith over the
-- last sixteen: each quarter is held against the same quarter of other years. Not told where the
-- quarter itself has no value, or where even a steady rise would not reach the level.
-- Sample is never held against real data.
-- Grain: one row per indicator, level and group.
-- Parameters: $indicators (list of text), $period (text), $groups (list of level/code)
with

chosen as (

    select
        split_part(listed.group_key, '/', 1) as level,
        split_part(listed.group_key, '/', 2) as group_code
    from (select unnest($groups) as group_key) as listed

),

method as (

    select
        indicator.indicator_id,
        coalesce(bool_or(measure.kind = 'flow'), false) as seasonal
    from indicator
    left join indicator_measure on indicator.indicator_id = indicator_measure.indicator_id
    left join measure
        on
            indicator.dataset_id = measure.dataset_id
            and indicator_measure.measure_id = measure.measure_id
    where indicator.indicator_id in $indicators
    group by indicator.indicator_id

),

value_of as (

    select
        published.indicator_id,
        published.level,
        published.group_code,
        published.period,
        published.sample,
        method.seasonal,
        round(published.value, 6) as value,
        if(method.seasonal, cast(right(published.period, 1) as integer), 0) as season,
        4 * cast(left(published.period, 4) as integer)
        + cast(right(published.period, 1) as integer) as quarter_number
    from published_observation as published
    inner join method on published.indicator_id = method.indicator_id
    -- the few of a table come first, and then few rows are held against the groups
    inner join indicator on published.indicator_id = indicator.indicator_id
    inner join chosen
        on
            published.level = chosen.level
            and published.group_code = chosen.group_code
    where
        indicator.indicator_id in $indicators
        and published.value is not null
        and published.period between quarter_before($period, 15) and $period

),

now_value as (

    select value_of.*
    from value_of
    where value_of.period = $period

),

series as (

    select value_of.*
    from value_of
    inner join now_value
        on
            value_of.indicator_id = now_value.indicator_id
            and value_of.level = now_value.level
            and value_of.group_code = now_value.group_code
            and value_of.sample = now_value.sample
    where
        value_of.quarter_number
        > now_value.quarter_number - if(value_of.seasonal, 16, 8)

),

tie as (

    select
        indicator_id,
        level,
        group_code,
        season,
        value,
        count(*) as times
    from series
    group by indicator_id, level, group_code, season, value

),

season_variance as (

    select
        indicator_id,
        level,
        group_code,
        season,
        sum(times) as quarters,
        sum(times * (times - 1) * (2 * times + 5)) as tied
    from tie
    group by indicator_id, level, group_code, season

),

variance as (

    select
        indicator_id,
        level,
        group_code,
        sum(quarters) as quarters,
        sum(quarters * (quarters - 1)) / 2 as most,
        sum(quarters * (quarters - 1) * (2 * quarters + 5)) / 18 as untied,
        sum(quarters * (quarters - 1) * (2 * quarters + 5) - tied) / 18 as variance
    from season_variance
    group by indicator_id, level, group_code

),

score as (

    select
        later.indicator_id,
        later.level,
        later.group_code,
        sum(sign(later.value - earlier.value)) as score
    from series as later
    inner join series as earlier
        on
            later.indicator_id = earlier.indicator_id
            and later.level = earlier.level
            and later.group_code = earlier.group_code
            and later.season = earlier.season
            and later.quarter_number > earlier.quarter_number
    group by later.indicator_id, later.level, later.group_code

),

tested as (

    select
        variance.indicator_id,
        variance.level,
        variance.group_code,
        variance.quarters,
        coalesce(score.score, 0) as score,
        (variance.most - 1) / nullif(sqrt(variance.untied), 0) > 1.959964 as can_be_told,
        coalesce(
            (score.score - sign(score.score)) / nullif(sqrt(variance.variance), 0), 0
        ) as z
    from variance
    left join score
        on
            variance.indicator_id = score.indicator_id
            and variance.level = score.level
            and variance.group_code = score.group_code

)

select
    method.indicator_id,
    chosen.level,
    chosen.group_code,
    method.seasonal,
    cast(coalesce(tested.quarters, 0) as integer) as quarters,
    cast(tested.score as integer) as score,
    tested.z,
    case
        when coalesce(not tested.can_be_told, true) then 'untold'
        when tested.z > 1.959964 then 'rising'
        when tested.z < -1.959964 then 'falling'
        else 'none'
    end as trend
from method
cross join chosen
left join tested
    on
        method.indicator_id = tested.indicator_id
        and chosen.level = tested.level
        and chosen.group_code = tested.group_code
order by method.indicator_id, chosen.level, chosen.group_code
