"""Every report that is due in a quarter: whether it came, when, and whether in time."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import duckdb

import queries
from app import catalogue, lake, periods, reads, settings
from app.catalogue import Dataset
from app.kept import kept
from app.serving import Serving

# in time, after the day it was due; still to come, and to come though the day is over; sample data
State = Literal["in_time", "late", "awaited", "overdue", "sample"]
STATES: tuple[State, ...] = get_args(State)
REPORTED: tuple[State, ...] = ("in_time", "late", "sample")


@dataclass(frozen=True)
class Report:
    """What one area owes of a dataset in a quarter; no times where nothing came.

    `first_at` is when its first cell came, `last_at` when it was last touched, by whom and with
    which submission.
    """

    dataset: str
    area_code: str
    state: State
    due: dt.date | None
    first_at: dt.datetime | None = None
    last_at: dt.datetime | None = None
    submission: str = ""
    by: str = ""

    @property
    def days_late(self) -> int:
        """Days between the day it was due and that on which it came; 0 in time or not here yet."""
        if self.due is None or self.first_at is None or self.state != "late":
            return 0
        return (_day(self.first_at) - self.due).days


def due(dataset: Dataset, period: str) -> dt.date | None:
    """The last day on which a quarter is in time; None where the catalogue sets none."""
    if dataset.due_days is None:
        return None
    return periods.last_day(period) + dt.timedelta(days=dataset.due_days)


def awaited(available: Sequence[str], today: dt.date | None = None) -> list[str]:
    """The quarters after the last with data that have ended by a day (default: today), in order.

    Where there are no data at all, the last one that has ended.
    """
    last = periods.last_ended(today or periods.today())
    if not available:
        return [last]
    return [
        periods.shift(available[-1], n + 1) for n in range(periods.between(available[-1], last))
    ]


def of(source: Serving, stamp: str, period: str, today: dt.date | None = None) -> list[Report]:
    """Every report of a quarter that is due, by dataset and area, as of a day (default: today)."""
    return _of(stamp, period, today or periods.today(), source)


@kept(64)
def _of(stamp: str, period: str, today: dt.date, _source: Serving) -> list[Report]:
    known = catalogue.load().datasets
    first = _first(stamp, period, _source)
    found = []
    for row in reads.reporting_status(_source, [period]):
        dataset, area, sample = row["dataset"], row["area_code"], bool(row["sample"])
        day = due(known[dataset], period)
        if not row["reported"]:
            state: State = "overdue" if day is not None and today > day else "awaited"
            found.append(Report(dataset, area, state, day))
            continue
        came = first.get((dataset, area, sample), row["at"])
        state = "late" if day is not None and _day(came) > day else "in_time"
        found.append(
            Report(
                dataset, area, "sample" if sample else state, day, came, row["at"],
                row["submission"], str(row["by"]),
            )
        )  # fmt: skip
    return found


@kept(64)
def _first(
    stamp: str, period: str, _source: Serving
) -> Mapping[tuple[str, str, bool], dt.datetime]:
    """When each area's first cell of a dataset came, for sample and other data apart."""

    def ask(db: duckdb.DuckDBPyConnection) -> list[tuple[str, str, bool, dt.datetime]]:
        snapshot = lake.snapshot_of(db, _source.vintage)
        if snapshot is None:
            return []
        result = queries.run("lake/receipts", db, period=period, last_snapshot=snapshot)
        return list(result.fetchall())

    rows = lake.read(settings.load(), ask) or []
    return {(dataset, area, sample): at for dataset, area, sample, at in rows}


@dataclass(frozen=True)
class Tally:
    """How many reports of a dataset are due and how many are in each state."""

    dataset: str
    due: dt.date | None
    expected: int
    states: Mapping[State, int]

    @property
    def reported(self) -> int:
        """How many have come."""
        return sum(self.states.get(state, 0) for state in REPORTED)


def tallies(reports: Iterable[Report]) -> list[Tally]:
    """The reports counted by dataset, in their order."""
    by_dataset: dict[str, list[Report]] = {}
    for report in reports:
        by_dataset.setdefault(report.dataset, []).append(report)
    return [
        Tally(name, rows[0].due, len(rows), Counter(row.state for row in rows))
        for name, rows in by_dataset.items()
    ]


def outstanding(reports: Iterable[Report]) -> dict[str, list[Report]]:
    """What has not come, by area, those first that owe the most."""
    owed: dict[str, list[Report]] = {}
    for report in reports:
        if report.state not in REPORTED:
            owed.setdefault(report.area_code, []).append(report)
    return dict(sorted(owed.items(), key=lambda item: (-len(item[1]), item[0])))


def _day(at: dt.datetime) -> dt.date:
    return at.astimezone(periods.SHANGHAI).date() if at.tzinfo else at.date()
