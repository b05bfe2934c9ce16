-- How does each county of a group stand on the chosen indicators, and how has it moved?
-- An indicator that cities report has the cities in place of the counties. One that townships
-- report has the counties, and of a county alone its townships, whose city_name is the county's.
-- Values that are printed alike share a rank, and are tied.
-- Grain: one row per indicator and county; also where nothing was reported.
-- Parameters: $indicators (list of text), $period, $level, $group_code (text)
with

-- a unit has one row of an indicator and quarter, be it sample or real
observed as materialized (

    select
        indicator.indicator_id,
        indicator.position,
        indicator.direction,
        unit.area_code,
        unit.level,
        published.value,
        published.numerator,
        published.denominator,
        published.status,
        published.target_status,
        published.gap,
        if(published.sample = before.sample, published.value - before.value, null)
            as change_previous,
        if(published.sample = year_before.sample, published.value - year_before.value, null)
            as change_year,
        published.sample,
        if(indicator.direction = 'lower', 1, -1)
        * round(published.value, indicator.decimals) as worse
    from indicator
    inner join dataset on indicator.dataset_id = dataset.dataset_id
    inner join area_group
        on
            area_group.level = $level
            and area_group.group_code = $group_code
    inner join unit
        on
            area_group.area_code = unit.area_code
            and unit.level = if(
                dataset.level = 'township' and $level <> 'county', 'county', dataset.level
            )
    left join published_observation as published
        on
            unit.level = published.level
            and published.period = $period
            and published.indicator_id in $indicators
            and indicator.indicator_id = published.indicator_id
            and unit.area_code = published.group_code
    left join published_observation as before
        on
            published.level = before.level
            and before.period = quarter_before($period, 1)
            and before.indicator_id in $indicators
            and published.indicator_id = before.indicator_id
            and published.group_code = before.group_code
    left join published_observation as year_before
        on
            published.level = year_before.level
            and year_before.period = quarter_before($period, 4)
            and year_before.indicator_id in $indicators
            and published.indicator_id = year_before.indicator_id
            and published.group_code = year_before.group_code
    where indicator.indicator_id in $indicators

),

-- many read alike, so that there is less to put in order than there are counties
read_alike as (

    select
        observed.indicator_id,
        observed.worse,
        count(*) as alike
    from observed
    where
        observed.direction <> 'none'
        and observed.value is not null
    group by observed.indicator_id, observed.worse

),

ranked as (

    select
        read_alike.indicator_id,
        read_alike.worse,
        read_alike.alike > 1 as tied,
        cast(
            sum(read_alike.alike) over (
                partition by read_alike.indicator_id order by read_alike.worse
            ) - read_alike.alike + 1 as bigint
        ) as rank
    from read_alike

)

select
    observed.indicator_id,
    observed.position,
    observed.direction,
    observed.area_code,
    unit.area_name,
    unit.area_name_en,
    coalesce(unit.county_name, unit.city_name) as city_name,
    coalesce(unit.county_name_en, unit.city_name_en) as city_name_en,
    unit.region_code,
    unit.region_name_en,
    observed.value,
    observed.numerator,
    observed.denominator,
    coalesce(observed.status, 'missing') as status,
    coalesce(observed.target_status, 'none') as target_status,
    observed.gap,
    observed.change_previous,
    observed.change_year,
    coalesce(observed.sample, false) as sample,
    ranked.rank,
    coalesce(ranked.tied, false) as tied
from observed
inner join unit
    on
        observed.level = unit.level
        and observed.area_code = unit.area_code
left join ranked
    on
        observed.indicator_id = ranked.indicator_id
        and observed.worse = ranked.worse
order by observed.position, observed.area_code
