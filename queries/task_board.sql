-- How does each task of the notice stand in the cities of a group?
-- A task is overdue as the indicator tasks_overdue counts it.
-- Grain: one row per area and item.
-- Parameters: $period, $level, $group_code (text)
with

answer as (

    select
        measure_value.area_code,
        measure_value.item,
        measure_value.sample,
        split_part(measure_value.measure_id, '.', 2) as field,
        measure_value.value,
        wording.words
    from measure_value
    inner join area_group
        on
            measure_value.area_code = area_group.area_code
            and area_group.level = $level
            and area_group.group_code = $group_code
    left join wording
        on
            measure_value.kind = 'text'
            and measure_value.value = wording.number
    where
        measure_value.dataset_id = 'work_tasks'
        and measure_value.period = $period

),

told as (

    select
        answer.area_code,
        answer.item,
        bool_or(answer.sample) as sample,
        any_value(answer.words) filter (where answer.field = 'lead_office') as lead_office,
        any_value(answer.value) filter (where answer.field = 'due') as due,
        any_value(answer.value) filter (where answer.field = 'status') as status,
        any_value(answer.value) filter (where answer.field = 'progress') as progress,
        any_value(answer.words) filter (where answer.field = 'problem') as problem,
        any_value(answer.value) filter (where answer.field = 'rectified_on') as rectified_on
    from answer
    group by answer.area_code, answer.item

),

judged as (

    select
        measure_wide.area_code,
        measure_wide.item,
        indicator_numerators(measure_wide)[indicator.place] > 0 as overdue
    from measure_wide
    inner join indicator on measure_wide.dataset_id = indicator.dataset_id
    where
        indicator.indicator_id = 'tasks_overdue'
        and measure_wide.period = $period

)

select
    told.area_code,
    unit.area_name,
    unit.area_name_en,
    unit.region_code,
    unit.region_name_en,
    told.item,
    told.lead_office,
    told.due,
    told.status,
    told.progress,
    told.problem,
    told.rectified_on,
    coalesce(judged.overdue, false) as overdue,
    told.sample
from told
inner join unit
    on
        told.area_code = unit.area_code
        and unit.level = 'city'
left join judged
    on
        told.area_code = judged.area_code
        and told.item = judged.item
order by told.area_code, told.item
