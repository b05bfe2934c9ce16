-- Writes the few rows that the catalogue itself holds into files; every vintage stays as it is.
-- Grain: one row per table written.
call ducklake_flush_inlined_data('lake')
