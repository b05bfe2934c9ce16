"""社会力量: eight quarters of social organisations, their projects, and volunteers."""

from __future__ import annotations

from app.areas import Area
from app.samples.plan import WEAK
from app.samples.shapes import RECENT, Row, quarters, trait


def rows(area: Area) -> list[Row]:
    """Eight quarters of one area's social organisations and volunteers.

    Assumed: a county outside the Pearl River Delta is paired with 4 to 24 organisations at first
    and with a third more at the end, one in the delta with up to eight or none; six in ten
    organisations have a project; a project spends 15,000 to 60,000 yuan a quarter, more at the
    year's end; 6 to 13 community organisations per 10,000 residents; 6 to 10 % of the residents
    are registered as volunteers, 8 to 14 % in the delta.
    """
    weak = area.name == WEAK
    delta = area.region == "珠三角"
    paired = 3 if weak else trait(area, "paired", *((1.5, 6) if delta else (4, 24)))
    if delta and trait(area, "unpaired", 0, 1) < 0.25:
        paired = 0
    per_org = trait(area, "projects", 0.45, 0.8)
    each = trait(area, "project money", 15_000, 60_000)
    organised = (4.2 if weak else trait(area, "organised", 6, 13)) * area.pop_2020 / 10_000
    willing = area.pop_2020 * trait(area, "volunteers", *((0.08, 0.14) if delta else (0.06, 0.10)))
    found: list[Row] = []
    amount = 0
    for step, _, quarter in quarters(RECENT[0]):
        if quarter == 1:
            amount = 0
        part = (step - 8) / 7
        organisations = int(paired * (1 + part / 3))
        projects = round(organisations * per_org)
        season = (0.85, 0.97, 1.0, 1.14)[quarter - 1] * trait(area, f"spent {step}", 0.93, 1.07)
        amount += round(projects * each * season / 100) * 100
        found.append(
            {
                "orgs_paired": organisations,
                "projects": projects,
                "project_amount_ytd": amount,
                "community_orgs": round(organised * (1 + 0.18 * part)),
                "volunteers": round(willing * (1 + 0.12 * part)),
            }
        )
    return found
