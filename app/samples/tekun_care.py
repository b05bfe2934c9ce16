"""特困供养与探访关爱: eight quarters of agreements on care, visits and homes to upgrade."""

from __future__ import annotations

from app.areas import Area
from app.samples import social_assistance
from app.samples.plan import WEAK
from app.samples.shapes import RECENT, Row, quarters, trait


def persons(area: Area) -> list[tuple[int, int]]:
    """All persons in extreme hardship of an area and those at home, as 社会救助 reports them."""
    homes = ("institution", "scattered")
    counted = [
        {home: sum(_number(row[f"tekun_{where}_{home}"]) for where in ("urban", "rural"))
         for home in homes}
        for row in social_assistance.rows(area)
    ]  # fmt: skip
    return [(sum(each.values()), each["scattered"]) for each in counted]


def _number(value: float | str | None) -> int:
    return int(value) if isinstance(value, int | float) else 0


def rows(area: Area) -> list[Row]:
    """Eight quarters of one area's care in extreme hardship.

    Assumed: 14 to 18 % are dependent, of whom 40 to 55 % are in homes by
    the end; 4 to 6.5 % of those aged 60 and over (in the Pearl River Delta 1.5 to 3 %) are in
    special difficulty; agreements and visits rise to 94 to 100 % in most counties; half of the
    counties' homes are in a plan of upgrading, to which some are added in 2024.
    """
    weak = area.name == WEAK
    delta = area.region == "珠三角"
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
    for (step, year, quarter), (total, scattered) in zip(
        quarters(RECENT[0]), persons(area), strict=True
    ):
        part = (step - 8) / 7
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
                "tekun_disabled_institution": min(
                    total - scattered, int(disabled * housed * (0.86 + 0.14 * part))
                ),
            }
        )
    return found
