-- Which figures of datasets that counties report are zero though the county's own history and its
-- peers are well above?
-- A cumulative flow is taken as the average quarter of the year so far.
-- Grain: one row per dataset, area and measure; against is the median of its own history.
-- Parameters: $datasets (list), $period (text), $quarters, $few, $least, $zeros (numbers)
-- Tables: peer (area_code, peer_code: an area and one alike)
with

now as (

    select
        measure_value.dataset_id,
        measure_value.area_code,
        measure_value.measure_id,
        4 * period.year + period.quarter as position,
        measure_value.sample,
        measure_value.vintage,
        if(measure_value.kind = 'flow', measure_value.value / period.quarter, measure_value.value)
            as value
    from measure_value
    inner join period on measure_value.period = period.period
    where
        measure_value.dataset_id in (select unnest($datasets))
        and measure_value.period = $period
        and measure_value.status = 'reported'
        and measure_value.kind in ('stock', 'flow', 'standard')

),

-- few are zero: only their peers are looked for
zero as materialized (

    select
        now.*,
        peer.peer_code
    from now
    inner join peer on now.area_code = peer.area_code
    where now.value = 0

),

peers as (

    select
        zero.dataset_id,
        zero.area_code,
        zero.measure_id,
        zero.position,
        zero.sample,
        zero.vintage,
        zero.value,
        count(*) as count,
        median(other.value) as middle
    from zero
    inner join now as other
        on
            zero.dataset_id = other.dataset_id
            and zero.measure_id = other.measure_id
            and zero.peer_code = other.area_code
    group by
        zero.dataset_id,
        zero.area_code,
        zero.measure_id,
        zero.position,
        zero.sample,
        zero.vintage,
        zero.value
    having
        count(*) >= $few
        and median(other.value) >= $least
        and avg(cast(other.value = 0 as integer)) <= $zeros

),

amount as (

    select
        peers.dataset_id,
        peers.area_code,
        peers.measure_id,
        if(earlier.kind = 'flow', earlier.value / period.quarter, earlier.value) as value
    from peers
    inner join measure_value as earlier
        on
            peers.dataset_id = earlier.dataset_id
            and peers.area_code = earlier.area_code
            and peers.measure_id = earlier.measure_id
            and peers.sample = earlier.sample
    inner join period on earlier.period = period.period
    where
        earlier.dataset_id in (select unnest($datasets))
        and earlier.status = 'reported'
        and earlier.period
        between quarter_before($period, cast($quarters as integer)) and $period
        and 4 * period.year + period.quarter < peers.position
        and 4 * period.year + period.quarter >= peers.position - $quarters

),

history as (

    select
        amount.dataset_id,
        amount.area_code,
        amount.measure_id,
        median(amount.value) as middle
    from amount
    group by amount.dataset_id, amount.area_code, amount.measure_id
    having
        count(*) >= $few
        and min(amount.value) > 0
        and median(amount.value) >= $least

)

select
    peers.dataset_id,
    peers.area_code,
    peers.measure_id,
    null as indicator_id,
    peers.value,
    history.middle as against,
    null as z,
    peers.count,
    peers.middle as peers_middle,
    peers.sample,
    peers.vintage,
    submission.explanation
from peers
inner join history
    on
        peers.dataset_id = history.dataset_id
        and peers.area_code = history.area_code
        and peers.measure_id = history.measure_id
left join submission on peers.vintage = submission.vintage
order by peers.dataset_id, peers.area_code, peers.measure_id
