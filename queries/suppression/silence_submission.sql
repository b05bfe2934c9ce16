-- Leave out what was written beside the submissions: it may tell numbers.
-- Grain: one row per submission.
update submission
set explanation = null
