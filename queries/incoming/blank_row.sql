-- The rows of an upload that name an area and hold no figure.
-- Grain: one row per area and period.
create table blank_row as
select distinct
    blank_rows_handed_over.area_code,
    blank_rows_handed_over.period
from blank_rows_handed_over
