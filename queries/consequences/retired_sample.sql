-- Of which quarters would an upload retire the sample, and of how many areas?
-- Grain: one row per period.
-- Parameters: $periods (list of text)
select
    earlier.period,
    count(distinct reported.area_code) as areas
from before.dataset_period as earlier
inner join after.dataset_period as later on earlier.period = later.period
inner join before.reported
    on
        earlier.period = reported.period
        and reported.status <> 'missing'
where
    earlier.period in $periods
    and earlier.sample
    and not later.sample
group by earlier.period
order by earlier.period
