-- Build no more than some quarters of the datasets: the others are there for their flows alone.
-- Parameters: $quarters (list of text; dataset/period)
delete from dataset_period
where not list_contains($quarters, dataset_period.dataset_id || '/' || dataset_period.period)
