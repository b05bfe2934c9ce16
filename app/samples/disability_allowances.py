"""残疾人两项补贴: sixteen quarters of the two allowances."""

from __future__ import annotations

from app.areas import Area
from app.samples.plan import RAISED_LATE, SHORT_OF_POOR, WEAK
from app.samples.shapes import Row, in_force, quarters, smooth, trait

# Local standards above the province's: assumed.
ALLOWANCE_STANDARD = {
    "广州市": 1.15, "深圳市": 1.30, "珠海市": 1.12, "佛山市": 1.10, "东莞市": 1.15, "中山市": 1.10,
    "江门市": 1.02, "惠州市": 1.02,
}  # fmt: skip


def rows(area: Area) -> list[Row]:
    """Sixteen quarters of one area's two disability allowances.

    Assumed: certificate holders are 1.6 to 2.1 % of the residents, and 0.7 to 1.1 % in the Pearl
    River Delta, where many residents are registered elsewhere; of them 25 to 33 % (in the delta 16
    to 24 %) may draw the living allowance and 46 to 56 % the nursing allowance; all grow by about
    2 % a year. Coverage and the one-card share rise to 97 to 100 % in most counties.
    """
    delta = area.region == "珠三角"
    weak = area.name == WEAK
    certified_share = (0.007, 0.011) if delta else (0.016, 0.021)
    holders = area.pop_2020 * trait(area, "holders", *certified_share)
    poor = trait(area, "poor", *((0.16, 0.24) if delta else (0.25, 0.33)))
    severe = trait(area, "severe", 0.46, 0.56)
    growth = trait(area, "growth", 0.012, 0.028)
    gaps = [
        0.085 if weak else max(0.0, trait(area, f"{name} gap", -0.018, 0.03))
        for name in ("poor", "severe")
    ]
    if area.name in SHORT_OF_POOR:
        gaps[0] = 0.055
    first = trait(area, "card first", 0.58, 0.84)
    last = 0.82 if weak else min(1.0, trait(area, "card last", 0.935, 1.015))
    middle = trait(area, "card middle", 5.0, 10.0)
    found: list[Row] = []
    amount = 0
    for step, year, quarter in quarters():
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
        standards = [_standard(area, m, year, quarter) for m in measures]
        rise = [0, 0]
        if quarter == RAISED_LATE["disability_allowances"].get(year, {}).get(area.name):
            rise = [
                now - _standard(area, m, year - 1, 4)
                for m, now in zip(measures, standards, strict=True)
            ]
        amount += sum(
            count * (3 * now + 3 * (quarter - 1) * more)
            for count, now, more in zip(recipients, standards, rise, strict=True)
        )
        part = smooth((step - middle + 7.5) / 15) if step < 15 else 1.0
        card = first + (last - first) * max(part, step / 15 * 0.9)
        found.append(
            {
                "certified_disabled": certified,
                "hardship_eligible": eligible[0],
                "hardship_recipients": recipients[0],
                "severe_eligible": eligible[1],
                "severe_recipients": recipients[1],
                "hardship_standard": standards[0],
                "severe_standard": standards[1],
                "paid_amount_ytd": amount,
                "paid_by_one_card": int(sum(recipients) * card),
            }
        )
    return found


def _standard(area: Area, measure: str, year: int, quarter: int) -> int:
    factor = ALLOWANCE_STANDARD.get(area.city, 1.0)
    return in_force(area, factor, RAISED_LATE["disability_allowances"], measure, year, quarter)
