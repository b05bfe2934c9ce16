-- Leave out the quarters that are not released to people outside.
-- Grain: one row per dataset, area, period, measure and sample flag.
-- Parameters: $periods (list of text)
delete from observation
where not list_contains($periods, observation.period)
