"""Sample workbooks of 2021Q1 to 2024Q4 for all areas: invented figures, marked as sample.

`python -m app.sample` writes data/sample/*.xlsx, the same figures at every run. Names,
denominators and provincial minimum standards are real, and the provincial totals come near
published ones where there are any. Everything else is assumed, and the assumption stands beside the
number. The workbooks hold what real ones hold: counties that report late or not at all, empty
cells, zeros, cells that do not apply, a standard raised late, a figure corrected afterwards, a slip
left in.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from app import areas, catalogue, periods
from app.areas import Area
from app.intake import template
from app.settings import REFERENCE, SAMPLE

SEED = 2023143
PERIODS = [f"{year}Q{quarter}" for year in range(2021, 2025) for quarter in range(1, 5)]
YEARS = (2021, 2022, 2023, 2024)
NOT_APPLICABLE = "不适用"
SIGN = {"unit": "样例数据（程序生成，不是统计数据）", "person": "样例"}
Row = dict[str, float | str | None]

# ------------------------------------------------------------------ the imperfections, by name

# Rows empty in the quarter's workbook and filled in by the one that came late.
LATE = {
    ("care_beds", "2021Q2"): ["遂溪县", "徐闻县"],
    ("care_beds", "2023Q3"): ["紫金县", "龙川县", "和平县", "廉江市"],
    ("child_welfare", "2022Q1"): ["普宁市", "惠来县", "揭西县"],
    ("child_welfare", "2024Q2"): ["化州市", "英德市"],
    ("disability_allowances", "2021Q4"): ["潮阳区", "潮南区"],
    ("disability_allowances", "2023Q2"): ["五华县", "兴宁市", "丰顺县"],
    ("social_work_stations", "2022Q3"): ["封开县", "怀集县"],
    ("social_work_stations", "2023Q4"): ["连州市", "阳山县", "饶平县"],
}

# Rows that never came.
ABSENT = {
    ("care_beds", "2021Q1"): ["连山壮族瑶族自治县", "云安区", "电白区"],
    ("care_beds", "2021Q3"): ["连山壮族瑶族自治县"],
    ("care_beds", "2022Q2"): ["陆丰市", "恩平市"],
    ("care_beds", "2024Q4"): ["陆丰市", "乐昌市", "赤坎区", "三水区"],
    ("child_welfare", "2021Q3"): ["霞山区"],
    ("child_welfare", "2023Q1"): ["乳源瑶族自治县", "麻章区"],
    ("child_welfare", "2024Q4"): ["吴川市", "连南瑶族自治县", "斗门区"],
    ("disability_allowances", "2021Q1"): ["南澳县", "鼎湖区"],
    ("disability_allowances", "2022Q3"): ["平远县"],
    ("disability_allowances", "2024Q4"): ["罗定市", "潮南区", "惠东县"],
    ("social_work_stations", "2021Q1"): ["雷州市", "金湾区", "德庆县"],
    ("social_work_stations", "2023Q1"): ["阳春市"],
    ("social_work_stations", "2024Q4"): ["阳西县", "新丰县", "龙岗区"],
}

# Single cells left empty in a row that was reported.
EMPTY = {
    ("care_beds", "2022Q4", "信宜市"): "residents_disabled",
    ("care_beds", "2024Q4", "佛冈县"): "residents",
    ("child_welfare", "2022Q3", "大埔县"): "applications_cross_province_ytd",
    ("child_welfare", "2024Q4", "郁南县"): "paid_children",
    ("disability_allowances", "2023Q3", "东源县"): "paid_by_one_card",
    ("disability_allowances", "2024Q4", "封开县"): "certified_disabled",
    ("social_work_stations", "2022Q2", "仁化县"): "stations_standardised",
    ("social_work_stations", "2024Q4", "阳东区"): "people_served_ytd",
}

# As first reported, times the truth; the revision brings the truth. 英德市 counted each point
# twice, 罗定市 counted those who had only enrolled for the examination as certified.
CORRECTED = {
    ("social_work_stations", "2023Q2"): {
        "英德市": ("service_points", 2.0),
        "罗定市": ("social_workers_certified", 1.6),
    }
}

# A slip of the keyboard that nobody has corrected: ten times as many social workers as there are.
SLIP = ("social_work_stations", "2024Q3", "南澳县", "social_workers", 10)

# The quarter from which a county pays the year's new standard; 5 means not within the year.
RAISED_LATE = {
    ("child_welfare", 2022): {"陆河县": 3},
    ("child_welfare", 2023): {"陆河县": 2, "徐闻县": 2},
    ("child_welfare", 2024): {
        "陆河县": 4, "化州市": 2, "廉江市": 2, "紫金县": 3, "饶平县": 2, "连平县": 5,
    },
    ("disability_allowances", 2022): {"陆河县": 2},
    ("disability_allowances", 2023): {"陆河县": 3, "阳山县": 2},
    ("disability_allowances", 2024): {"陆河县": 3, "惠来县": 2, "雷州市": 2, "五华县": 5},
}  # fmt: skip

# Townships without a station at the end of 2022 and at the end of 2024.
WITHOUT_STATION = {
    "陆河县": (3, 2), "连山壮族瑶族自治县": (2, 1), "阳山县": (3, 2), "陆丰市": (5, 3),
    "徐闻县": (2, 1), "紫金县": (3, 1), "高州市": (2, 1), "龙川县": (3, 1), "化州市": (2, 1),
    "饶平县": (2, 1), "罗定市": (1, 1), "和平县": (2, 2), "乐昌市": (1, 0), "英德市": (2, 0),
    "怀集县": (1, 1), "潮安区": (1, 0), "电白区": (2, 1), "清新区": (1, 1),
}  # fmt: skip

# Townships with a second station. 揭阳 reported 94 stations for its 85 townships and subdistricts
# (website of the city's government); which of them have two is assumed.
SECOND_STATIONS = {"榕城区": 1, "揭东区": 2, "惠来县": 2, "普宁市": 4}
SECOND_FROM = "2022Q4"

# Counties that reach clearly fewer of those who may draw the living allowance.
SHORT_OF_POOR = ("廉江市", "郁南县", "潮阳区")

# A county that falls short almost everywhere, so that targets are missed by various distances.
WEAK = "陆河县"


# ------------------------------------------------------------------ shapes in time


def _trait(area: Area, name: str, low: float, high: float) -> float:
    """A lasting property of an area, evenly spread; the same at every run and in any order."""
    return low + (high - low) * random.Random(f"{SEED}/{area.code}/{name}").random()


def _line(points: Sequence[tuple[int, float]], step: int) -> float:
    """Straight lines between (step, value) points, level outside; step 0 is 2021Q1."""
    before = points[0]
    for point in points:
        if point[0] >= step:
            width = point[0] - before[0]
            part = (step - before[0]) / width if width else 1.0
            return before[1] + part * (point[1] - before[1])
        before = point
    return before[1]


def _smooth(part: float) -> float:
    """A slow start and a slow end between 0 and 1."""
    part = min(max(part, 0.0), 1.0)
    return part * part * (3 - 2 * part)


def _quarters() -> Iterator[tuple[int, int, int]]:
    """Step, year and quarter of each period."""
    for step, period in enumerate(PERIODS):
        year, quarter = periods.parse(period)
        yield step, year, quarter


@cache
def _minimums() -> dict[tuple[str, int], float]:
    """The provincial minimum standards by measure and year."""
    entries = yaml.safe_load((REFERENCE / "standards.yaml").read_text("utf-8"))
    return {(m, entry["year"]): entry["value"] for m, rows in entries.items() for entry in rows}


# ------------------------------------------------------------------ care beds


BEDS_PER_1000 = {
    "珠三角": (13.0, 20.0), "粤北": (12.0, 18.0), "粤西": (9.0, 13.5), "粤东": (6.5, 10.5),
}  # fmt: skip


def care_beds(area: Area) -> list[Row]:
    """Sixteen quarters of one area's homes for the elderly.

    Assumed: beds per 1,000 people aged 60 and over, the care-type share of each region (the
    country had 58.9 % at the end of 2023), occupancy, the share of public homes. Guangzhou's number
    of homes is near its 217 of June 2020. Beds, additions and closures balance.
    """
    guangzhou = area.city == "广州市"
    low, high = (24.0, 31.0) if guangzhou else BEDS_PER_1000[area.region]
    total = round(area.population_60plus * _trait(area, "density", low, high) / 10_000) * 10
    first_share = {"珠三角": 0.40, "粤北": 0.345, "粤西": 0.31, "粤东": 0.32}[area.region]
    share = 0.24 if area.name == WEAK else first_share + _trait(area, "share", -0.10, 0.10)
    gain = {"珠三角": 0.185, "粤北": 0.185, "粤西": 0.165, "粤东": 0.16}[area.region]
    gain *= 0.35 if area.name == WEAK else _trait(area, "gain", 0.55, 1.45)
    care = round(total * share)
    delta = area.region == "珠三角"
    beds_each = (235, 290) if guangzhou else (120, 170) if delta else (70, 110)
    size = _trait(area, "size", *beds_each)
    homes = max(1, round(total / size))
    mergers = 0.0 if delta else _trait(area, "mergers", 0.0, 0.08)
    public = _trait(area, "public", *((0.30, 0.50) if delta else (0.50, 0.72)))
    lead = _trait(area, "public lead", -0.05, 0.07)
    full = {"珠三角": 0.52, "粤北": 0.41, "粤西": 0.39, "粤东": 0.43}[area.region]
    full *= _trait(area, "occupancy", 0.84, 1.16)
    dependent = _trait(area, "dependent", 0.42, 0.58)
    bunching = _trait(area, "bunching", 0.0, 1.0)
    rows: list[Row] = []
    for year in YEARS:
        pace = {2021: 0.26, 2022: 0.28, 2023: 0.25, 2024: 0.21}[year] * gain
        added_in_year = 0 if (area.name, year) == ("南澳县", 2024) else round(total * pace)
        built_in_year = round(0.3 * added_in_year)
        closing = round(total * _trait(area, f"closing {year}", 0.0, 0.012))
        luck = 0.6 if area.name == WEAK else _trait(area, f"plan {year}", 0.0, 1.0)
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
            step = len(rows)
            winter = (-0.012, 0.0, 0.004, 0.008)[quarter - 1]  # many go home for Spring Festival
            residents = round(beds * (full + 0.003 * step + winter))
            rows.append(
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
    return rows


# ------------------------------------------------------------------ child welfare

# Provincial totals (step, children). Orphans: about 16,000 in February 2021, about 10,000 in April
# 2024; unattended: 26,000 to 28,000 at the start of 2021, 29,000 at the end of 2022, 32,000 in
# April 2024 (中国新闻网 2021-02-09 and 2024-04-30; the end of 2022 from a reprint). Straight lines
# between them, and a gentler slope after them: assumed.
ORPHANS = [(0, 16_000.0), (7, 12_900.0), (12, 10_250.0), (13, 10_000.0), (15, 9_600.0)]
UNATTENDED = [(0, 27_000.0), (7, 29_000.0), (12, 31_700.0), (13, 32_000.0), (15, 32_600.0)]
IN_INSTITUTIONS = 0.30  # of the orphans; assumed

# Local standards above the province's. 广州市 2637 in 2021 and 2875 in 2023, for all orphans;
# 开平市 and 鹤山市 2373 in institutions in 2024 (media reports). The others are assumed.
GUANGZHOU_STANDARD = {2021: 2637, 2022: 2756, 2023: 2875, 2024: 2995}
CHILD_STANDARD = {
    "深圳市": 1.18, "珠海市": 1.10, "佛山市": 1.09, "东莞市": 1.10, "中山市": 1.08,
    "江门市": 1.0339, "惠州市": 1.03, "肇庆市": 1.01,
}  # fmt: skip


@cache
def _hosts() -> frozenset[str]:
    """The areas with a city's own institution; assumed, the city's most populous district."""
    best: dict[str, Area] = {}
    for area in areas.load().values():
        district = not area.name.endswith(("县", "市")) or area.code == area.city_code
        if district and area.pop_2020 > getattr(best.get(area.city), "pop_2020", 0):
            best[area.city] = area
    return frozenset(area.code for area in best.values())


def has_institution(area: Area) -> bool:
    """Whether an area raises orphans in an institution: the city's host, half of the counties."""
    if area.code in _hosts():
        return True
    return area.name.endswith(("县", "市")) and _trait(area, "institution", 0, 1) < 0.55


