"""特困供养与探访关爱: eight quarters of agreements on care, visits and homes to upgrade."""

from __future__ import annotations

from functools import cache

from app import areas
from app.areas import Area
from app.samples.plan import WEAK
from app.samples.shapes import RECENT, Row, line, quarters, trait

# Persons in extreme hardship in the province (step, persons): 19.61 万 rural and 1.97 万 urban in
# March 2023, 19.8 万 and 2.2 万 in March 2024 (中国社会报 2023 and a reprint of 2024). Straight
# lines between them, and a gentler slope after them: assumed.
RURAL = [(8, 196_100.0), (12, 198_000.0), (15, 199_000.0)]
URBAN = [(8, 19_700.0), (12, 22_000.0), (15, 23_000.0)]
NEED = {
    "珠三角": 0.45,
    "粤北": 1.2,
    "粤西": 1.35,
    "粤东": 1.05,
}  # relative to the residents; assumed


def _rural_weight(area: Area) -> float:
    return area.pop_rural_2020 * NEED[area.region] * trait(area, "tekun rural", 0.8, 1.25)


def _urban_weight(area: Area) -> float:
    urban = area.pop_2020 - area.pop_rural_2020
    return urban * NEED[area.region] * trait(area, "tekun urban", 0.8, 1.25)


@cache
def _total_weights() -> tuple[float, float]:
    known = areas.load().values()
    return sum(map(_rural_weight, known)), sum(map(_urban_weight, known))


def persons(area: Area, step: int) -> tuple[int, int]:
    """Rural and urban persons in extreme hardship of an area."""
    rural, urban = _total_weights()
    return (
        round(line(RURAL, step) * _rural_weight(area) / rural),
        round(line(URBAN, step) * _urban_weight(area) / urban),
    )


def rows(area: Area) -> list[Row]:
    """Eight quarters of one area's care in extreme hardship.

    Assumed: 86 to 90 % live at home; 14 to 18 % are dependent, of whom 40 to 55 % are in homes by
    the end; 4 to 6.5 % of those aged 60 and over (in the Pearl River Delta 1.5 to 3 %) are in
    special difficulty; agreements and visits rise to 94 to 100 % in most counties; half of the
    counties' homes are in a plan of upgrading, to which some are added in 2024.
    """
    weak = area.name == WEAK
    delta = area.region == "珠三角"
    at_home = trait(area, "at home", 0.86, 0.90)
    dependent = trait(area, "tekun dependent", 0.14, 0.18)
    housed = 0.27 if weak else trait(area, "dependent housed", 0.40, 0.55)
    agreed = 0.71 if weak else trait(area, "agreed first", 0.86, 0.95)
    agreed_last = 0.80 if weak else min(1.0, trait(area, "agreed last", 0.945, 1.02))
    difficulty = trait(area, "difficulty", *((0.015, 0.03) if delta else (0.04, 0.065)))
    visited = 0.58 if weak else trait(area, "visited first", 0.72, 0.88)
    visited_last = 0.77 if weak else min(1.0, trait(area, "visited last", 0.92, 1.015))
    planned = round(area.townships * trait(area, "homes planned", 0.1, 0.25 if delta else 0.45))
    added = int(planned > 3 and trait(area, "homes added", 0, 1) > 0.6)
    done_first = trait(area, "homes first", 0.15, 0.45)
    done_last = 0.5 if weak else min(1.0, trait(area, "homes last", 0.72, 1.12))
    found: list[Row] = []
    for step, year, quarter in quarters(RECENT[0]):
        part = (step - 8) / 7
        total = sum(persons(area, step))
        scattered = round(total * (at_home - 0.006 * part))
        disabled = round(total * dependent * (1 + 0.03 * part))
        elderly = round(area.population_60plus * difficulty * (1 + 0.05 * part))
        busy = (-0.012, 0.0, 0.004, 0.008)[quarter - 1]  # fewer visits around Spring Festival
        reach = visited + (visited_last - visited) * part + busy * (1 - part)
        homes = planned + (added if year == 2024 else 0)
        found.append(
            {
                "tekun_scattered": scattered,
                "care_agreements": int(scattered * (agreed + (agreed_last - agreed) * part)),
                "elderly_special_difficulty": elderly,
                "elderly_visited": int(elderly * min(1.0, reach)),
                "institutions_to_upgrade": homes,
                "institutions_upgraded": int(
                    planned * (done_first + (done_last - done_first) * part) + 1e-9
                ),
                "tekun_disabled": disabled,
                "tekun_disabled_institution": int(disabled * housed * (0.86 + 0.14 * part)),
            }
        )
    return found
