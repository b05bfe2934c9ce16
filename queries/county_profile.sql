-- How does one county stand on the chosen indicators, among its peers and within a group of areas?
-- Ranks and their counts are of the areas with a value, values printed alike share one, and the
-- county is among its own peers; without direction there is none.
-- Grain: one row per indicator.
-- Parameters: $indicators, $peers (lists of text), $period, $level, $group_code, $area_code (text)
with

member as (

    select
        area_group.area_code,
        true as inside,
        false as peer
    from area_group
    where
        area_group.level = $level
        and area_group.group_code = $group_code
    union all by name
    select
        unnest($peers) as area_code,
        false as inside,
        true as peer
    union all by name
    select
        $area_code as area_code,
        false as inside,
        true as peer

),

place as (

    select
        member.area_code,
        bool_or(member.inside) as inside,
        bool_or(member.peer) as peer
    from member
    group by member.area_code

),

value_of as (

    select
        indicator.indicator_id,
        published.group_code as area_code,
        place.inside,
        place.peer,
        published.value,
        if(indicator.direction = 'lower', 1, -1)
        * round(published.value, indicator.decimals) as worse
    from indicator
    inner join published_observation as published
        on indicator.indicator_id = published.indicator_id
    inner join place on published.group_code = place.area_code
    where
        indicator.indicator_id in $indicators
        and published.period = $period
        and published.level = 'county'
        and published.value is not null

),

own as (

    select
        value_of.indicator_id,
        value_of.worse
    from value_of
    where value_of.area_code = $area_code

),

spread as (

    select
        value_of.indicator_id,
        count(*) filter (where value_of.inside) as ranked,
        count(*) filter (where value_of.inside and value_of.worse < own.worse) + 1 as rank,
        count(*) filter (where value_of.inside and value_of.worse = own.worse) as same,
        bool_or(value_of.inside and value_of.area_code = $area_code) as is_inside,
        count(*) filter (where value_of.peer) as ranked_peers,
        count(*) filter (where value_of.peer and value_of.worse < own.worse) + 1 as rank_peers,
        count(*) filter (where value_of.peer and value_of.worse = own.worse) as same_peers,
        min(value_of.value) filter (where value_of.peer) as peers_low,
        quantile_cont(value_of.value, 0.25) filter (where value_of.peer) as peers_first,
        quantile_cont(value_of.value, 0.5) filter (where value_of.peer) as peers_middle,
        quantile_cont(value_of.value, 0.75) filter (where value_of.peer) as peers_third,
        max(value_of.value) filter (where value_of.peer) as peers_high
    from value_of
    left join own on value_of.indicator_id = own.indicator_id
    group by value_of.indicator_id

),

home as (

    select area.region_code
    from area
    where area.area_code = $area_code

)

select
    indicator.indicator_id,
    published.value,
    published.numerator,
    published.denominator,
    coalesce(published.status, 'missing') as status,
    coalesce(published.target_status, 'none') as target_status,
    published.gap,
    published.value - before.value as change_previous,
    published.value - year_before.value as change_year,
    coalesce(published.sample, region.sample, false) as sample,
    if(
        indicator.direction <> 'none' and published.value is not null and spread.is_inside,
        spread.rank,
        null
    ) as rank,
    spread.same,
    coalesce(spread.ranked, 0) as ranked,
    if(
        indicator.direction <> 'none' and published.value is not null,
        spread.rank_peers,
        null
    ) as rank_peers,
    spread.same_peers,
    coalesce(spread.ranked_peers, 0) as ranked_peers,
    spread.peers_low,
    spread.peers_first,
    spread.peers_middle,
    spread.peers_third,
    spread.peers_high,
    region.value as region_value,
    province.value as province_value
from indicator
cross join home
left join period on period.period = $period
left join published_observation as published
    on
        indicator.indicator_id = published.indicator_id
        and published.period = $period
        and published.level = 'county'
        and published.group_code = $area_code
left join published_observation as before
    on
        published.indicator_id = before.indicator_id
        and period.previous_period = before.period
        and before.period = quarter_before($period, 1)
        and before.level = 'county'
        and before.group_code = $area_code
        and published.level = before.level
        and published.group_code = before.group_code
        and published.sample = before.sample
left join published_observation as year_before
    on
        published.indicator_id = year_before.indicator_id
        and period.period_year_before = year_before.period
        and year_before.period = quarter_before($period, 4)
        and year_before.level = 'county'
        and year_before.group_code = $area_code
        and published.level = year_before.level
        and published.group_code = year_before.group_code
        and published.sample = year_before.sample
left join published_observation as region
    on
        indicator.indicator_id = region.indicator_id
        and region.period = $period
        and region.level = 'region'
        and home.region_code = region.group_code
left join published_observation as province
    on
        indicator.indicator_id = province.indicator_id
        and province.period = $period
        and province.level = 'province'
left join spread on indicator.indicator_id = spread.indicator_id
where indicator.indicator_id in $indicators
order by indicator.position