def _families_weight(area: Area) -> float:
    """How many children in need an area has in proportion to others: more in the poorer regions."""
    need = {"珠三角": 0.28, "粤北": 1.7, "粤西": 1.9, "粤东": 1.3}[area.region]
    return area.pop_0_14_2020 * need * _trait(area, "need", 0.75, 1.3)


def _institution_weight(area: Area) -> float:
    if not has_institution(area):
        return 0.0
    city = area.code in _hosts()
    children = sum(a.pop_0_14_2020 for a in areas.load().values() if a.city == area.city)
    return 100_000 + children * 0.6 if city else area.pop_0_14_2020 * _trait(area, "home", 0.1, 0.4)


@cache
def _total_weight(weight: Callable[[Area], float]) -> float:
    return sum(weight(area) for area in areas.load().values())


def _part(area: Area, weight: Callable[[Area], float], total: float, step: int) -> int:
    """An area's children of a provincial total, drifting slowly away from its first share."""
    drift = 1 + _trait(area, "drift", -0.12, 0.12) * (step - 7.5) / 15
    return round(total * weight(area) / _total_weight(weight) * drift)


def _standard(area: Area, dataset: str, measure: str, year: int, quarter: int) -> int:
    """The local standard in force: at least the year's minimum unless raised late; never falls."""
    if quarter < RAISED_LATE.get((dataset, year), {}).get(area.name, 1):
        return _standard(area, dataset, measure, year - 1, 4)
    if dataset == "child_welfare":
        if area.city == "广州市":
            return GUANGZHOU_STANDARD[year]
        factor = CHILD_STANDARD.get(area.city, 1.0)
    else:
        factor = ALLOWANCE_STANDARD.get(area.city, 1.0)
    if area.region != "珠三角" and _trait(area, "generous", 0, 1) > 0.85:
        factor = 1.03
    return math.ceil(_minimums()[measure, year] * factor)


