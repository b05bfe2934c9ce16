-- Where is a figure of an upload off the area's usual level by a factor such as 10,000?
-- Compared with the median of the earlier quarters, in the series that spread so far at all.
-- Grain: one row per area, period and measure of the upload.
-- Parameters: $quarters, $times, $least (numbers)
with

wide_series as (

    select
        amount.area_code,
        amount.measure_id
    from amount
    where amount.level > 0
    group by amount.area_code, amount.measure_id
    having max(amount.level) >= greatest($times * min(amount.level), $least)

),

judged as (

    select
        amount.area_code,
        amount.period,
        amount.measure_id,
        amount.level,
        median(earlier.level) as usual
    from amount
    semi join wide_series
        on
            amount.area_code = wide_series.area_code
            and amount.measure_id = wide_series.measure_id
    inner join amount as earlier
        on
            amount.area_code = earlier.area_code
            and amount.measure_id = earlier.measure_id
            and amount.position > earlier.position
            and amount.position <= earlier.position + $quarters
    where
        amount.changed
        and amount.level > 0
    group by amount.area_code, amount.period, amount.measure_id, amount.level
    having
        median(earlier.level) > 0
        and greatest(amount.level, median(earlier.level)) >= $least

),

compared as (

    select
        judged.*,
        greatest(judged.level / judged.usual, judged.usual / judged.level) as ratio
    from judged

)

select
    compared.area_code,
    compared.period,
    compared.measure_id,
    round(compared.usual, 2) as usual,
    round(compared.level, 2) as level,
    greatest(100, 10 ** round(log10(compared.ratio))) as factor
from compared
where compared.ratio >= $times
order by compared.period, compared.area_code, compared.measure_id
