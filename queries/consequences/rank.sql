-- Which counties would stand elsewhere among the pilot counties or those of the province?
-- The rank is that of queries/county_value.sql: values printed alike share one. The quarter before
-- is no base while fewer counties have reported than then.
-- Grain: one row per indicator, period, level of the group and county.
with

ranked_set as (

    select
        area_group.level,
        area_group.group_code,
        area_group.area_code
    from after.area_group
    where area_group.level in ('pilot', 'province')

),

candidate as (

    select
        figure.indicator_id,
        figure.position,
        figure.period,
        figure.base,
        if(figure.direction = 'lower', 1, -1) as sign,
        figure.group_code as area_code,
        round(figure.value, figure.decimals) as value,
        if(
            figure.sample = figure.sample_before,
            round(figure.value_before, figure.decimals),
            null
        ) as value_before,
        round(figure.value_previous, figure.decimals) as value_previous
    from main.figure
    where
        figure.level = 'county'
        and figure.direction <> 'none'

),

ranked as (

    select
        candidate.*,
        ranked_set.level,
        ranked_set.group_code,
        rank() over (
            partition by ranked_set.level, candidate.indicator_id, candidate.period
            order by candidate.sign * candidate.value nulls last
        ) as rank,
        count(candidate.value) over peers as ranked,
        rank() over (
            partition by ranked_set.level, candidate.indicator_id, candidate.period
            order by candidate.sign * candidate.value_before nulls last
        ) as rank_stored,
        count(candidate.value_before) over peers as ranked_stored,
        rank() over (
            partition by ranked_set.level, candidate.indicator_id, candidate.period
            order by candidate.sign * candidate.value_previous nulls last
        ) as rank_previous,
        count(candidate.value_previous) over peers as ranked_previous
    from candidate
    inner join ranked_set on candidate.area_code = ranked_set.area_code
    window
        peers as (
            partition by ranked_set.level, candidate.indicator_id, candidate.period
        )

),

compared as (

    select
        ranked.indicator_id,
        ranked.position,
        ranked.period,
        ranked.level,
        ranked.group_code,
        ranked.area_code,
        ranked.base,
        if(ranked.base = 'stored', ranked.rank_stored, ranked.rank_previous) as rank_before,
        if(ranked.base = 'stored', ranked.ranked_stored, ranked.ranked_previous) as ranked_before,
        ranked.rank,
        ranked.ranked
    from ranked
    where
        ranked.base = 'stored'
        or (ranked.base = 'previous' and ranked.ranked >= ranked.ranked_previous)

)

select
    compared.indicator_id,
    compared.period,
    compared.level,
    compared.group_code,
    compared.area_code,
    compared.base,
    compared.rank_before,
    compared.ranked_before,
    compared.rank,
    compared.ranked
from compared
where compared.rank_before <> compared.rank
order by
    compared.position,
    compared.period,
    compared.level,
    compared.rank,
    compared.area_code
