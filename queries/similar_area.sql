-- Which areas are most alike each of some areas?
-- Alike in population (its logarithm), share aged 60 and over, rural share and number of townships,
-- each in standard deviations of all areas, and by region: another one counts as one deviation.
-- Grain: one row per area asked for and area.
-- Parameters: $area_codes (list of text), $areas_alike (how many of each to return; integer)
with

trait as (

    select
        area_code,
        region_code,
        pop_2020,
        100 * population_60plus / pop_2020 as share_60plus,
        100 * pop_rural_2020 / pop_2020 as share_rural,
        townships,
        ln(pop_2020) as size
    from area

),

spread as (

    select
        nullif(stddev_pop(size), 0) as size,
        nullif(stddev_pop(share_60plus), 0) as share_60plus,
        nullif(stddev_pop(share_rural), 0) as share_rural,
        nullif(stddev_pop(townships), 0) as townships
    from trait

),

apart as (

    select
        own.area_code as own_code,
        trait.area_code,
        trait.region_code,
        trait.pop_2020,
        trait.share_60plus,
        trait.share_rural,
        trait.townships,
        coalesce((trait.size - own.size) / spread.size, 0) as apart_size,
        coalesce((trait.share_60plus - own.share_60plus) / spread.share_60plus, 0) as apart_60plus,
        coalesce((trait.share_rural - own.share_rural) / spread.share_rural, 0) as apart_rural,
        coalesce((trait.townships - own.townships) / spread.townships, 0) as apart_townships,
        cast(trait.region_code <> own.region_code as integer) as apart_region
    from trait
    cross join spread
    inner join trait as own on trait.area_code <> own.area_code
    where own.area_code in $area_codes

),

distance as not materialized (

    select
        apart.*,
        sqrt(
            apart.apart_size * apart.apart_size
            + apart.apart_60plus * apart.apart_60plus
            + apart.apart_rural * apart.apart_rural
            + apart.apart_townships * apart.apart_townships
            + apart.apart_region * apart.apart_region
        ) as distance
    from apart

),

-- the few nearest need no sorting of all
furthest as (

    select
        own_code,
        list_max(min(distance, cast($areas_alike as integer))) as distance
    from distance
    group by own_code

)

select
    apart.own_code,
    apart.area_code,
    apart.region_code,
    apart.pop_2020,
    apart.share_60plus,
    apart.share_rural,
    apart.townships,
    apart.apart_size,
    apart.apart_60plus,
    apart.apart_rural,
    apart.apart_townships,
    apart.apart_region,
    apart.distance
from distance as apart
inner join furthest
    on
        apart.own_code = furthest.own_code
        and apart.distance <= furthest.distance
qualify
    row_number() over (partition by apart.own_code order by apart.distance, apart.area_code)
    <= $areas_alike
order by apart.own_code, apart.distance, apart.area_code
