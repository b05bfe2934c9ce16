-- The texts of the attached lake, copied into memory.
-- Grain: one row per number.
create table wording as
select
    wording.number,
    wording.words
from lake.wording
