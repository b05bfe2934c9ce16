-- How many cells does the attached lake hold?
-- Grain: one row.
select count(*) as cells
from lake.observation
