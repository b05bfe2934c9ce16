-- When did one county last report each dataset, up to a quarter?
-- Grain: one row per dataset.
-- Parameters: $area_code, $period (text)
with

told as (

    select
        reported.dataset_id,
        max(reported.period) as period
    from reported
    where
        reported.area_code = $area_code
        and reported.status <> 'missing'
        and reported.period <= $period
    group by reported.dataset_id

),

newest as (

    select
        told.dataset_id,
        told.period,
        max(reported.vintage) as vintage,
        bool_or(reported.sample) as sample
    from told
    inner join reported
        on
            told.dataset_id = reported.dataset_id
            and told.period = reported.period
    where
        reported.area_code = $area_code
        and reported.status <> 'missing'
    group by told.dataset_id, told.period

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
