-- How do counties rank on one indicator, and in how they have moved in a year?
-- Both ranks are those of what is printed: what reads the same shares a rank, and is tied. A gain
-- is the change over the year with the sign that the direction gives it; nothing is gained from
-- sample to real data. Without a direction there is neither rank nor gain.
-- Grain: one row per county.
-- Parameters: $indicator_id, $period (text), $area_codes (list of text)
with

-- to be joined: a list of thousands is looked through for each row
wanted as (

    select unnest($area_codes) as area_code

),

quarter as materialized (

    select
        published.group_code as area_code,
        published.period,
        published.value,
        published.numerator,
        published.denominator,
        published.status,
        published.target_status,
        published.gap,
        published.sample,
        4 * cast(left(published.period, 4) as integer)
        + cast(right(published.period, 1) as integer) as place
    from published_observation as published
    semi join wanted on published.group_code = wanted.area_code
    where
        published.level = 'county'
        and published.indicator_id = $indicator_id
        and published.period between quarter_before($period, 7) and $period

),

-- the quarters without a break up to the one asked for
unbroken as (

    select
        quarter.area_code,
        quarter.period,
        quarter.value,
        quarter.place,
        quarter.place + row_number() over (
            partition by quarter.area_code, quarter.sample order by quarter.place desc
        ) as run
    from quarter
    where quarter.value is not null

),

recent as (

    select
        unbroken.area_code,
        list(unbroken.value order by unbroken.place) as trend
    from unbroken
    inner join unbroken as latest
        on
            unbroken.area_code = latest.area_code
            and unbroken.run = latest.run
            and latest.period = $period
            and latest.run = latest.place + 1
    where unbroken.place > latest.place - 8
    group by unbroken.area_code

),

observed as (

    select
        area.area_code,
        area.area_name,
        area.area_name_en,
        area.city_name,
        area.city_name_en,
        area.region_code,
        area.region_name_en,
        quarter.value,
        quarter.numerator,
        quarter.denominator,
        coalesce(quarter.status, 'missing') as status,
        coalesce(quarter.target_status, 'none') as target_status,
        quarter.gap,
        coalesce(quarter.sample, false) as sample,
        if(quarter.sample = year_before.sample, year_before.value, null) as value_year,
        coalesce(year_before.status, 'missing') as status_year,
        year_before.sample as sample_year,
        quarter.value - before.value as change_previous,
        quarter.value - value_year as change_year,
        coalesce(recent.trend, []) as trend,
        indicator.direction,
        indicator.decimals
    from indicator
    cross join area
    semi join wanted on area.area_code = wanted.area_code
    left join period on period.period = $period
    left join quarter
        on
            area.area_code = quarter.area_code
            and quarter.period = $period
    left join quarter as before
        on
            area.area_code = before.area_code
            and period.previous_period = before.period
            and quarter.sample = before.sample
    left join quarter as year_before
        on
            area.area_code = year_before.area_code
            and period.period_year_before = year_before.period
    left join recent on area.area_code = recent.area_code
    where
        indicator.indicator_id = $indicator_id

),

signed as (

    select
        observed.*,
        round(observed.value, observed.decimals) as value_read,
        round(observed.change_year, observed.decimals) as change_read,
        case observed.direction
            when 'higher' then change_read
            when 'lower' then -change_read
        end as gain,
        if(observed.direction = 'lower', 1, -1) * value_read as standing
    from observed

)

select
    signed.*,
    case
        when signed.direction <> 'none' and signed.value is not null
            then rank() over (order by signed.standing nulls last)
    end as rank,
    rank is not null and count(*) over (partition by signed.value_read) > 1 as tied,
    case
        when signed.gain is not null then rank() over (order by signed.gain desc nulls last)
    end as gain_rank,
    gain_rank is not null and count(*) over (partition by signed.gain) > 1 as gain_tied
from signed
order by signed.area_code
