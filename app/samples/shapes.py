"""Lasting traits of areas and shapes in time, the same at every run."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator, Sequence
from functools import cache

from app import areas, periods, standards
from app.areas import Area

SEED = 2023143
YEARS = (2021, 2022, 2023, 2024)
PERIODS = [f"{year}Q{quarter}" for year in YEARS for quarter in range(1, 5)]
RECENT = PERIODS[8:]  # of the datasets that are reported since the notice of 2023
NOT_APPLICABLE = "不适用"
Row = dict[str, float | str | None]
Late = dict[int, dict[str, int]]


def trait(area: Area, name: str, low: float, high: float) -> float:
    """A lasting property of an area, evenly spread; the same at every run and in any order."""
    return low + (high - low) * random.Random(f"{SEED}/{area.code}/{name}").random()


def line(points: Sequence[tuple[int, float]], step: int) -> float:
    """Straight lines between (step, value) points, level outside; step 0 is 2021Q1."""
    before = points[0]
    for point in points:
        if point[0] >= step:
            width = point[0] - before[0]
            part = (step - before[0]) / width if width else 1.0
            return before[1] + part * (point[1] - before[1])
        before = point
    return before[1]


def smooth(part: float) -> float:
    """A slow start and a slow end between 0 and 1."""
    part = min(max(part, 0.0), 1.0)
    return part * part * (3 - 2 * part)


def part(area: Area, weight: Callable[[Area], float], total: float, step: int) -> int:
    """An area's part of a provincial total, drifting slowly away from its first share."""
    drift = 1 + trait(area, "drift", -0.12, 0.12) * (step - 7.5) / 15
    return round(total * weight(area) / _total_weight(weight) * drift)


@cache
def _total_weight(weight: Callable[[Area], float]) -> float:
    return sum(weight(area) for area in areas.load().values())


def quarters(first: str = PERIODS[0]) -> Iterator[tuple[int, int, int]]:
    """Step, year and quarter of each period from the first on; step 0 is always 2021Q1."""
    for step, period in list(enumerate(PERIODS))[PERIODS.index(first) :]:
        year, quarter = periods.parse(period)
        yield step, year, quarter


def in_force(area: Area, factor: float, late: Late, standard: str, year: int, quarter: int) -> int:
    """The local standard: at least the year's minimum unless raised late; never falls.

    `standard` is its name in the reference data; `late` names, by year, the quarter from which an
    area pays the year's new standard.
    """
    if quarter < late.get(year, {}).get(area.name, 1):
        return in_force(area, factor, late, standard, year - 1, 4)
    if area.region != "珠三角" and trait(area, "generous", 0, 1) > 0.85:
        factor = max(factor, 1.03)
    return math.ceil(standards.by_name()[standard][year] * factor)
