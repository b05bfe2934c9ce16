-- How many areas of a group have reported each dataset for a period, of how many?
-- Grain: one row per dataset. Those that no area of the group owes are not there.
-- Parameters: $period, $level, $group_code (text)
select
    dataset.dataset_id as dataset,
    count(area_report.area_code) as reported,
    count(*) as expected,
    coalesce(bool_or(area_report.sample), false) as sample
from dataset
inner join unit on dataset.level = unit.level
inner join area_group
    on
        unit.area_code = area_group.area_code
        and area_group.level = $level
        and area_group.group_code = $group_code
left join area_report
    on
        dataset.dataset_id = area_report.dataset_id
        and unit.area_code = area_report.area_code
        and area_report.period = $period
group by dataset.dataset_id