def child_welfare(area: Area) -> list[Row]:
    """Sixteen quarters of one area's orphans and unattended children.

    The amount paid is three months of the standards in force for the children paid, and the months
    owed where a standard was raised late.
    """
    gap = 0.09 if area.name == WEAK else max(0.0, _trait(area, "unpaid", -0.03, 0.035))
    calls = _trait(area, "cross", 0.5, 2.0) * (9 if area.region == "珠三角" else 3)
    calls *= area.pop_2020 / 1_000_000
    institution = has_institution(area)
    rows: list[Row] = []
    amount = applications = 0
    for step, year, quarter in _quarters():
        if quarter == 1:
            amount = applications = 0
        orphans = _line(ORPHANS, step)
        housed = _part(area, _institution_weight, orphans * IN_INSTITUTIONS, step)
        scattered = _part(area, _families_weight, orphans * (1 - IN_INSTITUTIONS), step)
        unattended = _part(area, _families_weight, _line(UNATTENDED, step), step)
        children = housed + scattered + unattended
        paid = children - int(children * gap * (1 - 0.045 * step))
        in_force = {
            measure: _standard(area, "child_welfare", measure, year, quarter)
            for measure in ("standard_institution", "standard_scattered")
        }
        owed = 0
        if quarter == RAISED_LATE.get(("child_welfare", year), {}).get(area.name):
            before = {m: _standard(area, "child_welfare", m, year - 1, 4) for m in in_force}
            months = 3 * (quarter - 1)
            owed = months * (in_force["standard_institution"] - before["standard_institution"])
            owed *= min(housed, paid)
            owed += (
                months * (paid - min(housed, paid))
                * (in_force["standard_scattered"] - before["standard_scattered"])
            )  # fmt: skip
        amount += owed + 3 * (
            min(housed, paid) * in_force["standard_institution"]
            + (paid - min(housed, paid)) * in_force["standard_scattered"]
        )
        yearly = calls * (0.4 + 0.25 * (year - 2021))
        applications = max(applications, round(yearly * (0.18, 0.46, 0.74, 1.0)[quarter - 1]))
        rows.append(
            {
                "orphans_institution": housed,
                "orphans_scattered": scattered,
                "unattended_children": unattended,
                "standard_institution": (
                    in_force["standard_institution"] if institution else NOT_APPLICABLE
                ),
                "standard_scattered": in_force["standard_scattered"],
                "paid_amount_ytd": amount,
                "paid_children": paid,
                "applications_cross_province_ytd": applications,
            }
        )
    return rows


