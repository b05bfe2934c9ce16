-- How does each county of a group stand on the chosen indicators, and how has it moved?
-- An indicator that cities report has the cities in place of the counties. One that townships
-- report has the counties, and of a county alone its townships, whose city_name is the county's.
-- Values that are printed alike share a rank, and are tied.
-- Grain: one row per indicator and county; also where nothing was reported.
-- Parameters: $indicators (list of text), $period, $level, $group_code (text)
with

observed as (

    select
        indicator.indicator_id,
        indicator.position,
        indicator.direction,
        indicator.decimals,
        unit.area_code,
        unit.level,
        published.value,
        published.numerator,
        published.denominator,
        coalesce(published.status, 'missing') as status,
        coalesce(published.target_status, 'none') as target_status,
        published.gap,
        published.value - before.value as change_previous,
        published.value - year_before.value as change_year,
        coalesce(published.sample, false) as sample
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
    left join period on period.period = $period
    left join published_observation as published
        on
            unit.level = published.level
            and published.period = $period
            and published.indicator_id in $indicators
            and indicator.indicator_id = published.indicator_id
            and unit.area_code = published.group_code
    left join published_observation as before
        on
            unit.level = before.level
            and period.previous_period = before.period
            and before.period = quarter_before($period, 1)
            and before.indicator_id in $indicators
            and published.indicator_id = before.indicator_id
            and published.group_code = before.group_code
            and published.sample = before.sample
    left join published_observation as year_before
        on
            unit.level = year_before.level
            and period.period_year_before = year_before.period
            and year_before.period = quarter_before($period, 4)
            and year_before.indicator_id in $indicators
            and published.indicator_id = year_before.indicator_id
            and published.group_code = year_before.group_code
            and published.sample = year_before.sample
    where indicator.indicator_id in $indicators

),

-- the names come last: to be put in order they would be carried along
ranked as (

    select
        observed.*,
        case
            when observed.direction <> 'none' and observed.value is not null
                then rank() over by_value
        end as rank,
        rank is not null
        and count(*) over (by_value range between current row and current row) > 1 as tied
    from observed
    window
        by_value as (
            partition by observed.position
            order by
                case
                    when observed.direction = 'lower' then 1
                    else -1
                end * round(observed.value, observed.decimals) nulls last
        )

)

select
    ranked.indicator_id,
    ranked.position,
    ranked.direction,
    ranked.area_code,
    unit.area_name,
    unit.area_name_en,
    coalesce(unit.county_name, unit.city_name) as city_name,
    coalesce(unit.county_name_en, unit.city_name_en) as city_name_en,
    unit.region_code,
    unit.region_name_en,
    ranked.value,
    ranked.numerator,
    ranked.denominator,
    ranked.status,
    ranked.target_status,
    ranked.gap,
    ranked.change_previous,
    ranked.change_year,
    ranked.sample,
    ranked.rank,
    ranked.tied
from ranked
inner join unit
    on
        ranked.level = unit.level
        and ranked.area_code = unit.area_code
order by ranked.position, ranked.area_code
