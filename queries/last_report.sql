-- When did one county last report each dataset, up to a quarter?
-- Grain: one row per dataset.
-- Parameters: $area_code, $period (text)
with

newest as (

    select
        area_report.dataset_id,
        max(area_report.period) as period,
        arg_max(area_report.vintage, area_report.period) as vintage,
        arg_max(area_report.sample, area_report.period) as sample
    from area_report
    where
        area_report.area_code = $area_code
        and area_report.period <= $period
    group by area_report.dataset_id

)

select
    dataset.dataset_id,
    newest.period,
    newest.vintage,
    newest.sample,
    submission.submitted_at,
    submission.explanation
from dataset
left join newest on dataset.dataset_id = newest.dataset_id
left join submission on newest.vintage = submission.vintage
where dataset.level = 'county'
order by dataset.dataset_id
