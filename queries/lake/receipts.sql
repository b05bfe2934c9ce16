-- When did the areas first report a dataset in a quarter?
-- An area counts from its first cell that is not missing, whatever became of it later.
-- Grain: one row per dataset, area and sample flag.
-- Parameters: $period (text), $last_snapshot (integer)
select
    insertion.dataset_id,
    insertion.area_code,
    insertion.sample,
    min(submission.submitted_at) as first_at
from lake.table_insertions('observation', 0, $last_snapshot) as insertion
inner join lake.submission on insertion.vintage = submission.vintage
where
    insertion.period = $period
    and insertion.status <> 'missing'
group by insertion.dataset_id, insertion.area_code, insertion.sample
order by insertion.dataset_id, insertion.area_code, insertion.sample
