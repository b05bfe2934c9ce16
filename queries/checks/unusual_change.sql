-- Where does an upload change a figure beyond what the area's own history knows?
-- The modified z-score of the change (see data/catalogue/checks.yaml), and a plain factor where the
-- history is short. Only what leaves the quarter before by enough is held against the history.
-- Grain: one row per area, period and measure of the upload.
-- Parameters: $quarters, $factor, $few, $share, $least, $first_times, $first_least (numbers)
with

step as (

    select
        amount.*,
        amount.amount - lag(amount.amount) over series as change,
        lag(amount.amount) over series as before,
        lag(amount.period) over series as before_period
    from amount
    where amount.amount is not null
    window
        series as (
            partition by amount.area_code, amount.measure_id
            order by amount.position
        )

),

candidate as (

    select step.*
    from step
    where
        step.changed
        and abs(step.change) >= least($least, $first_least)
        and (
            step.amount > step.before * least(1 + $share, $first_times)
            or step.amount < step.before * greatest(1 - $share, 1 / $first_times)
        )

),

judged as (

    select
        candidate.area_code,
        candidate.period,
        candidate.measure_id,
        candidate.before_period,
        candidate.before,
        candidate.amount,
        candidate.change,
        count(earlier.change) as changes,
        median(earlier.change) as middle,
        1.4826 * mad(earlier.change) as deviation,
        min(earlier.amount) as lowest,
        max(earlier.amount) as highest
    from candidate
    inner join step as earlier
        on
            candidate.area_code = earlier.area_code
            and candidate.measure_id = earlier.measure_id
            and candidate.position > earlier.position
            and candidate.position <= earlier.position + $quarters
    group by
        candidate.area_code,
        candidate.period,
        candidate.measure_id,
        candidate.before_period,
        candidate.before,
        candidate.amount,
        candidate.change

)

select
    judged.area_code,
    judged.period,
    judged.measure_id,
    judged.before_period,
    judged.before,
    judged.amount as value,
    judged.lowest,
    judged.highest
from judged
where
    (
        judged.changes >= $few
        and abs(judged.change) >= $least
        and abs(judged.change - judged.middle) > $factor * judged.deviation
        and (
            judged.amount > judged.highest * (1 + $share)
            or judged.amount < judged.lowest * (1 - $share)
        )
    )
    or (
        judged.changes < $few
        and judged.highest > 0
        and abs(judged.change) >= $first_least
        and (
            judged.amount > judged.highest * $first_times
            or judged.amount < judged.lowest / $first_times
        )
    )
order by judged.period, judged.area_code, judged.measure_id
