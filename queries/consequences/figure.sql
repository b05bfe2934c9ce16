-- Every figure of the periods judged as it is, as it would be, and what it is to be compared with.
-- A figure is compared with the one stored of its own quarter, or where there is none with that of
-- the quarter before; never sample with real, nor a group with itself when more areas had reported.
-- Of the areas that report, areas_valued have a value of their own.
-- Grain: one row per indicator, period, level and group.
-- Parameters: $periods (list of text)
create table main.figure as
with

-- of those counted as reporting, the areas without a value of their own: a share of nothing is none
inapplicable as (

    select
        own.indicator_id,
        own.period,
        area_group.level,
        area_group.group_code,
        count(*) as areas
    from after.published_observation as own
    inner join after.area_group
        on own.group_code = area_group.area_code
    where
        own.period in $periods
        and own.areas_reporting = 1
        and own.status = 'not_applicable'
        and own.level in (select dataset.level from after.dataset)
    group by own.indicator_id, own.period, area_group.level, area_group.group_code

),

inapplicable_before as (

    select
        own.indicator_id,
        own.period,
        area_group.level,
        area_group.group_code,
        count(*) as areas
    from before.published_observation as own
    inner join before.area_group
        on own.group_code = area_group.area_code
    where
        own.period in $periods
        and own.areas_reporting = 1
        and own.status = 'not_applicable'
        and own.level in (select dataset.level from before.dataset)
    group by own.indicator_id, own.period, area_group.level, area_group.group_code

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
        coalesce(earlier.areas_reporting, 0) - coalesce(inapplicable_before.areas, 0)
            as areas_valued_before,
        coalesce(earlier.sample, false) as sample_before,
        earlier.target_status as target_status_before,
        earlier.target_due as target_due_before,
        later.value,
        coalesce(later.status, 'missing') as status,
        coalesce(later.areas_reporting, 0) as areas,
        coalesce(later.areas_reporting, 0) - coalesce(inapplicable.areas, 0) as areas_valued,
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
    left join inapplicable
        on
            later.indicator_id = inapplicable.indicator_id
            and later.period = inapplicable.period
            and later.level = inapplicable.level
            and later.group_code = inapplicable.group_code
    left join inapplicable_before
        on
            earlier.indicator_id = inapplicable_before.indicator_id
            and earlier.period = inapplicable_before.period
            and earlier.level = inapplicable_before.level
            and earlier.group_code = inapplicable_before.group_code
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