# ------------------------------------------------------------------ disability allowances

# Local standards above the province's: assumed.
ALLOWANCE_STANDARD = {
    "广州市": 1.15, "深圳市": 1.30, "珠海市": 1.12, "佛山市": 1.10, "东莞市": 1.15, "中山市": 1.10,
    "江门市": 1.02, "惠州市": 1.02,
}  # fmt: skip


def disability_allowances(area: Area) -> list[Row]:
    """Sixteen quarters of one area's two disability allowances.

    Assumed: certificate holders are 1.6 to 2.1 % of the residents, and 0.7 to 1.1 % in the Pearl
    River Delta, where many residents are registered elsewhere; of them 25 to 33 % (in the delta 16
    to 24 %) may draw the living allowance and 46 to 56 % the nursing allowance; all grow by about
    2 % a year. Coverage and the one-card share rise to 97 to 100 % in most counties.
    """
    delta = area.region == "珠三角"
    weak = area.name == WEAK
    certified_share = (0.007, 0.011) if delta else (0.016, 0.021)
    holders = area.pop_2020 * _trait(area, "holders", *certified_share)
    poor = _trait(area, "poor", *((0.16, 0.24) if delta else (0.25, 0.33)))
    severe = _trait(area, "severe", 0.46, 0.56)
    growth = _trait(area, "growth", 0.012, 0.028)
    gaps = [
        0.085 if weak else max(0.0, _trait(area, f"{name} gap", -0.018, 0.03))
        for name in ("poor", "severe")
    ]
    if area.name in SHORT_OF_POOR:
        gaps[0] = 0.055
    first = _trait(area, "card first", 0.58, 0.84)
    last = 0.82 if weak else min(1.0, _trait(area, "card last", 0.935, 1.015))
    middle = _trait(area, "card middle", 5.0, 10.0)
    rows: list[Row] = []
    amount = 0
    for step, year, quarter in _quarters():
        if quarter == 1:
            amount = 0
        certified = round(holders * (1 + growth * step / 4))
        # the yearly review, done by June, takes some names off
        reviewed = (0.0, -0.006, -0.003, 0.0)[quarter - 1]
        eligible = [round(certified * (part + reviewed * part)) for part in (poor, severe)]
        closing = 1 + 0.9 * (1 - step / 15)
        recipients = [
            count - int(count * gap * closing) for count, gap in zip(eligible, gaps, strict=True)
        ]
        measures = ("hardship_standard", "severe_standard")
        in_force = [_standard(area, "disability_allowances", m, year, quarter) for m in measures]
        rise = [0, 0]
        if quarter == RAISED_LATE.get(("disability_allowances", year), {}).get(area.name):
            rise = [
                now - _standard(area, "disability_allowances", m, year - 1, 4)
                for m, now in zip(measures, in_force, strict=True)
            ]
        amount += sum(
            count * (3 * now + 3 * (quarter - 1) * more)
            for count, now, more in zip(recipients, in_force, rise, strict=True)
        )
        part = _smooth((step - middle + 7.5) / 15) if step < 15 else 1.0
        card = first + (last - first) * max(part, step / 15 * 0.9)
        rows.append(
            {
                "certified_disabled": certified,
                "hardship_eligible": eligible[0],
                "hardship_recipients": recipients[0],
                "severe_eligible": eligible[1],
                "severe_recipients": recipients[1],
                "hardship_standard": in_force[0],
                "severe_standard": in_force[1],
                "paid_amount_ytd": amount,
                "paid_by_one_card": int(sum(recipients) * card),
            }
        )
    return rows


