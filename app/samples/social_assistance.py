"""社会救助: eight quarters of dibao, extreme hardship and temporary assistance."""

from __future__ import annotations

from app.areas import Area
from app.samples.plan import RAISED_LATE, WEAK
from app.samples.shapes import NOT_APPLICABLE, RECENT, Row, in_force, line, part, quarters, trait

# Provincial totals (step, persons) at the end of March 2023 and of March 2024 (media reprints and
# 中国社会报: dibao 146,000 urban and 1,139,000 rural, then 146,000 and 1,089,000; extreme hardship
# 19,700 urban and 196,100 rural, then 22,000 and 198,000). The slopes after them: assumed.
URBAN_DIBAO = [(8, 146_000.0), (12, 146_000.0), (15, 145_000.0)]
RURAL_DIBAO = [(8, 1_139_000.0), (12, 1_089_000.0), (15, 1_062_000.0)]
URBAN_TEKUN = [(8, 19_700.0), (12, 22_000.0), (15, 22_600.0)]
RURAL_TEKUN = [(8, 196_100.0), (12, 198_000.0), (15, 199_000.0)]

# Assumed: families recognised since the notice, and payments of temporary assistance a quarter
# (8,800 payments of 18.64 million yuan in January 2026, by a media report).
EDGE = [(8, 52_000.0), (15, 118_000.0)]
EXPENDITURE = [(8, 7_000.0), (15, 26_000.0)]
TEMPORARY = [(8, 24_000.0), (15, 27_000.0)]
YUAN_PER_PAYMENT = (1_500, 2_700)

# Local standards above the province's. 广州市 1238 in 2023 (reprint); the others are assumed, among
# them the cities of class four that pay more in the country than they must.
GUANGZHOU_STANDARD = {2023: 1238, 2024: 1280}
URBAN_STANDARD = {
    "深圳市": 1.18, "珠海市": 1.19, "佛山市": 1.17, "东莞市": 1.15, "中山市": 1.14, "江门市": 1.04,
}  # fmt: skip
RURAL_STANDARD = URBAN_STANDARD | {"汕头市": 1.10, "湛江市": 1.04, "清远市": 1.07}
UNVERIFIED_CLASS = "3"  # what the six areas without a verified class are taken for here


def _rural_need(area: Area) -> float:
    """Recipients of rural dibao in proportion to others: more in the poorer regions."""
    need = {"珠三角": 0.4, "粤北": 1.3, "粤西": 1.15, "粤东": 1.0}[area.region]
    return area.pop_rural_2020 * need * trait(area, "rural dibao", 0.75, 1.3)


def _urban_need(area: Area) -> float:
    need = {"珠三角": 0.22, "粤北": 1.3, "粤西": 1.15, "粤东": 1.2}[area.region]
    return (area.pop_2020 - area.pop_rural_2020) * need * trait(area, "urban dibao", 0.7, 1.4)


def _rural_tekun(area: Area) -> float:
    need = {"珠三角": 0.5, "粤北": 1.25, "粤西": 1.1, "粤东": 0.85}[area.region]
    return area.pop_rural_2020 * need * trait(area, "rural tekun", 0.8, 1.25)


def _urban_tekun(area: Area) -> float:
    need = {"珠三角": 0.25, "粤北": 1.2, "粤西": 1.0, "粤东": 0.9}[area.region]
    return (area.pop_2020 - area.pop_rural_2020) * need * trait(area, "urban tekun", 0.7, 1.4)


def _recognised(area: Area) -> float:
    """Members of families recognised beside dibao: where dibao is paid, unevenly; few if weak."""
    zeal = 0.25 if area.name == WEAK else trait(area, "recognised", 0.5, 1.6)
    return (_rural_need(area) + 0.15 * _urban_need(area)) * zeal


def _temporary(area: Area) -> float:
    need = _rural_need(area) + 0.25 * _urban_need(area)
    return need * trait(area, "temporary", 0.6, 1.5)


def rows(area: Area) -> list[Row]:
    """Eight quarters of one area's social assistance.

    Assumed: 1.6 to 1.9 persons to a household on urban dibao and 1.8 to 2.4 on rural; single-person
    cases rise from 2 to 4 % of the recipients to twice that; 82 to 94 % of rural and 60 to 85 % of
    urban persons in extreme hardship live at home; more temporary assistance in winter.
    """
    rural = area.pop_rural_2020 > 0
    urban_household = trait(area, "urban household", 1.6, 1.9)
    rural_household = trait(area, "rural household", 1.8, 2.4)
    single = 0.008 if area.name == WEAK else trait(area, "single", 0.02, 0.04)
    rural_home = trait(area, "rural home", 0.82, 0.94)
    urban_home = trait(area, "urban home", 0.60, 0.85)
    yuan_each = trait(area, "temporary amount", *YUAN_PER_PAYMENT)
    found: list[Row] = []
    payments = amount = 0
    for step, year, quarter in quarters(RECENT[0]):
        if quarter == 1:
            payments = amount = 0
        urban_dibao = part(area, _urban_need, line(URBAN_DIBAO, step), step)
        rural_dibao = part(area, _rural_need, line(RURAL_DIBAO, step), step)
        urban_tekun = part(area, _urban_tekun, line(URBAN_TEKUN, step), step)
        rural_tekun = part(area, _rural_tekun, line(RURAL_TEKUN, step), step)
        urban_at_home, rural_at_home = int(urban_tekun * urban_home), int(rural_tekun * rural_home)
        season = (0.90, 0.95, 1.0, 1.15)[quarter - 1]
        helped = part(area, _temporary, line(TEMPORARY, step) * season, step)
        payments += helped
        amount += round(helped * yuan_each * (0.92 + 0.01 * step))
        found.append(
            {
                "urban_dibao_persons": urban_dibao,
                "urban_dibao_households": round(urban_dibao / urban_household),
                "rural_dibao_persons": rural_dibao,
                "rural_dibao_households": round(rural_dibao / rural_household),
                "single_person_cases": int(
                    (urban_dibao + rural_dibao) * single * (1 + (step - 8) / 7)
                ),
                "dibao_edge_persons": part(area, _recognised, line(EDGE, step), step),
                "expenditure_hardship_persons": part(
                    area, _recognised, line(EXPENDITURE, step), step
                ),
                "tekun_urban_institution": urban_tekun - urban_at_home,
                "tekun_urban_scattered": urban_at_home,
                "tekun_rural_institution": rural_tekun - rural_at_home,
                "tekun_rural_scattered": rural_at_home,
                "temporary_assistance_cases_ytd": payments,
                "temporary_assistance_amount_ytd": amount,
                "urban_dibao_standard": _standard(area, "urban", year, quarter),
                "rural_dibao_standard": (
                    _standard(area, "rural", year, quarter) if rural else NOT_APPLICABLE
                ),
            }
        )
    return found


def _standard(area: Area, kind: str, year: int, quarter: int) -> int:
    if area.city == "广州市":
        return GUANGZHOU_STANDARD[year]
    factor = (URBAN_STANDARD if kind == "urban" else RURAL_STANDARD).get(area.city, 1.0)
    name = f"dibao_{kind}_class_{area.dibao_class or UNVERIFIED_CLASS}"
    return in_force(area, factor, RAISED_LATE["social_assistance"], name, year, quarter)
