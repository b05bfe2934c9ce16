-- With which submission did the data of a quarter begin to come, sample or real, if it or a later
-- one touched the quarters that it is compared with?
-- Grain: one row per vintage.
-- Parameters: $dataset_id, $period (text), $sample (boolean), $base_periods (list of text)
with

first_of_quarter as (

    select min(submission.vintage) as vintage
    from submission
    where
        submission.dataset_id = $dataset_id
        and list_contains(submission.periods, $period)
        and submission.sample = $sample

)

select first_of_quarter.vintage
from first_of_quarter
where
    first_of_quarter.vintage <= (
        select max(submission.vintage)
        from submission
        where
            submission.dataset_id = $dataset_id
            and list_has_any(submission.periods, $base_periods)
    )