# ------------------------------------------------------------------ social work stations

# Points of villages at the end of 2022 where they were published (雷州市 108 points and 430 social
# workers at 21 stations, 博罗县 92 and 280 at 17, 揭阳市 312 points, 梅州市 points in all villages
# and at least 2,482 posts), as shares of villages and workers a station.
POINTS_2022 = {"雷州市": 108 / 481, "博罗县": 92 / 377, "揭阳市": 312 / 1633, "梅州市": 1.0}
WORKERS_2022 = {"雷州市": 430 / 21, "博罗县": 280 / 17, "梅州市": 22.2}
# All townships of 梅州市 and of 东源县 had stations before the end of 2021.
COVERED_EARLY = ("梅州市", "东源县")


def social_work_stations(area: Area) -> list[Row]:
    """Sixteen quarters of one area's social work stations and points.

    The project was to cover all townships within two years, by the end of 2022. Assumed: a fifth to
    two fifths of them had a station at the start of 2021; 12 to 18 workers a station; a share of
    certified workers that doubles in four years; the share of villages with a point of their own.
    """
    weak = area.name == WEAK
    known = {area.name, area.city}
    start = _trait(area, "stations", 0.15, 0.42)
    covered = 3 if known & set(COVERED_EARLY) else 4 + int(_trait(area, "covered", 0, 4))
    left = WITHOUT_STATION.get(area.name, (0, 0))
    points_2022 = next((v for k, v in POINTS_2022.items() if k in known), None)
    points_mid = points_2022 or (0.18 if weak else _trait(area, "points", 0.38, 0.62))
    reach = _trait(area, "points reached", 0.0, 1.0)
    points_last = 0.41 if weak else max(points_mid, min(1.0, 0.56 + 0.65 * reach))
    if points_2022 is not None and points_2022 < 0.5:
        points_last = points_2022 + _trait(area, "catching up", 0.30, 0.55)
    per_station = next((v for k, v in WORKERS_2022.items() if k in known), None)
    per_station = per_station or _trait(area, "workers", 12, 18)
    certified = _trait(area, "certified", 0.15, 0.29) - (0.06 if weak else 0)
    standard = 0.22 if weak else _trait(area, "standardised", 0.55, 0.95)
    cases_each = _trait(area, "cases", 0.8, 1.5)
    people_each = _trait(area, "people", 42, 78)
    rows: list[Row] = []
    cases = people = 0
    for step, _, quarter in _quarters():
        if quarter == 1:
            cases = people = 0
        ramp = start + (1 - start) * min(1.0, step / covered)
        missing = round(_line([(7, left[0]), (15, left[1])], step))
        stations = min(int(area.townships * ramp + 1e-9), area.townships - missing)
        if PERIODS[step] >= SECOND_FROM:
            stations += SECOND_STATIONS.get(area.name, 0)
        curve = [
            (0, min(0.06, points_mid / 4)),
            (3, points_mid / 2),
            (7, points_mid),
            (11, points_mid + 0.62 * (points_last - points_mid)),
            (15, points_last),
        ]
        staffing = per_station * _line([(0, 0.82), (7, 1.0), (15, 1.07)], step)
        workers = round(stations * staffing)
        season = (0.82, 1.0, 1.05, 1.13)[quarter - 1] * (0.9 + 0.02 * step)
        cases += round(workers * cases_each * season)
        people += round(workers * people_each * season)
        rows.append(
            {
                "townships": area.townships,
                "stations": stations,
                "stations_standardised": int(stations * standard * _smooth((step + 3) / 18)),
                "villages": area.villages,
                "service_points": round(area.villages * _line(curve, step)) if stations else 0,
                "social_workers": workers,
                "social_workers_certified": round(workers * certified * (1 + step / 15)),
                "cases_served_ytd": cases,
                "people_served_ytd": people,
            }
        )
    return rows


