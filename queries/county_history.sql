-- How have the chosen indicators moved in one county over the last quarters?
-- Sample is left out where the last value is real.
-- Grain: one row per indicator and period.
-- Parameters: $indicators (list of text), $area_code, $period (text)
with

known as (

    select
        published.indicator_id,
        published.period,
        published.value,
        published.sample,
        last_value(published.sample) over (
            partition by published.indicator_id
            order by published.period
            rows between unbounded preceding and unbounded following
        ) as sample_now,
        4 * cast(left(published.period, 4) as integer)
        + cast(right(published.period, 1) as integer) as quarter_number
    from published_observation as published
    where
        published.indicator_id in $indicators
        and published.level = 'county'
        and published.group_code = $area_code
        and published.period between quarter_before($period, 7) and $period
        and published.value is not null

)

select
    indicator_id,
    period,
    value
from known
where
    sample = sample_now
    and quarter_number
    > 4 * cast(left($period, 4) as integer) + cast(right($period, 1) as integer) - 8
order by indicator_id, period
