-- Which figures are zero though the area's own history and its peers are well above?
-- A cumulative flow is taken as the average quarter of the year so far. Cities have no peers.
-- Grain: one row per dataset, area and measure; against is the median of its own history.
-- Parameters: $period (text), $own_codes, $peer_codes (lists of one length: an area and one alike),
--   $quarters, $few, $least, $zeros (numbers)
with

peer as (

    select
        unnest($own_codes) as area_code,
        unnest($peer_codes) as peer_code

),

amount as (

    select
        measure_value.dataset_id,
        measure_value.area_code,
        measure_value.measure_id,
        measure_value.period,
        4 * period.year + period.quarter as position,
        measure_value.sample,
        measure_value.vintage,
        if(measure_value.kind = 'flow', measure_value.value / period.quarter, measure_value.value)
            as value
    from measure_value
    inner join period on measure_value.period = period.period
    inner join dataset on measure_value.dataset_id = dataset.dataset_id
    where
        measure_value.status = 'reported'
        and measure_value.kind in ('stock', 'flow', 'standard')
        and measure_value.period <= $period
        and dataset.level = 'county'

),

zero as (

    select amount.*
    from amount
    where
        amount.period = $period
        and amount.value = 0

),

history as (

    select
        zero.dataset_id,
        zero.area_code,
        zero.measure_id,
        median(earlier.value) as middle
    from zero
    inner join amount as earlier
        on
            zero.dataset_id = earlier.dataset_id
            and zero.area_code = earlier.area_code
            and zero.measure_id = earlier.measure_id
            and zero.sample = earlier.sample
            and zero.position > earlier.position
            and zero.position <= earlier.position + $quarters
    group by zero.dataset_id, zero.area_code, zero.measure_id
    having
        count(*) >= $few
        and min(earlier.value) > 0
        and median(earlier.value) >= $least

),

peers as (

    select
        zero.dataset_id,
        zero.area_code,
        zero.measure_id,
        count(*) as count,
        median(other.value) as middle
    from zero
    inner join peer on zero.area_code = peer.area_code
    inner join amount as other
        on
            zero.dataset_id = other.dataset_id
            and peer.peer_code = other.area_code
            and zero.measure_id = other.measure_id
            and zero.period = other.period
            and zero.sample = other.sample
    group by zero.dataset_id, zero.area_code, zero.measure_id
    having
        count(*) >= $few
        and median(other.value) >= $least
        and avg(cast(other.value = 0 as integer)) <= $zeros

)

select
    zero.dataset_id,
    zero.area_code,
    zero.measure_id,
    null as indicator_id,
    zero.value,
    history.middle as against,
    null as z,
    peers.count,
    peers.middle as peers_middle,
    zero.sample,
    zero.vintage,
    submission.explanation
from zero
inner join history
    on
        zero.dataset_id = history.dataset_id
        and zero.area_code = history.area_code
        and zero.measure_id = history.measure_id
inner join peers
    on
        zero.dataset_id = peers.dataset_id
        and zero.area_code = peers.area_code
        and zero.measure_id = peers.measure_id
left join submission on zero.vintage = submission.vintage
order by zero.dataset_id, zero.area_code, zero.measure_id
