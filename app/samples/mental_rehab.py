"""精康融合: eight quarters of community rehabilitation for mental disorders."""

from __future__ import annotations

from app.areas import Area
from app.samples.plan import WEAK, WITHOUT_REHABILITATION
from app.samples.shapes import RECENT, Row, quarters, trait

FIRST = 8  # the step of 2023Q1


def rows(area: Area) -> list[Row]:
    """Eight quarters of one area's community rehabilitation.

    The three years of the action are 2023 to 2025, so that its targets are not due here. Assumed:
    more than half of the counties had begun by March 2023, the others begin within the year but for
    a few; registered persons are 0.6 to 1.1 per 1,000 residents and grow by 6 to 20 % a year; a
    quarter to two fifths of them are served where the service begins and 48 to 72 % at the end; an
    institution serves 40 to 90 persons.
    """
    weak = area.name == WEAK
    delta = area.region == "珠三角"
    starts = FIRST + max(0, int(trait(area, "rehabilitation", -8 if delta else -5, 3.999)))
    if area.name in WITHOUT_REHABILITATION:
        starts = 99
    wide_first = trait(area, "rehabilitated first", *((0.3, 0.6) if delta else (0.12, 0.35)))
    wide_last = 0.38 if weak else min(1.0, trait(area, "rehabilitated last", 0.52, 1.12))
    listed = area.pop_2020 * trait(area, "listed", 0.0006, 0.0011)
    growth = trait(area, "listing", 0.06, 0.20)
    served_first = 0.2 if weak else trait(area, "served first", 0.25, 0.40)
    served_last = 0.36 if weak else trait(area, "served last", 0.48, 0.72)
    each = trait(area, "served each", 40, 90)
    found: list[Row] = []
    for step, _, _ in quarters(RECENT[0]):
        registered = round(listed * (1 + growth * (step - FIRST) / 4))
        part = (step - starts) / (15 - starts)
        townships = participants = institutions = 0
        if step >= starts:
            townships = max(1, int(area.townships * (wide_first + (wide_last - wide_first) * part)))
            participants = int(registered * (served_first + (served_last - served_first) * part))
            institutions = max(1, round(participants / each))
        found.append(
            {
                "townships": area.townships,
                "townships_with_service": townships,
                "registered": registered,
                "participants": participants,
                "institutions": institutions,
            }
        )
    return found
