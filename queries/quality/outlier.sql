-- Which indicators of a quarter lie far from the area's own history, or from its peers?
-- The robust z-score: the distance from the median in standard deviations, estimated by 1.4826
-- times the median absolute deviation. Where half are the same that is 0, and 1.2533 times
-- the mean absolute deviation stands for it; both are no less than the limits say.
-- Only known values count, and real ones are not held against sample ones.
-- Grain: one row per indicator, area and what it is held against (own, peers).
-- Parameters: $period (text), $own_codes, $peer_codes (lists of one length: an area and one alike),
--   $quarters, $few, $own, $among_peers, $least_share, $least_steps, $least_points
--   (numbers)
with

peer as (

    select
        unnest($own_codes) as area_code,
        unnest($peer_codes) as peer_code

),

-- values that may be held against each other: those of one area, and those of the quarter
series as (

    select
        published.indicator_id,
        published.level,
        published.group_code as area_code,
        published.sample,
        max(published.value) filter (where published.period = $period) as value,
        list(published.value) filter (where published.period <> $period) as earlier
    from published_observation as published
    inner join period on published.period = period.period
    where
        published.period
        between quarter_before($period, cast($quarters as integer)) and $period
        and published.status = 'observed'
        and published.value is not null
    group by
        published.indicator_id,
        published.level,
        published.group_code,
        published.sample
    having bool_or(published.period = $period)

),

now as (

    select
        indicator.dataset_id,
        indicator.indicator_id,
        indicator.decimals,
        indicator.unit,
        dataset.level,
        series.area_code,
        series.sample,
        series.value,
        series.earlier
    from series
    inner join indicator on series.indicator_id = indicator.indicator_id
    inner join dataset
        on
            indicator.dataset_id = dataset.dataset_id
            and series.level = dataset.level

),

beside as (

    select
        now.indicator_id,
        peer.area_code,
        now.sample,
        list(now.value) as held
    from now
    inner join peer on now.area_code = peer.peer_code
    where now.level = 'county'
    group by now.indicator_id, peer.area_code, now.sample

),

compared as (

    select
        now.dataset_id,
        now.indicator_id,
        now.decimals,
        now.unit,
        now.area_code,
        now.sample,
        now.value,
        true as is_own,
        now.earlier as held
    from now
    union all by name
    select
        now.dataset_id,
        now.indicator_id,
        now.decimals,
        now.unit,
        now.area_code,
        now.sample,
        now.value,
        false as is_own,
        beside.held
    from now
    inner join beside
        on
            now.indicator_id = beside.indicator_id
            and now.area_code = beside.area_code
            and now.sample = beside.sample
    where now.level = 'county'

),

-- once: a filter further on would have the medians worked out again
measured as materialized (

    select
        compared.*,
        len(compared.held) as count,
        list_median(compared.held) as middle
    from compared
    where len(compared.held) >= $few

),

placed as (

    select
        measured.*,
        greatest(
            $least_share * abs(measured.middle),
            $least_steps * 10.0 ** (-measured.decimals),
            if(measured.unit = 'percent', $least_points, 0)
        ) as least
    from measured

),

-- few are far by the smallest deviation there can be: only of these is it worked out
judged as (

    select
        placed.*,
        list_transform(placed.held, lambda each: abs(each - placed.middle)) as apart,  -- noqa: RF03
        greatest(
            if(
                list_median(apart) > 0,
                1.4826 * list_median(apart),
                1.2533 * list_avg(apart)
            ),
            placed.least
        ) as deviation
    from placed
    where
        abs(placed.value - placed.middle)
        > if(placed.is_own, $own, $among_peers) * placed.least

),

far as (

    select
        judged.*,
        if(judged.is_own, 'own', 'peers') as held_against
    from judged
    where
        abs(judged.value - judged.middle)
        > if(judged.is_own, $own, $among_peers) * judged.deviation
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
    where measure_value.period = $period
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
