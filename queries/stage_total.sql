-- How much of each stage do the chosen groups of areas report, flows as year to date?
-- An area counts in all stages or in none: only where it reports every one of them.
-- Where cells of a group are hidden, the totals that may be told, and these only if every area
-- counts: else they would be of other areas.
-- Grain: one row per measure and group.
-- Parameters: $dataset_id, $period (text), $measures, $groups (lists; groups as level/code)
with

stage as (

    select
        area_code,
        measure_id,
        value,
        sample,
        count(*) filter (
            where value is not null or status = 'suppressed'
        ) over (partition by area_code) = len($measures) as complete,
        count(*) filter (
            where status = 'suppressed'
        ) over (partition by area_code) > 0 as hidden
    from measure_value
    where
        dataset_id = $dataset_id
        and period = $period
        and kind <> 'standard'
        and measure_id in $measures

)

select
    stage.measure_id,
    area_group.level,
    area_group.group_code,
    group_name.group_name,
    group_name.group_name_en,
    case
        when not bool_or(stage.hidden) then sum(stage.value) filter (where stage.complete)
        when not bool_and(stage.complete) then null
        when bool_or(kept_total.measure_id is not null) then any_value(kept_total.whole)
        else sum(stage.value)
    end as value,
    cast(count(*) filter (where stage.complete) as integer) as areas_reporting,
    cast(count(*) as integer) as areas_expected,
    bool_or(stage.sample) as sample
from stage
inner join area_group on stage.area_code = area_group.area_code
inner join group_name
    on
        area_group.level = group_name.level
        and area_group.group_code = group_name.group_code
left join kept_total
    on
        stage.measure_id = kept_total.measure_id
        and kept_total.dataset_id = $dataset_id
        and kept_total.period = $period
        and area_group.level = kept_total.level
        and area_group.group_code = kept_total.group_code
where area_group.level || '/' || area_group.group_code in $groups
group by
    stage.measure_id,
    area_group.level,
    area_group.group_code,
    group_name.group_name,
    group_name.group_name_en
order by area_group.level, area_group.group_code, stage.measure_id
