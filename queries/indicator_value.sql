-- What is the value of the chosen indicators for the chosen groups of areas and periods?
-- Grain: one row per indicator, level, group and period; also where nothing was reported.
-- Parameters: $indicators, $periods, $levels, $areas (lists of text; no areas: all of the level)
with

asked as (

    select
        indicator.indicator_id,
        indicator.position,
        indicator.unit,
        dataset.level as reporting_level,
        group_name.group_code,
        group_name.level,
        (group_name.level = 'county' and dataset.level = 'city')
        or (group_name.level = 'township' and dataset.level <> 'township') as is_below,
        group_name.group_name,
        group_name.group_name_en,
        unnest($periods) as period
    from indicator
    inner join dataset on indicator.dataset_id = dataset.dataset_id
    cross join group_name
    where
        indicator.indicator_id in $indicators
        and group_name.level in $levels
        and (
            len($areas) = 0
            or group_name.group_code in $areas
            or (
                group_name.level in ('county', 'township')
                and group_name.group_code in (
                    select area_group.area_code
                    from area_group
                    where area_group.group_code in $areas
                )
            )
        )

),

expected as (

    select
        area_group.group_code,
        area_group.level,
        unit.level as reporting_level,
        cast(count(*) as integer) as areas_expected
    from area_group
    inner join unit on area_group.area_code = unit.area_code
    group by area_group.group_code, area_group.level, unit.level

)

select
    asked.indicator_id as indicator,
    asked.group_code as area_code,
    asked.group_name as area_name,
    asked.group_name_en as area_name_en,
    asked.level,
    asked.period,
    published.numerator,
    published.denominator,
    published.value,
    asked.unit,
    -- a figure of cities says nothing of a county, one of counties nothing of a township
    if(
        asked.is_below,
        'not_applicable',
        coalesce(published.status, 'missing')
    ) as status,
    coalesce(published.areas_reporting, 0) as areas_reporting,
    if(
        asked.is_below,
        0,
        expected.areas_expected
    ) as areas_expected,
    coalesce(published.sample, false) as sample
from asked
left join expected
    on
        asked.group_code = expected.group_code
        and asked.level = expected.level
        and asked.reporting_level = expected.reporting_level
left join published_observation as published
    on
        asked.indicator_id = published.indicator_id
        and asked.group_code = published.group_code
        and asked.level = published.level
        and asked.period = published.period
order by asked.position, asked.period, asked.level, asked.group_code
