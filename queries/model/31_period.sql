-- The periods with data, each with the one before and the same of the year before.
-- Grain: one row per period.
create table period as
select
    period,
    cast(left(period, 4) as integer) as year,
    cast(right(period, 1) as integer) as quarter,
    case
        when right(period, 1) = '1' then cast(left(period, 4) as integer) - 1 || 'Q4'
        else left(period, 5) || cast(right(period, 1) as integer) - 1
    end as previous_period,
    cast(left(period, 4) as integer) - 1 || right(period, 2) as period_year_before
from (select distinct dataset_period.period from dataset_period) as reported_period
