"""The provincial minimum standards of data/reference: one a year, or a year and class of area."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml

from app.catalogue import Measure, Text
from app.settings import REFERENCE


@dataclass(frozen=True)
class Minimum:
    """The minimum of a year; `area_class` is empty for one that holds in every area."""

    year: int
    value: float
    area_class: str | None = None


@dataclass(frozen=True)
class Cited:
    """A minimum with its source; `status` is the level of the source in the reference data."""

    minimum: Minimum
    status: str
    citation: Text


@cache
def _entries() -> dict[str, list[dict[str, Any]]]:
    text = (REFERENCE / "standards.yaml").read_text("utf-8")
    loaded: dict[str, list[dict[str, Any]]] = yaml.load(text, yaml.CSafeLoader)
    return loaded


@cache
def by_name() -> dict[str, dict[int, float]]:
    """Every standard of the reference data by its name there: the minimum of each year."""
    return {
        name: {entry["year"]: entry["value"] for entry in entries}
        for name, entries in _entries().items()
    }


def of(measure: Measure) -> list[Minimum]:
    """The minimums that a measure is held against; none where none was found."""
    return [each.minimum for each in cited(measure)]


def cited(measure: Measure) -> list[Cited]:
    """The minimums that a measure is held against, each with its source."""
    if measure.by_class is None:
        return [_cited(entry) for entry in _entries().get(measure.id, [])]
    before = f"{measure.by_class.standard}_class_"
    return [
        _cited(entry, name.removeprefix(before))
        for name, entries in _entries().items()
        if name.startswith(before)
        for entry in entries
    ]


def _cited(entry: dict[str, Any], area_class: str | None = None) -> Cited:
    return Cited(
        Minimum(entry["year"], entry["value"], area_class),
        entry["status"],
        Text(zh=entry["citation_zh"], en=entry["citation_en"]),
    )
