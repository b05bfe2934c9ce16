-- Which indicators of some datasets lie, in a quarter, far from their own history or their peers?
-- The robust z-score: the distance from the median in standard deviations, estimated by 1.4826
-- times the median absolute deviation. Where half are the same that is 0, and 1.2533 times
-- the mean absolute deviation stands for it; both are no less than the limits say.
-- Only known values count, and real ones are not held against sample ones.
-- Grain: one row per indicator, area and what it is held against (own, peers).
-- Parameters: $datasets (list), $level (of who reports them), $period (text), $quarters, $few,
--   $own, $among_peers, $least_share, $least_steps, $least_points (numbers)
-- Tables: peer (area_code, peer_code: an area and one alike)
with

-- values that may be held against each other: those of one area, and those of the quarter
earlier as (

    select
        published.indicator_id,
        published.group_code as area_code,
        published.sample,
        list(published.value) as held
    from published_observation as published
    inner join indicator on published.indicator_id = indicator.indicator_id
    where
        indicator.dataset_id in $datasets
        and published.level = $level
        and published.period
        between quarter_before($period, cast($quarters as integer)) and quarter_before($period, 1)
        and published.status = 'observed'
        and published.value is not null
    group by
        published.indicator_id,
        published.group_code,
        published.sample

),

now as (

    select
        indicator.dataset_id,
        indicator.indicator_id,
        indicator.decimals,
        published.group_code as area_code,
        published.sample,
        published.value,
        greatest(
            $least_steps * 10.0 ** (-indicator.decimals),
            if(indicator.unit = 'percent', $least_points, 0)
        ) as least
    from published_observation as published
    inner join indicator on published.indicator_id = indicator.indicator_id
    where
        indicator.dataset_id in $datasets
        and published.level = $level
        and published.period = $period
        and published.status = 'observed'
        and published.value is not null

),

beside as (

    select
        now.indicator_id,
        peer.area_code,
        now.sample,
        list(now.value) as held
    from now
    inner join peer on now.area_code = peer.peer_code
    group by now.indicator_id, peer.area_code, now.sample

),

compared as (

    select
        now.*,
        earlier.held,
        'own' as held_against,
        $own as times
    from now
    inner join earlier
        on
            now.indicator_id = earlier.indicator_id
            and now.area_code = earlier.area_code
            and now.sample = earlier.sample
    union all by name
    select
        now.*,
        beside.held,
        'peers' as held_against,
        $among_peers as times
    from now
    inner join beside
        on
            now.indicator_id = beside.indicator_id
            and now.area_code = beside.area_code
            and now.sample = beside.sample

),

spread as (

    select
        compared.*,
        list_min(compared.held) as low,
        list_max(compared.held) as high
    from compared
    where len(compared.held) >= $few

),

-- few can be far from a median between the lowest and the highest: only theirs is worked out, by
-- whichever filter comes first (0.99 is room for rounding)
measured as materialized (

    select
        spread.*,
        case
            when
                greatest(abs(spread.value - spread.low), abs(spread.value - spread.high))
                > 0.99 * spread.times * spread.least
                and greatest(
                    abs(spread.value - spread.low)
                    - 0.99 * spread.times * $least_share * abs(spread.low),
                    abs(spread.value - spread.high)
                    - 0.99 * spread.times * $least_share * abs(spread.high),
                    if(spread.low < 0 and spread.high > 0, abs(spread.value), 0)
                ) > 0
                then list_median(spread.held)
        end as middle
    from spread

),

judged as (

    select
        measured.*,
        list_transform(
            measured.held, lambda each: abs(each - measured.middle)  -- noqa: RF03
        ) as apart,
        greatest(
            if(
                list_median(apart) > 0,
                1.4826 * list_median(apart),
                1.2533 * list_avg(apart)
            ),
            measured.least,
            $least_share * abs(measured.middle)
        ) as deviation
    from measured
    where
        abs(measured.value - measured.middle)
        > measured.times * greatest(measured.least, $least_share * abs(measured.middle))

),

far as (

    select
        judged.*,
        len(judged.held) as count
    from judged
    where
        abs(judged.value - judged.middle) > judged.times * judged.deviation
        and round(judged.value, judged.decimals) <> round(judged.middle, judged.decimals)

),

stored as (

    select
        indicator_measure.indicator_id,
        measure_value.area_code,
        max(measure_value.vintage) as vintage
    from measure_value
    inner join indicator on measure_value.dataset_id = indicator.dataset_id
    inner join indicator_measure
        on
            indicator.indicator_id = indicator_measure.indicator_id
            and measure_value.measure_id = indicator_measure.measure_id
    semi join far
        on
            indicator_measure.indicator_id = far.indicator_id
            and measure_value.area_code = far.area_code
    where
        measure_value.dataset_id in (select unnest($datasets))
        and measure_value.period = $period
    group by indicator_measure.indicator_id, measure_value.area_code

)

select
    far.dataset_id,
    far.area_code,
    null as measure_id,
    far.indicator_id,
    far.value,
    far.middle as against,
    (far.value - far.middle) / far.deviation as z,
    far.count,
    far.held_against,
    far.sample,
    stored.vintage,
    submission.explanation
from far
left join stored
    on
        far.indicator_id = stored.indicator_id
        and far.area_code = stored.area_code
left join submission on stored.vintage = submission.vintage
order by far.indicator_id, far.area_code, far.held_against
