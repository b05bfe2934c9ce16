-- Where does each county of a group stand with one indicator, and what was counted a year before?
-- What was counted is not told across the border between sample and real data.
-- Grain: one row per county; also where nothing was reported.
-- Parameters: $indicator_id, $period, $level, $group_code (text)
select
    unit.area_code,
    unit.area_name,
    unit.area_name_en,
    unit.city_name,
    unit.city_name_en,
    published.numerator,
    published.denominator,
    coalesce(published.status, 'missing') as status,
    coalesce(published.sample, false) as sample,
    year_before.numerator as numerator_before
from area_group
inner join unit
    on
        area_group.area_code = unit.area_code
        and unit.level = 'county'
left join period on period.period = $period
left join published_observation as published
    on
        published.level = 'county'
        and published.indicator_id = $indicator_id
        and published.period = $period
        and unit.area_code = published.group_code
left join published_observation as year_before
    on
        year_before.level = 'county'
        and period.period_year_before = year_before.period
        and year_before.period = quarter_before($period, 4)
        and year_before.indicator_id = $indicator_id
        and published.indicator_id = year_before.indicator_id
        and published.group_code = year_before.group_code
        and published.sample = year_before.sample
where
    area_group.level = $level
    and area_group.group_code = $group_code
order by unit.area_code
