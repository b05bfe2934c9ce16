-- Which counties made the change of a group's figure from one quarter to another?
-- A figure is factor × ΣN ÷ ΣD over the counties that are known. On the way from D to D', from N to
-- N', a county adds factor × (ΔN × (D + D') ÷ 2 − ΔD × (N + N') ÷ 2) ÷ (D × D'), and all counties
-- together add exactly the change: docs/decisions/0016. The way has three steps: those no longer
-- known leave, those known in both quarters change, those newly known enter. Where the counties
-- known in both quarters have no denominator, it is taken in one step. A figure without a
-- denominator changes by differences.
-- The quarter before as it was first told, if given, makes a step before these: its revision.
-- Grain: one row per county.
-- Parameters: $indicator_id, $period, $base_period, $level, $group_code (text),
--   $told_areas (list of text), $told_numerators, $told_denominators (lists of numbers beside it)
with

chosen as (

    select
        indicator.indicator_id,
        indicator.dataset_id,
        indicator.factor,
        indicator.has_denominator,
        dataset.level
    from indicator
    inner join dataset on indicator.dataset_id = dataset.dataset_id
    where indicator.indicator_id = $indicator_id

),

told as (

    select
        unnest(cast($told_areas as varchar[])) as area_code,
        unnest(cast($told_numerators as double[])) as numerator,
        unnest(cast($told_denominators as double[])) as denominator

),

computed as (

    select
        area_indicator.area_code,
        area_indicator.period,
        area_indicator.numerator,
        area_indicator.denominator,
        area_indicator.known,
        area_indicator.not_applicable
    from area_indicator
    where
        area_indicator.indicator_id = $indicator_id
        and area_indicator.period in ($period, $base_period)

),

-- the submission that set the last of the indicator's cells
set_by as (

    select
        measure_value.area_code,
        measure_value.period,
        max(measure_value.vintage) as submission
    from measure_value
    inner join chosen on measure_value.dataset_id = chosen.dataset_id
    inner join indicator_measure
        on
            chosen.indicator_id = indicator_measure.indicator_id
            and measure_value.measure_id = indicator_measure.measure_id
    where measure_value.period in ($period, $base_period)
    group by measure_value.area_code, measure_value.period

),

side as (

    select
        unit.area_code,
        unit.area_name,
        unit.area_name_en,
        unit.city_name,
        unit.city_name_en,
        chosen.factor,
        chosen.has_denominator,
        told.area_code is not null as was_told,
        told.numerator as told_numerator,
        told.denominator as told_denominator,
        coalesce(before.known, false) as known_before,
        if(before.known, before.numerator, null) as numerator_before,
        if(before.known, before.denominator, null) as denominator_before,
        coalesce(before.not_applicable, false) as not_applicable_before,
        before_set.submission as submission_before,
        coalesce(after.known, false) as known_after,
        if(after.known, after.numerator, null) as numerator_after,
        if(after.known, after.denominator, null) as denominator_after,
        coalesce(after.not_applicable, false) as not_applicable_after,
        after_set.submission as submission_after
    from chosen
    inner join area_group
        on
            area_group.level = $level
            and area_group.group_code = $group_code
    inner join unit
        on
            area_group.area_code = unit.area_code
            and chosen.level = unit.level
    left join told on unit.area_code = told.area_code
    left join computed as before
        on
            unit.area_code = before.area_code
            and before.period = $base_period
    left join computed as after
        on
            unit.area_code = after.area_code
            and after.period = $period
    left join set_by as before_set
        on
            unit.area_code = before_set.area_code
            and before_set.period = $base_period
    left join set_by as after_set
        on
            unit.area_code = after_set.area_code
            and after_set.period = $period

),

-- whether the counties known in both quarters have a figure of their own in both
middle as (

    select
        coalesce(
            bool_and(not side.has_denominator)
            or (sum(side.denominator_before) <> 0 and sum(side.denominator_after) <> 0),
            false
        ) as stands
    from side
    where side.known_before and side.known_after

),