DATASETS = {
    "care_beds": care_beds,
    "child_welfare": child_welfare,
    "disability_allowances": disability_allowances,
    "social_work_stations": social_work_stations,
}


# ------------------------------------------------------------------ workbooks


@dataclass(frozen=True)
class Workbook:
    """One file: `kind` is empty for the quarter's own, else `late` or `revision`."""

    dataset_id: str
    period: str
    kind: str = ""

    @property
    def path(self) -> Path:
        """Where it lies; the names sort in the order of loading."""
        parts = (self.period, self.dataset_id, self.kind)
        return SAMPLE / ("_".join(filter(None, parts)) + ".xlsx")


def workbooks() -> list[Workbook]:
    """All workbooks in the order in which they came in."""
    found = []
    for period in PERIODS:
        for dataset_id in DATASETS:
            found.append(Workbook(dataset_id, period))
            for kind, plan in (("late", LATE), ("revision", CORRECTED)):
                if (dataset_id, period) in plan:
                    found.append(Workbook(dataset_id, period, kind))
    return found


def files() -> list[Path]:
    """The sample workbooks in the order in which they are to be loaded."""
    return [workbook.path for workbook in workbooks()]


@cache
def truth(dataset_id: str) -> dict[tuple[str, str], Row]:
    """What every area would report without any imperfection, by area code and period."""
    return {
        (area.code, period): row
        for area in areas.load().values()
        for period, row in zip(PERIODS, DATASETS[dataset_id](area), strict=True)
    }


