-- Writes the areas picked for places as a file writes them.
-- Parameters: $written, $area_codes (lists of text, side by side), $picked_by (text),
--   $picked_at (timestamp)
insert into lake.area_name_pick by name
select
    unnest($written) as written,
    unnest($area_codes) as area_code,
    $picked_by as picked_by,
    $picked_at as picked_at
