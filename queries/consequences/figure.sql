-- Every figure of the periods judged as it is, as it would be, and what it is to be compared with.
-- A figure is compared with the one stored of its own quarter, or where there is none with that of
-- the quarter before; never sample with real, nor a group with itself when more areas had reported.
-- Of the areas that report, areas_valued have a value of their own.
-- Grain: one row per indicator, period, level and group.
-- Parameters: $periods (list of text)
create table main.figure as
with

own as (

    select
        'after' as model,
        indicator_id,
        period,
        level,
        group_code as area_code,
        areas_reporting,
        status
    from after.published_observation
    where period in $periods
    union all
    select
        'before' as model,
        indicator_id,
        period,
        level,
        group_code as area_code,
        areas_reporting,
        status
    from before.published_observation
    where period in $periods

),

-- of those counted as reporting, the areas without a value of their own: a share of nothing is none
inapplicable as (

    select
        own.model,
        own.indicator_id,
        own.period,
        area_group.level,
        area_group.group_code,
        count(*) as areas
    from own
    inner join after.indicator
        on own.indicator_id = indicator.indicator_id
    inner join after.dataset
        on
            indicator.dataset_id = dataset.dataset_id
            and own.level = dataset.level
    inner join after.area_group
        on own.area_code = area_group.area_code
    where
        own.areas_reporting = 1
        and own.status = 'not_applicable'
    group by own.model, own.indicator_id, own.period, area_group.level, area_group.group_code

),

known as (

    select
        coalesce(later.indicator_id, earlier.indicator_id) as indicator_id,
        coalesce(later.period, earlier.period) as period,
        coalesce(later.level, earlier.level) as level,
        coalesce(later.group_code, earlier.group_code) as group_code,
        earlier.value as value_before,
        coalesce(earlier.status, 'missing') as status_before,
        coalesce(earlier.areas_reporting, 0) as areas_before,
        coalesce(earlier.areas_reporting, 0) - coalesce(without_before.areas, 0)
            as areas_valued_before,
        coalesce(earlier.sample, false) as sample_before,
        earlier.target_status as target_status_before,
        earlier.target_due as target_due_before,
        later.value,
        coalesce(later.status, 'missing') as status,
        coalesce(later.areas_reporting, 0) as areas,
        coalesce(later.areas_reporting, 0) - coalesce(without_after.areas, 0) as areas_valued,
        coalesce(later.areas_expected, earlier.areas_expected) as areas_expected,
        coalesce(later.sample, false) as sample,
        later.target_status,
        later.target_due
    from after.published_observation as later
    full join before.published_observation as earlier
        on
            later.indicator_id = earlier.indicator_id
            and later.period = earlier.period
            and later.level = earlier.level
            and later.group_code = earlier.group_code
    left join inapplicable as without_after
        on
            without_after.model = 'after'
            and later.indicator_id = without_after.indicator_id
            and later.period = without_after.period
            and later.level = without_after.level
            and later.group_code = without_after.group_code
    left join inapplicable as without_before
        on
            without_before.model = 'before'
            and earlier.indicator_id = without_before.indicator_id
            and earlier.period = without_before.period
            and earlier.level = without_before.level
            and earlier.group_code = without_before.group_code
    where
        coalesce(later.period, earlier.period) in $periods
        and coalesce(later.level, earlier.level) <> 'pilot_region'

)

select
    indicator.position,
    indicator.direction,
    indicator.decimals,
    known.*,
    previous.value as value_previous,
    previous.period as previous_period,
    case
        when known.value is null then null
        when known.value_before is not null and known.sample = known.sample_before then 'stored'
        when previous.value is not null then 'previous'
    end as base,
    case base
        when 'stored' then known.value_before
        when 'previous' then previous.value
    end as base_value,
    case base
        when 'stored' then known.target_status_before
        when 'previous' then previous.target_status
    end as base_target_status,
    case base
        when 'stored' then known.target_due_before
        when 'previous' then previous.target_due
    end as base_target_due
from known
inner join after.indicator
    on known.indicator_id = indicator.indicator_id
left join after.period
    on known.period = period.period
left join after.published_observation as previous
    on
        known.indicator_id = previous.indicator_id
        and period.previous_period = previous.period
        and known.level = previous.level
        and known.group_code = previous.group_code
        and known.sample = previous.sample
        and (known.level = 'county' or known.areas >= previous.areas_reporting)
