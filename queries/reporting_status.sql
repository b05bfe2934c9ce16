-- Which areas have reported which dataset for a period, and when?
-- Grain: one row per dataset, period and area.
-- Parameters: $periods (list of text; the periods asked for)
with

touched as (

    select area_report.*
    from area_report
    where area_report.period between list_min($periods) and list_max($periods)

),

asked as (

    select
        dataset.dataset_id,
        unnest($periods) as period,
        unit.area_code,
        unit.area_name,
        unit.area_name_en,
        unit.city_name,
        unit.city_name_en,
        unit.region_code
    from dataset
    inner join unit on dataset.level = unit.level

)

select
    asked.dataset_id as dataset,
    asked.period,
    asked.area_code,
    asked.area_name,
    asked.area_name_en,
    asked.city_name,
    asked.city_name_en,
    asked.region_code,
    touched.area_code is not null as reported,
    touched.vintage as submission,
    submission.submitted_at as "at",
    submission.submitted_by as "by",
    touched.sample
from asked
left join touched
    on
        asked.dataset_id = touched.dataset_id
        and asked.period = touched.period
        and asked.area_code = touched.area_code
left join submission on touched.vintage = submission.vintage
order by asked.period, asked.dataset_id, asked.area_code
