-- Which area is alike which? A table to be joined: read once, while lists are read each time.
-- Grain: one row per area and one alike.
-- Parameters: $own_codes, $peer_codes (lists of one length)
select
    cast(unnest($own_codes) as varchar) as area_code,
    cast(unnest($peer_codes) as varchar) as peer_code
