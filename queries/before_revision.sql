-- What was the vintage before the last submission that changed or took away stored cells of a
-- dataset, and when was it stored?
-- Grain: one row per vintage.
-- Parameters: $dataset_id (text)
with

revision as (

    select max(submission.vintage) as vintage
    from submission
    where
        submission.dataset_id = $dataset_id
        and submission.changed + submission.removed > 0

)

select
    submission.vintage,
    submission.submitted_at
from submission
inner join revision on submission.vintage < revision.vintage
order by submission.vintage desc
limit 1
