-- How much of each measure do the chosen groups of areas report?
-- Only stocks and the quarter's own amount of flows are added up; a standard never is.
-- Where cells of a group are hidden, the total that may be told, or that it is suppressed.
-- Grain: one row per measure and group.
-- Parameters: $dataset_id, $period (text), $measures, $groups (lists; groups as level/code)
select
    measure_value.measure_id,
    area_group.level,
    area_group.group_code,
    group_name.group_name,
    group_name.group_name_en,
    if(
        bool_or(kept_total.measure_id is not null),
        any_value(kept_total.value),
        sum(
            case
                when measure_value.kind = 'flow' then measure_value.quarter
                else measure_value.value
            end
        )
    ) as value,
    case
        when count(kept_total.value) > 0 then 'observed'
        when bool_or(kept_total.measure_id is not null) then 'suppressed'
        when
            count(
                if(measure_value.kind = 'flow', measure_value.quarter, measure_value.value)
            ) = 0
            then 'missing'
        else 'observed'
    end as status,
    cast(
        count(*) filter (
            where measure_value.value is not null or measure_value.status = 'suppressed'
        ) as integer
    ) as areas_reporting,
    cast(count(*) as integer) as areas_expected,
    bool_or(measure_value.sample) as sample
from measure_value
inner join area_group on measure_value.area_code = area_group.area_code
inner join group_name
    on
        area_group.level = group_name.level
        and area_group.group_code = group_name.group_code
left join kept_total
    on
        measure_value.dataset_id = kept_total.dataset_id
        and measure_value.measure_id = kept_total.measure_id
        and measure_value.period = kept_total.period
        and area_group.level = kept_total.level
        and area_group.group_code = kept_total.group_code
where
    measure_value.dataset_id = $dataset_id
    and measure_value.period = $period
    and measure_value.kind <> 'standard'
    and measure_value.measure_id in $measures
    and area_group.level || '/' || area_group.group_code in $groups
group by
    measure_value.measure_id,
    area_group.level,
    area_group.group_code,
    group_name.group_name,
    group_name.group_name_en
order by area_group.level, area_group.group_code, measure_value.measure_id
