-- What do the chosen indicators say of one group of areas, and what has changed?
-- A change is taken over the areas known in both periods (like for like), never across the border
-- between sample and real data. Of a figure that is not shown no change is.
-- Of the areas_reporting, areas_valued have a value of their own; a share of nothing is none.
-- Grain: one row per indicator.
-- Parameters: $indicators (list of text), $period, $level, $group_code (text)
with

base_period as (

    select
        'previous' as base,
        period.previous_period as period
    from period
    where period.period = $period
    union all
    select
        'year' as base,
        period.period_year_before as period
    from period
    where period.period = $period

),

matched as (

    select
        base_period.base,
        current_area.indicator_id,
        count(*) as areas,
        sum(current_area.numerator) as numerator,
        sum(current_area.denominator) as denominator,
        sum(before.numerator) as numerator_before,
        sum(before.denominator) as denominator_before
    from area_indicator as current_area
    inner join area_group
        on
            current_area.area_code = area_group.area_code
            and area_group.level = $level
            and area_group.group_code = $group_code
    cross join base_period
    inner join area_indicator as before
        on
            base_period.period = before.period
            and current_area.indicator_id = before.indicator_id
            and current_area.area_code = before.area_code
            and current_area.sample = before.sample
    where
        current_area.period = $period
        and current_area.indicator_id in $indicators
        and before.period in (quarter_before($period, 1), quarter_before($period, 4))
        and current_area.known
        and before.known
    group by base_period.base, current_area.indicator_id

),

change as (

    select
        matched.base,
        matched.indicator_id,
        matched.areas,
        case
            when indicator.has_denominator
                then
                    indicator.factor * matched.numerator / nullif(matched.denominator, 0)
                    - indicator.factor
                    * matched.numerator_before
                    / nullif(matched.denominator_before, 0)
            else indicator.factor * (matched.numerator - matched.numerator_before)
        end as change
    from matched
    inner join indicator on matched.indicator_id = indicator.indicator_id

),

-- as published, so that the count tells no more of an area than its own figure does
inapplicable as (

    select
        own.indicator_id,
        count(*) as areas,
        count(*) filter (where own.areas_reporting = 1) as areas_reporting
    from published_observation as own
    inner join indicator on own.indicator_id = indicator.indicator_id
    inner join dataset
        on
            indicator.dataset_id = dataset.dataset_id
            and own.level = dataset.level
    inner join area_group
        on
            own.group_code = area_group.area_code
            and area_group.level = $level
            and area_group.group_code = $group_code
    where
        own.period = $period
        and own.indicator_id in $indicators
        and own.status = 'not_applicable'
    group by own.indicator_id

)

select
    indicator.indicator_id,
    published.value,
    published.numerator,
    published.denominator,
    if(
        ($level = 'county' and dataset.level = 'city')
        or ($level = 'township' and dataset.level <> 'township'),
        'not_applicable',
        coalesce(published.status, 'missing')
    ) as status,
    coalesce(published.target_status, 'none') as target_status,
    published.gap,
    coalesce(published.areas_reporting, 0) as areas_reporting,
    coalesce(published.areas_reporting, 0) - coalesce(inapplicable.areas_reporting, 0)
        as areas_valued,
    coalesce(inapplicable.areas, 0) as areas_not_applicable,
    published.areas_expected,
    coalesce(published.sample, false) as sample,
    if(published.status = 'suppressed', null, previous.change) as change_previous,
    coalesce(previous.areas, 0) as areas_previous,
    if(published.status = 'suppressed', null, year_before.change) as change_year,
    coalesce(year_before.areas, 0) as areas_year
from indicator
inner join dataset on indicator.dataset_id = dataset.dataset_id
left join published_observation as published
    on
        indicator.indicator_id = published.indicator_id
        and published.period = $period
        and published.level = $level
        and published.group_code = $group_code
left join change as previous
    on
        indicator.indicator_id = previous.indicator_id
        and previous.base = 'previous'
left join change as year_before
    on
        indicator.indicator_id = year_before.indicator_id
        and year_before.base = 'year'
left join inapplicable on indicator.indicator_id = inapplicable.indicator_id
where indicator.indicator_id in $indicators
order by indicator.position
