"""孤儿和事实无人抚养儿童: sixteen quarters of children supported and what they are paid."""

from __future__ import annotations

from functools import cache

from app import areas
from app.areas import Area
from app.samples.plan import RAISED_LATE, WEAK
from app.samples.shapes import NOT_APPLICABLE, Row, in_force, line, part, quarters, trait

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
    return area.name.endswith(("县", "市")) and trait(area, "institution", 0, 1) < 0.55


def _families_weight(area: Area) -> float:
    """How many children in need an area has in proportion to others: more in the poorer regions."""
    need = {"珠三角": 0.28, "粤北": 1.7, "粤西": 1.9, "粤东": 1.3}[area.region]
    return area.pop_0_14_2020 * need * trait(area, "need", 0.75, 1.3)


def _institution_weight(area: Area) -> float:
    if not has_institution(area):
        return 0.0
    city = area.code in _hosts()
    children = sum(a.pop_0_14_2020 for a in areas.load().values() if a.city == area.city)
    return 100_000 + children * 0.6 if city else area.pop_0_14_2020 * trait(area, "home", 0.1, 0.4)


def _standard(area: Area, measure: str, year: int, quarter: int) -> int:
    if area.city != "广州市":
        factor = CHILD_STANDARD.get(area.city, 1.0)
        return in_force(area, factor, RAISED_LATE["child_welfare"], measure, year, quarter)
    return GUANGZHOU_STANDARD[year]


def rows(area: Area) -> list[Row]:
    """Sixteen quarters of one area's orphans and unattended children.

    The amount paid is three months of the standards in force for the children paid, and the months
    owed where a standard was raised late.
    """
    gap = 0.09 if area.name == WEAK else max(0.0, trait(area, "unpaid", -0.03, 0.035))
    calls = trait(area, "cross", 0.5, 2.0) * (9 if area.region == "珠三角" else 3)
    calls *= area.pop_2020 / 1_000_000
    institution = has_institution(area)
    found: list[Row] = []
    amount = applications = 0
    for step, year, quarter in quarters():
        if quarter == 1:
            amount = applications = 0
        orphans = line(ORPHANS, step)
        housed = part(area, _institution_weight, orphans * IN_INSTITUTIONS, step)
        scattered = part(area, _families_weight, orphans * (1 - IN_INSTITUTIONS), step)
        unattended = part(area, _families_weight, line(UNATTENDED, step), step)
        children = housed + scattered + unattended
        paid = children - int(children * gap * (1 - 0.045 * step))
        standards = {
            measure: _standard(area, measure, year, quarter)
            for measure in ("standard_institution", "standard_scattered")
        }
        owed = 0
        if quarter == RAISED_LATE["child_welfare"].get(year, {}).get(area.name):
            before = {m: _standard(area, m, year - 1, 4) for m in standards}
            months = 3 * (quarter - 1)
            owed = months * (standards["standard_institution"] - before["standard_institution"])
            owed *= min(housed, paid)
            owed += (
                months * (paid - min(housed, paid))
                * (standards["standard_scattered"] - before["standard_scattered"])
            )  # fmt: skip
        amount += owed + 3 * (
            min(housed, paid) * standards["standard_institution"]
            + (paid - min(housed, paid)) * standards["standard_scattered"]
        )
        yearly = calls * (0.4 + 0.25 * (year - 2021))
        applications = max(applications, round(yearly * (0.18, 0.46, 0.74, 1.0)[quarter - 1]))
        found.append(
            {
                "orphans_institution": housed,
                "orphans_scattered": scattered,
                "unattended_children": unattended,
                "standard_institution": (
                    standards["standard_institution"] if institution else NOT_APPLICABLE
                ),
                "standard_scattered": standards["standard_scattered"],
                "paid_amount_ytd": amount,
                "paid_children": paid,
                "applications_cross_province_ytd": applications,
            }
        )
    return found