step as (

    select
        'revision' as step,
        side.area_code,
        side.told_numerator as n,
        side.told_denominator as d,
        side.numerator_before as n_next,
        side.denominator_before as d_next
    from side
    where len($told_areas) > 0
    union all by name
    select
        'leave' as step,
        side.area_code,
        side.numerator_before as n,
        side.denominator_before as d,
        if(side.known_after, side.numerator_before, null) as n_next,
        if(side.known_after, side.denominator_before, null) as d_next
    from side
    cross join middle
    where middle.stands
    union all by name
    select
        'change' as step,
        side.area_code,
        side.numerator_before as n,
        side.denominator_before as d,
        side.numerator_after as n_next,
        side.denominator_after as d_next
    from side
    cross join middle
    where (side.known_before and side.known_after) or not middle.stands
    union all by name
    select
        'enter' as step,
        side.area_code,
        if(side.known_before, side.numerator_after, null) as n,
        if(side.known_before, side.denominator_after, null) as d,
        side.numerator_after as n_next,
        side.denominator_after as d_next
    from side
    cross join middle
    where middle.stands

),

moved as (

    select
        step.step,
        step.area_code,
        coalesce(step.n_next, 0) - coalesce(step.n, 0) as n_moved,
        coalesce(step.d_next, 0) - coalesce(step.d, 0) as d_moved,
        sum(step.n) over whole as n,
        sum(step.d) over whole as d,
        sum(step.n_next) over whole as n_next,
        sum(step.d_next) over whole as d_next
    from step
    window whole as (partition by step.step)

),

part as (

    select
        moved.step,
        moved.area_code,
        chosen.factor
        * if(
            chosen.has_denominator,
            moved.n_moved * (moved.d + moved.d_next) / 2 / nullif(moved.d * moved.d_next, 0),
            moved.n_moved
        ) as by_numerator,
        chosen.factor
        * if(
            chosen.has_denominator,
            -moved.d_moved * (moved.n + moved.n_next) / 2 / nullif(moved.d * moved.d_next, 0),
            0
        ) as by_denominator
    from moved
    cross join chosen

),

added as (

    select
        part.area_code,
        sum(part.by_numerator) filter (where part.step <> 'revision') as by_numerator,
        sum(part.by_denominator) filter (where part.step <> 'revision') as by_denominator,
        sum(part.by_numerator + part.by_denominator) filter (
            where part.step <> 'revision'
        ) as contribution,
        sum(part.by_numerator + part.by_denominator) filter (
            where part.step = 'revision'
        ) as revision
    from part
    group by part.area_code

)

select
    side.area_code,
    side.area_name,
    side.area_name_en,
    side.city_name,
    side.city_name_en,
    case
        when side.known_before and side.known_after then 'both'
        when side.known_after then 'entered'
        when side.known_before then 'left'
        else 'neither'
    end as kind,
    -- of a county that is not known there is no part, rather than one of zero
    if(side.known_before or side.known_after, added.contribution, null) as contribution,
    if(side.known_before or side.known_after, added.by_numerator, null) as by_numerator,
    if(side.known_before or side.known_after, added.by_denominator, null) as by_denominator,
    side.numerator_before,
    side.denominator_before,
    side.numerator_after,
    side.denominator_after,
    side.not_applicable_before,
    side.not_applicable_after,
    side.submission_before,
    side.submission_after,
    len($told_areas) > 0
    and (
        side.was_told <> side.known_before
        or side.told_numerator is distinct from side.numerator_before
        or side.told_denominator is distinct from side.denominator_before
    ) as revised,
    side.told_numerator as numerator_told,
    side.told_denominator as denominator_told,
    if(side.was_told or side.known_before, added.revision, null) as revision
from side
left join added on side.area_code = added.area_code
order by abs(contribution) desc nulls last, side.area_code
