"""乡村建设与治理: eight quarters of village facilities, deliberation and place-name signs."""

from __future__ import annotations

from app.areas import Area
from app.samples.plan import WEAK
from app.samples.shapes import RECENT, Row, quarters, smooth, trait


def rows(area: Area) -> list[Row]:
    """Eight quarters of one area's villages.

    Assumed: 78 to 93 % of villages have a facility in March 2023 (in the Pearl River Delta 90 to
    98 %) and 90 to 100 % at the end of 2024, a year before the plan wants all; two fifths to two
    thirds have rules of deliberation at first and 78 to 100 % at the end; 4 to 9 place-name signs a
    village are planned, a tenth more from 2024 in some counties; a county has up to three trials
    of simpler wedding customs, most have none or one.
    """
    weak = area.name == WEAK
    delta = area.region == "珠三角"
    service = trait(area, "facility first", *((0.90, 0.98) if delta else (0.78, 0.93)))
    service = 0.66 if weak else service
    service_last = 0.78 if weak else max(service, min(1.0, trait(area, "facility", 0.91, 1.03)))
    rules = 0.30 if weak else trait(area, "rules first", 0.40, 0.66)
    rules_last = 0.62 if weak else min(1.0, trait(area, "rules last", 0.78, 1.05))
    signs = round(area.villages * trait(area, "signs", 4, 9))
    more = 1.1 if trait(area, "more signs", 0, 1) > 0.7 else 1.0
    signs_first = trait(area, "signs first", 0.12, 0.35)
    signs_last = 0.48 if weak else min(0.99, trait(area, "signs last", 0.66, 1.05))
    trials = int(max(0.0, trait(area, "trials", -1.4, 2.6)))
    another = 9 + int(trait(area, "another trial", 0, 20))  # the step; most never get it
    found: list[Row] = []
    for step, year, _ in quarters(RECENT[0]):
        part = (step - 8) / 7
        found.append(
            {
                "villages": area.villages,
                "villages_full_service": int(
                    area.villages * (service + (service_last - service) * part)
                ),
                "villages_deliberation": int(
                    area.villages * (rules + (rules_last - rules) * smooth(part))
                ),
                "place_name_signs_planned": round(signs * (more if year == 2024 else 1)),
                "place_name_signs_set": int(
                    signs * (signs_first + part * (signs_last - signs_first))
                ),
                "marriage_reform_pilots": trials + (step >= another),
            }
        )
    return found
