-- How does each area of a group stand on one indicator in each of several quarters?
-- The areas are the counties of the group or, at the level of cities, the cities that have one of
-- them, each with all its counties.
-- Grain: one row per period and area; also where nothing was reported.
-- Parameters: $indicator_id (text), $periods (list of text), $area_level (county or city), $level,
-- $group_code (text)
with

wanted as (

    select distinct if($area_level = 'city', area.city_code, area.area_code) as area_code
    from area_group
    inner join area on area_group.area_code = area.area_code
    where
        area_group.level = $level
        and area_group.group_code = $group_code

),

own as (

    select *
    from published_observation
    where
        indicator_id = $indicator_id
        and level = $area_level
        and period between quarter_before(list_min($periods), 4) and list_max($periods)

),

observed as materialized (

    select
        asked.period,
        wanted.area_code,
        indicator.direction,
        indicator.decimals,
        own.value,
        own.numerator,
        own.denominator,
        coalesce(own.status, 'missing') as status,
        coalesce(own.target_status, 'none') as target_status,
        own.gap,
        own.value - before.value as change_previous,
        own.value - year_before.value as change_year,
        own.areas_reporting,
        own.areas_expected,
        coalesce(own.sample, false) as sample,
        if(indicator.direction = 'lower', 1, -1) * round(own.value, indicator.decimals) as worse
    from (select unnest($periods) as period) as asked
    inner join indicator on indicator.indicator_id = $indicator_id
    cross join wanted
    left join period on asked.period = period.period
    left join own
        on
            asked.period = own.period
            and wanted.area_code = own.group_code
    left join own as before
        on
            period.previous_period = before.period
            and own.group_code = before.group_code
            and own.sample = before.sample
    left join own as year_before
        on
            period.period_year_before = year_before.period
            and own.group_code = year_before.group_code
            and own.sample = year_before.sample

),

-- many read alike, so that there is less to put in order than there are areas
read_alike as (

    select
        observed.period,
        observed.worse,
        count(*) as alike
    from observed
    where
        observed.direction <> 'none'
        and observed.value is not null
    group by observed.period, observed.worse

),

ranked as (

    select
        read_alike.period,
        read_alike.worse,
        read_alike.alike > 1 as tied,
        cast(
            sum(read_alike.alike) over (
                partition by read_alike.period order by read_alike.worse
            ) - read_alike.alike + 1 as bigint
        ) as rank
    from read_alike

)

-- the names come last: to be joined before they would be carried along
select
    observed.period,
    observed.area_code,
    unit.area_name,
    unit.area_name_en,
    unit.city_name,
    unit.city_name_en,
    observed.direction,
    observed.decimals,
    observed.value,
    observed.numerator,
    observed.denominator,
    observed.status,
    observed.target_status,
    observed.gap,
    observed.change_previous,
    observed.change_year,
    observed.areas_reporting,
    observed.areas_expected,
    observed.sample,
    ranked.rank,
    coalesce(ranked.tied, false) as tied
from observed
inner join unit
    on
        observed.area_code = unit.area_code
        and unit.level = $area_level
left join ranked
    on
        observed.period = ranked.period
        and observed.worse = ranked.worse
order by observed.period, observed.area_code
