"""驻镇帮镇扶村和援藏援疆: eight quarters of teams in towns, and of aid that cities give."""

from __future__ import annotations

from app.areas import Area
from app.samples.plan import WEAK
from app.samples.shapes import NOT_APPLICABLE, RECENT, Row, quarters, trait

# The cities whose counties give to Tibet and Xinjiang: assumed.
GIVING = ("广州市", "深圳市", "珠海市", "佛山市", "东莞市", "中山市")
# Cities of the delta whose counties (12, without the districts) get teams as the rest of the
# province does (the plan of paired support of 2023 to 2025, by a reprint).
SUPPORTED = ("惠州市", "江门市", "肇庆市")
LEAST_RURAL = 0.10  # of the residents, for teams to be sent at all; assumed


def receives_teams(area: Area) -> bool:
    """Whether an area has towns with teams: rural areas outside the delta, twelve in it."""
    if area.pop_rural_2020 < LEAST_RURAL * area.pop_2020:
        return False
    if area.region == "珠三角":
        return area.city in SUPPORTED and area.name.endswith(("县", "市"))
    return True


def gives_aid(area: Area) -> bool:
    """Whether an area gives to Tibet and Xinjiang."""
    return area.city in GIVING


def rows(area: Area) -> list[Row]:
    """Eight quarters of one area's teams and aid.

    Assumed: 90 to 100 % of the towns of a county and 40 to 70 % of those of a district are to have
    a team of 4.5 to 7 people; most counties have all of them but for the second quarter of 2024,
    when teams rotated; first secretaries in 35 to 60 % of the villages; 1.5 to 4 visits a team and
    quarter. Giving counties run up to four projects of 0.3 to 1.5 million yuan a year each.
    """
    weak = area.name == WEAK
    county = area.name.endswith(("县", "市"))
    planned = trait(area, "towns", *((0.90, 1.0) if county else (0.40, 0.70)))
    towns = max(1, round(area.townships * planned))
    gap = 0.24 if weak else max(0.0, trait(area, "gap", -0.12, 0.10))
    rotating = max(0.0, trait(area, "rotating", -0.05, 0.22))
    each = trait(area, "members", 4.5, 7.0)
    secretaries = area.villages * trait(area, "secretaries", 0.35, 0.60)
    visits_each = 0.7 if weak else trait(area, "visits", 1.5, 4.0)
    projects = round(trait(area, "projects", -0.3, 3.7))
    yuan_each = trait(area, "project amount", 300_000, 1_500_000)
    found: list[Row] = []
    visits = 0
    for step, year, quarter in quarters(RECENT[0]):
        if quarter == 1:
            visits = 0
        row: Row = dict.fromkeys(
            (
                "towns_to_support", "teams", "cadres", "first_secretaries", "contact_visits_ytd",
                "aid_projects", "aid_amount_ytd",
            ),
            NOT_APPLICABLE,
        )  # fmt: skip
        if receives_teams(area):
            away = gap * (1 - 0.08 * (step - 8))
            away += rotating if (year, quarter) == (2024, 2) else 0.0
            teams = towns - int(towns * away + 0.5)
            visits += round(teams * visits_each * (0.85, 1.0, 1.1, 1.1)[quarter - 1])
            row |= {
                "towns_to_support": towns,
                "teams": teams,
                "cadres": round(teams * each),
                "first_secretaries": round(secretaries * (1 - 0.01 * (step - 8))),
                "contact_visits_ytd": visits,
            }
        if gives_aid(area):
            running = projects + (1 if projects and year == 2024 else 0)
            paid = (0.16, 0.45, 0.73, 1.0)[quarter - 1]
            row |= {
                "aid_projects": running,
                "aid_amount_ytd": round(running * yuan_each * paid / 10_000) * 10_000,
            }
        found.append(row)
    return found
