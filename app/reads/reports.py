"""Who has reported what, in which periods, and as of which vintage."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from typing import Any

import queries
from app import lake
from app.errors import UnknownName
from app.serving import Serving
from app.settings import Settings


def vintage_of(settings: Settings, as_of: str) -> int:
    """The vintage named by `--as-of`: a number, `V12`, or a date (its last in Guangdong)."""
    text = as_of.strip().upper().removeprefix("V").removeprefix("S")
    if re.fullmatch(r"[0-9]{1,9}", text):
        return int(text)
    try:
        day = dt.date.fromisoformat(as_of.strip())
    except ValueError as error:
        raise UnknownName("error.bad_as_of", name=as_of) from error
    return lake.vintage_on(settings, day)


def reporting_status(source: Serving, wanted: Sequence[str] | None = None) -> list[dict[str, Any]]:
    """Who has reported what, and when: one row a dataset, period and area.

    Without periods, the last one with data; none at all in an empty store.
    """
    if wanted is None:
        wanted = [row["period"] for row in queries.rows("periods", source.cursor())][-1:]
    found = queries.rows("reporting_status", source.cursor(), periods=list(wanted))
    for row in found:
        row["submission"] = None if row["submission"] is None else f"S{row['submission']}"
    return found


def reporting_counts(
    source: Serving, period: str, level: str, group_code: str
) -> dict[str, dict[str, Any]]:
    """How many areas of a group have `reported` each dataset, of how many `expected`.

    By dataset; `sample` tells whether any of it is sample data.
    """
    found = queries.rows(
        "reporting_count", source.cursor(), period=period, level=level, group_code=group_code
    )
    return {row["dataset"]: row for row in found}


def reporting_summary(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """How many areas of how many have reported: one row a period and dataset."""
    summary: dict[tuple[str, str], dict[str, Any]] = {}
    for row in rows:
        key = (row["period"], row["dataset"])
        entry = summary.setdefault(
            key, {"period": key[0], "dataset": key[1], "reported": 0, "expected": 0}
        )
        entry["expected"] += 1
        entry["reported"] += row["reported"]
    return list(summary.values())


def available_periods(source: Serving, dataset_id: str | None = None) -> list[str]:
    """The periods with data, of one dataset or of any, oldest first."""
    rows = queries.rows("periods", source.cursor())
    return sorted({row["period"] for row in rows if dataset_id in (None, row["dataset"])})


def sample_periods(source: Serving, dataset_id: str) -> list[str]:
    """The periods in which a dataset's data are sample data, oldest first."""
    rows = queries.rows("periods", source.cursor())
    return [row["period"] for row in rows if row["dataset"] == dataset_id and row["sample"]]
