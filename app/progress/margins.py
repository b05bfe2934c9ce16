"""What a difference of ranks is worth: how many persons or units lie between two counties.

Worked out exactly from numerators and denominators: two counties that are a few units apart are not
really apart.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction
from typing import Any, NamedTuple

import pandas as pd

from app import catalogue, formats, formula
from app.catalogue import Indicator

FEW = 3  # units that do not tell two counties apart
SMALL = 30  # a denominator below this is small: one unit more is over three percent of it


class Margin(NamedTuple):
    """What lies between two counties that follow each other.

    `units` is how many more in its numerator the one behind needs to draw level, None where the
    numerator counts nothing; `rounding` tells that they differ by less than the last digit printed.
    """

    ahead: dict[str, Any]
    behind: dict[str, Any]
    difference: float
    units: int | None
    rounding: bool

    @property
    def close(self) -> bool:
        """Whether the two are as good as level."""
        return self.rounding or (self.units is not None and self.units <= FEW)


def unit_of(indicator: Indicator) -> str | None:
    """The unit of one more in the numerator; None where it is not a sum of things counted."""
    known = catalogue.load()
    if indicator.denominator is None and known.unit(indicator.unit).whole:
        return indicator.unit
    if not formula.is_sum(indicator.numerator):
        return None
    dataset = known.dataset_of[indicator.id]
    units = {dataset.measure(ref.measure).unit for ref in formula.references(indicator.numerator)}
    unit = units.pop()
    return None if units or not known.unit(unit).whole else unit


def units_between(ahead: Mapping[str, Any], behind: Mapping[str, Any], indicator: Indicator) -> int:
    """How many more (or fewer, where lower is better) in its numerator bring one county level."""
    one, other = Fraction(ahead["numerator"]), Fraction(behind["numerator"])
    if indicator.denominator is None:
        return math.ceil(abs(one - other))
    level = one / Fraction(ahead["denominator"]) * Fraction(behind["denominator"])
    return math.ceil(abs(level - other))


def margins(rows: pd.DataFrame, indicator: Indicator) -> list[Margin]:
    """What lies between each two ranks that follow each other; ties are no two ranks.

    `rows` is the frame of reads.county_progress. Of those who share a rank the nearest counts.
    """
    ranked = rows[rows["rank"].notna()].sort_values(
        ["value", "area_code"], ascending=[indicator.direction == "lower", True]
    )
    records = [{str(k): v for k, v in row.items()} for row in ranked.to_dict("records")]
    counted = unit_of(indicator) is not None
    step = 10.0 ** -formats.decimals_of(indicator.unit, indicator.decimals)
    return [
        Margin(
            ahead, behind, abs(ahead["value"] - behind["value"]),
            units_between(ahead, behind, indicator) if counted else None,
            abs(ahead["value"] - behind["value"]) < step * (1 - 1e-9),
        )
        for ahead, behind in zip(records, records[1:], strict=False)
        if ahead["rank"] != behind["rank"]
    ]  # fmt: skip


def unmoved(rows: pd.DataFrame, indicator: Indicator) -> int:
    """How many counties have moved by less than one more in the numerator would move them."""
    if unit_of(indicator) is None:
        return 0
    parts = 1.0 if indicator.denominator is None else rows["denominator"]
    moved = rows["change_year"].abs() * parts
    return int((moved < indicator.factor * (1 - 1e-9)).sum())


def small(rows: pd.DataFrame, indicator: Indicator) -> pd.DataFrame:
    """The counties whose denominator is small."""
    seen = rows[rows["status"] == "observed"]
    return seen[seen["denominator"] < SMALL] if indicator.denominator is not None else seen[:0]
