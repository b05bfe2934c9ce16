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

known as (

    select
        indicator.dataset_id,
        indicator.indicator_id,
        indicator.decimals,
        indicator.unit,
        published.group_code as area_code,
        published.period,
        4 * period.year + period.quarter as position,
        published.sample,
        published.value
    from published_observation as published
    inner join indicator on published.indicator_id = indicator.indicator_id
    inner join dataset
        on
            indicator.dataset_id = dataset.dataset_id
            and published.level = dataset.level
    inner join period on published.period = period.period
    inner join period as shown on shown.period = $period
    where
        4 * (shown.year - period.year) + shown.quarter - period.quarter between 0 and $quarters
        and published.period
        between quarter_before($period, cast($quarters as integer)) and $period
        and published.status = 'observed'
        and published.value is not null

),

now as (

    select
        known.*,
        row_number() over () as place
    from known
    where known.period = $period

),

compared as (

    select
        now.place,
        true as is_own,
        earlier.value
    from now
    inner join known as earlier
        on
            now.indicator_id = earlier.indicator_id
            and now.area_code = earlier.area_code
            and now.sample = earlier.sample
            and now.position > earlier.position
    union all by name
    select
        now.place,
        false as is_own,
        other.value
    from now
    inner join peer on now.area_code = peer.area_code
    inner join now as other
        on
            now.indicator_id = other.indicator_id
            and peer.peer_code = other.area_code
            and now.sample = other.sample
    inner join dataset on now.dataset_id = dataset.dataset_id
    where dataset.level = 'county'

),

measured as (

    select
        compared.place,
        compared.is_own,
        count(*) as count,
        median(compared.value) as middle,
        list(compared.value) as held
    from compared
    group by compared.place, compared.is_own
    having count(*) >= $few

),

placed as (

    select
        now.dataset_id,
        now.indicator_id,
        now.area_code,
        now.sample,
        now.value,
        now.decimals,
        measured.is_own,
        measured.count,
        measured.middle,
        greatest(
            $least_share * abs(measured.middle),
            $least_steps * 10.0 ** (-now.decimals),
            if(now.unit = 'percent', $least_points, 0)
        ) as least,
        list_transform(measured.held, lambda each: abs(each - measured.middle)) as apart
    from measured
    inner join now on measured.place = now.place

),

-- few are far by the smallest deviation there can be: only of these is it worked out
judged as (

    select
        placed.*,
        greatest(
            if(
                list_median(placed.apart) > 0,
                1.4826 * list_median(placed.apart),
                1.2533 * list_avg(placed.apart)
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
