"""Numbers of the plan's workbook as its cells hold them."""

from __future__ import annotations

from app import periods
from app.planner.needs import Number


def plain(value: Number | None) -> float | int:
    """A number as a sheet holds it; a sum of nothing is zero there."""
    if value is None:
        return 0
    return value if isinstance(value, int) else float(value)


def base(period: str) -> int:
    """A period as a running number: four times the year and the quarters before it."""
    year, quarter = periods.parse(period)
    return 4 * year + quarter - 1
