-- Every indicator of every group of areas: the ratio of sums over the areas known on both sides.
-- Grain: one row per indicator, period, level and group.
-- Pages, exports and commands read this table. Areas that share all groups are added up first.
create table published_observation as
with

set_sum as (

    select
        area_indicator.indicator_id,
        area_indicator.period,
        area_indicator.sample,
        area_set.set_number,
        sum(area_indicator.numerator) filter (where area_indicator.known) as numerator,
        sum(area_indicator.denominator) filter (where area_indicator.known) as denominator,
        count(*) filter (where area_indicator.known) as areas_reporting,
        count(*) as areas_expected,
        bool_and(area_indicator.not_applicable) as not_applicable
    from area_indicator
    inner join area_set on area_indicator.area_code = area_set.area_code
    group by
        area_indicator.indicator_id,
        area_indicator.period,
        area_indicator.sample,
        area_set.set_number

),

set_group as (

    select distinct
        area_set.set_number,
        area_group.group_code,
        area_group.level
    from area_set
    inner join area_group on area_set.area_code = area_group.area_code
    where
        area_group.level <> 'township'
        and (area_group.level <> 'county' or area_group.group_code <> area_group.area_code)

),

summed as (

    select
        area_indicator.indicator_id,
        area_indicator.period,
        area_indicator.sample,
        area_indicator.area_code as group_code,
        dataset.level,
        if(area_indicator.known, area_indicator.numerator, null) as numerator,
        if(area_indicator.known, area_indicator.denominator, null) as denominator,
        cast(area_indicator.known as integer) as areas_reporting,
        1 as areas_expected,
        area_indicator.not_applicable
    from area_indicator
    inner join indicator on area_indicator.indicator_id = indicator.indicator_id
    inner join dataset on indicator.dataset_id = dataset.dataset_id
    where dataset.level in ('county', 'township')
    union all by name
    select
        set_sum.indicator_id,
        set_sum.period,
        set_sum.sample,
        set_group.group_code,
        set_group.level,
        sum(set_sum.numerator) as numerator,
        sum(set_sum.denominator) as denominator,
        cast(sum(set_sum.areas_reporting) as integer) as areas_reporting,
        cast(sum(set_sum.areas_expected) as integer) as areas_expected,
        bool_and(set_sum.not_applicable) as not_applicable
    from set_sum
    inner join set_group on set_sum.set_number = set_group.set_number
    group by
        set_sum.indicator_id,
        set_sum.period,
        set_sum.sample,
        set_group.group_code,
        set_group.level

),

valued as (

    select
        summed.indicator_id,
        summed.period,
        summed.sample,
        summed.group_code,
        summed.level,
        summed.numerator,
        summed.denominator,
        case
            when indicator.has_denominator
                then indicator.factor * summed.numerator / nullif(summed.denominator, 0)
            else indicator.factor * summed.numerator
        end as value,
        case
            when summed.areas_reporting = 0 and summed.not_applicable then 'not_applicable'
            when summed.areas_reporting = 0 then 'missing'
            when indicator.has_denominator and summed.denominator = 0 then 'not_applicable'
            else 'observed'
        end as status,
        summed.areas_reporting,
        summed.areas_expected,
        indicator.target_value,
        -- a target of each year is judged from its quarter on, another from the quarter of its year
        case
            when indicator.target_value is null then null
            when indicator.target_year is null
                then cast(right(summed.period, 1) as integer) >= indicator.target_quarter
            else summed.period >= indicator.target_year || 'Q' || indicator.target_quarter
        end as target_due,
        case
            when indicator.direction = 'lower' then -1
            else 1
        end as sign,
        indicator.unit = 'percent' as is_percentage
    from summed
    inner join indicator on summed.indicator_id = indicator.indicator_id

)

select
    valued.indicator_id,
    valued.period,
    valued.sample,
    valued.group_code,
    valued.level,
    valued.numerator,
    valued.denominator,
    valued.value,
    valued.status,
    valued.areas_reporting,
    valued.areas_expected,
    valued.target_due,
    valued.value - valued.target_value as gap,
    case
        when valued.target_value is null or valued.value is null then 'none'
        when valued.sign * (valued.value - valued.target_value) >= 0 then 'met'
        when not valued.target_due then 'not_due'
        when valued.is_percentage and valued.sign * (valued.value - valued.target_value) >= -5
            then 'near'
        else 'missed'
    end as target_status
from valued
-- most questions are of one quarter: it lies together
order by valued.period, valued.indicator_id, valued.level, valued.group_code
