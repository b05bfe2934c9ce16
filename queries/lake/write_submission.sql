-- Writes a submission into the ledger of submissions.
-- Parameters: $vintage, $row_count, $added, $changed, $removed, $reverts (integer), $dataset_id,
--   $file_name, $sha256, $submitted_by, $note, $explanation (text), $periods (list of text),
--   $submitted_at (timestamp), $sample (boolean)
insert into lake.submission by name
select
    $vintage as vintage,
    $dataset_id as dataset_id,
    $periods as periods,
    $file_name as file_name,
    $sha256 as sha256,
    $submitted_by as submitted_by,
    $submitted_at as submitted_at,
    $note as note,
    $explanation as explanation,
    $row_count as row_count,
    $added as added,
    $changed as changed,
    $removed as removed,
    $sample as sample,
    $reverts as reverts
