-- How much of each stage do the chosen groups of areas report, flows as year to date?
-- An area counts in all stages or in none: only where it reports every one of them.
-- Grain: one row per measure and group.
-- Parameters: $dataset_id, $period (text), $measures, $groups (lists; groups as level/code)
with

stage as (

    select
        area_code,
        measure_id,
        value,
        sample,
        count(value) over (partition by area_code) = len($measures) as complete
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
    sum(stage.value) filter (where stage.complete) as value,
    cast(count(*) filter (where stage.complete) as integer) as areas_reporting,
    cast(count(*) as integer) as areas_expected,
    bool_or(stage.sample) as sample
from stage
inner join area_group on stage.area_code = area_group.area_code
inner join group_name
    on
        area_group.level = group_name.level
        and area_group.group_code = group_name.group_code
where area_group.level || '/' || area_group.group_code in $groups
group by
    stage.measure_id,
    area_group.level,
    area_group.group_code,
    group_name.group_name,
    group_name.group_name_en
order by area_group.level, area_group.group_code, stage.measure_id
