"""The provincial minimum standards of data/reference: one a year, or a year and class of area."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import yaml

from app.catalogue import Measure
from app.settings import REFERENCE


@dataclass(frozen=True)
class Minimum:
    """The minimum of a year; `area_class` is empty for one that holds in every area."""

    year: int
    value: float
    area_class: str | None = None


@cache
def by_name() -> dict[str, dict[int, float]]:
    """Every standard of the reference data by its name there: the minimum of each year."""
    text = (REFERENCE / "standards.yaml").read_text("utf-8")
    return {
        name: {entry["year"]: entry["value"] for entry in entries}
        for name, entries in yaml.load(text, yaml.CSafeLoader).items()
    }


def of(measure: Measure) -> list[Minimum]:
    """The minimums that a measure is held against; none where none was found."""
    if measure.by_class is None:
        return [Minimum(*entry) for entry in by_name().get(measure.id, {}).items()]
    before = f"{measure.by_class.standard}_class_"
    return [
        Minimum(year, value, name.removeprefix(before))
        for name, years in by_name().items()
        if name.startswith(before)
        for year, value in years.items()
    ]
