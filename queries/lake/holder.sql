-- Which submission holds the cells of a file: the one of the same file, or else the latest of them?
-- Grain: one row.
-- Parameters: $sha256 (text)
select
    coalesce(
        (
            select max(submission.vintage)
            from lake.submission
            where submission.sha256 = $sha256
        ),
        (
            select max(observation.vintage)
            from lake.observation
            inner join incoming_cell
                on
                    observation.dataset_id = incoming_cell.dataset_id
                    and observation.area_code = incoming_cell.area_code
                    and observation.period = incoming_cell.period
                    and observation.measure_id = incoming_cell.measure_id
                    and observation.sample = incoming_cell.sample
        )
    ) as vintage
