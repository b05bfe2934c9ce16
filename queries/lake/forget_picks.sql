-- Takes away what was picked for places that are now picked anew.
-- Parameters: $written (list of text)
delete from lake.area_name_pick
where area_name_pick.written in $written