def values(workbook: Workbook) -> dict[str, Row]:
    """The rows of a workbook by area code, as its senders filled them in."""
    key = (workbook.dataset_id, workbook.period)
    late, corrected = LATE.get(key, []), CORRECTED.get(key, {})
    filled: dict[str, Row] = {}
    for area in areas.load().values():
        row = dict(truth(workbook.dataset_id)[area.code, workbook.period])
        if workbook.kind == "late":
            chosen = area.name in late
        elif workbook.kind == "revision":
            chosen = area.name in corrected
        else:
            chosen = area.name not in late and area.name not in ABSENT.get(key, [])
            if area.name in corrected:
                measure, times = corrected[area.name]
                row[measure] = round(float(row[measure] or 0) * times)
        empty = EMPTY.get((*key, area.name))
        if empty is not None:
            row[empty] = None
        if SLIP[:3] == (*key, area.name):
            row[SLIP[3]] = float(row[SLIP[3]] or 0) * SLIP[4]
        if chosen:
            filled[area.code] = row
    return filled


def signed_on(workbook: Workbook) -> str:
    """The date in the form: soon after the quarter, a month later when late, two for a revision."""
    year, quarter = periods.parse(periods.shift(workbook.period, 1))
    month = quarter * 3 - 2 + {"": 0, "late": 1, "revision": 2}[workbook.kind]
    return f"{year}年{month}月12日"


def write(workbook: Workbook, path: Path) -> None:
    """Write one workbook in the layout of the template."""
    known = catalogue.load()
    template.write(
        path,
        known,
        known.dataset(workbook.dataset_id),
        workbook.period,
        values=values(workbook),
        sign=SIGN | {"date": signed_on(workbook)},
    )


def main() -> None:
    """Write all workbooks into data/sample."""
    SAMPLE.mkdir(parents=True, exist_ok=True)
    for workbook in workbooks():
        write(workbook, workbook.path)
    size = sum(path.stat().st_size for path in files())
    print(f"{len(files())} workbooks, {size / 1e6:.2f} MB, in data/sample")


if __name__ == "__main__":
    main()
