"""护理型床位: sixteen quarters of homes for the elderly."""

from __future__ import annotations

from app.areas import Area
from app.samples.plan import WEAK
from app.samples.shapes import YEARS, Row, trait

BEDS_PER_1000 = {
    "珠三角": (13.0, 20.0), "粤北": (12.0, 18.0), "粤西": (9.0, 13.5), "粤东": (6.5, 10.5),
}  # fmt: skip


def rows(area: Area) -> list[Row]:
    """Sixteen quarters of one area's homes for the elderly.

    Assumed: beds per 1,000 people aged 60 and over, the care-type share of each region (the
    country had 58.9 % at the end of 2023), occupancy, the share of public homes. Guangzhou's number
    of homes is near its 217 of June 2020. Beds, additions and closures balance.
    """
    guangzhou = area.city == "广州市"
    low, high = (24.0, 31.0) if guangzhou else BEDS_PER_1000[area.region]
    total = round(area.population_60plus * trait(area, "density", low, high) / 10_000) * 10
    first_share = {"珠三角": 0.40, "粤北": 0.345, "粤西": 0.31, "粤东": 0.32}[area.region]
    share = 0.24 if area.name == WEAK else first_share + trait(area, "share", -0.10, 0.10)
    gain = {"珠三角": 0.185, "粤北": 0.185, "粤西": 0.165, "粤东": 0.16}[area.region]
    gain *= 0.35 if area.name == WEAK else trait(area, "gain", 0.55, 1.45)
    care = round(total * share)
    delta = area.region == "珠三角"
    beds_each = (235, 290) if guangzhou else (120, 170) if delta else (70, 110)
    size = trait(area, "size", *beds_each)
    homes = max(1, round(total / size))
    mergers = 0.0 if delta else trait(area, "mergers", 0.0, 0.08)
    public = trait(area, "public", *((0.30, 0.50) if delta else (0.50, 0.72)))
    lead = trait(area, "public lead", -0.05, 0.07)
    full = {"珠三角": 0.52, "粤北": 0.41, "粤西": 0.39, "粤东": 0.43}[area.region]
    full *= trait(area, "occupancy", 0.84, 1.16)
    dependent = trait(area, "dependent", 0.42, 0.58)
    bunching = trait(area, "bunching", 0.0, 1.0)
    found: list[Row] = []
    for year in YEARS:
        pace = {2021: 0.26, 2022: 0.28, 2023: 0.25, 2024: 0.21}[year] * gain
        added_in_year = 0 if (area.name, year) == ("南澳县", 2024) else round(total * pace)
        built_in_year = round(0.3 * added_in_year)
        closing = round(total * trait(area, f"closing {year}", 0.0, 0.012))
        luck = 0.6 if area.name == WEAK else trait(area, f"plan {year}", 0.0, 1.0)
        met = 1.0 + luck / 5 if luck < 0.55 else 1.25 - 0.5 * luck
        plan = round(added_in_year / (0.62 if area.name == WEAK else met) / 5) * 5
        for quarter in range(1, 5):
            done = (0.08, 0.30, 0.62, 1.0)[quarter - 1]
            done += bunching * ((0.2, 0.46, 0.72, 1.0)[quarter - 1] - done)
            added = round(added_in_year * done)
            built = round(built_in_year * done)
            beds = total + built - (closing if quarter > 2 else 0)
            beds_care = care + added
            public_beds = round(beds * public)
            public_care = round(public_beds * (beds_care / beds + lead))
            public_care = max(public_care, beds_care - (beds - public_beds), 0)
            public_care = min(public_care, public_beds, beds_care)
            step = len(found)
            winter = (-0.012, 0.0, 0.004, 0.008)[quarter - 1]  # many go home for Spring Festival
            residents = round(beds * (full + 0.003 * step + winter))
            found.append(
                {
                    "institutions": max(1, round(homes * (1 - mergers * step / 15))),
                    "beds_total": beds,
                    "beds_care": beds_care,
                    "public_beds_total": public_beds,
                    "public_beds_care": public_care,
                    "care_beds_added_ytd": added,
                    "care_beds_added_plan": plan,
                    "residents": residents,
                    "residents_disabled": round(residents * (dependent + 0.004 * step)),
                }
            )
        total, care = total + built_in_year - closing, care + added_in_year
    return found
