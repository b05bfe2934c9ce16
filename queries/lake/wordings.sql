-- What does each number of a text stand for?
-- Grain: one row per number.
select
    wording.number,
    wording.words
from lake.wording
