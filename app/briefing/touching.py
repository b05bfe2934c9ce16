"""Which submissions have touched what a number is made of."""

from __future__ import annotations

import dataclasses
from collections import Counter
from functools import cache
from typing import Any

import duckdb

import queries
from app import areas, catalogue, formula, lake, levels, periods, scopes, settings
from app.briefing.parts import Trace
from app.catalogue import Dataset
from app.intake import ledger as submissions
from app.kept import kept


@dataclasses.dataclass(frozen=True)
class Submission:
    """A submission that a number has changed by."""

    id: str
    at: str
    by: str
    note: str
    explanation: str
    file: str


@dataclasses.dataclass(frozen=True)
class _Touch:
    """Cells of one measure in one quarter that a submission set, changed or took away."""

    vintage: int
    dataset: str
    period: str
    measure: str
    area_codes: frozenset[str]


@dataclasses.dataclass(frozen=True)
class Touches:
    """What the submissions after one vintage have touched, up to another.

    `turned` names datasets and quarters that had sample data and have real ones now, or the other
    way: there every real submission changes what counts of all areas.
    """

    touches: tuple[_Touch, ...]
    turned: frozenset[tuple[str, str]]
    named: dict[int, Submission]

    def behind(self, trace: Trace) -> tuple[Submission, ...]:
        """The submissions that touched what a number is made of, the first made first."""
        if trace.quantity == "target":
            return ()
        found: set[int] = set()
        for dataset, measures, flows in _made_of(trace.indicator):
            wanted = _quarters(trace, flows=flows)
            codes = _members(trace.within or f"{trace.level}/{trace.area_code}", dataset.level)
            for touch in self.touches:
                if touch.dataset != dataset.id or touch.period not in wanted:
                    continue
                turned = (touch.dataset, touch.period) in self.turned
                if turned or (touch.measure in measures and touch.area_codes & codes):
                    found.add(touch.vintage)
        return tuple(self.named[vintage] for vintage in sorted(found) if vintage in self.named)


def between(first: int, last: int, stamp: str) -> Touches:
    """What the submissions after vintage `first` have touched, up to and with vintage `last`.

    `stamp` is that of the store, since answers are kept.
    """
    return _between(stamp, first, last)


@kept(64)
def _between(stamp: str, first: int, last: int) -> Touches:
    store = settings.load()
    rows, real = lake.read(store, lambda db: _feed(db, first, last)) or ([], {})
    net: Counter[tuple[str, str]] = Counter()
    for row in rows:
        if not row["sample"]:
            net[row["dataset_id"], row["period"]] += int(row["net"])
    turned = {
        key for key, more in net.items() if (real.get(key, 0) > 0) != (real.get(key, 0) > more)
    }
    touches = tuple(
        _Touch(
            row["vintage"], row["dataset_id"], row["period"],
            row["measure_id"].rpartition(".")[2], frozenset(row["area_codes"]),
        )
        for row in rows
        # sample cells are as good as not there once real ones are
        if not (row["sample"] and real.get((row["dataset_id"], row["period"])))
    )  # fmt: skip
    named = {int(row["vintage"]): _named(row) for row in submissions.history(store)}
    return Touches(touches, frozenset(turned), named)


def _feed(
    db: duckdb.DuckDBPyConnection, first: int, last: int
) -> tuple[list[dict[str, Any]], dict[tuple[str, str], int]]:
    snapshots = [lake.snapshot_of(db, vintage) for vintage in (first, last)]
    if snapshots[1] is None or first >= last:
        return [], {}
    rows = queries.rows(
        "lake/touched_between", db, first_snapshot=(snapshots[0] or 0) + 1,
        last_snapshot=snapshots[1],
    )  # fmt: skip
    real = queries.rows("lake/real_quarters", db)
    return rows, {(row["dataset_id"], row["period"]): int(row["cells"]) for row in real}


def _named(row: dict[str, Any]) -> Submission:
    return Submission(
        f"S{row['vintage']}", row["submitted_at"].isoformat(timespec="minutes"),
        str(row["submitted_by"]), row["note"] or "", row["explanation"] or "",
        row["file_name"] or "",
    )  # fmt: skip


def _quarters(trace: Trace, *, flows: bool) -> set[str]:
    """The quarters whose cells a number is made of.

    The quarter's own amount of a cumulative measure needs the quarter before it as well.
    """
    wanted = {trace.period}
    if trace.quantity == "change_previous":
        wanted.add(periods.shift(trace.period, -1))
    if trace.quantity == "change_year":
        wanted.add(periods.shift(trace.period, -4))
    if flows:
        wanted |= {periods.shift(each, -1) for each in wanted if not each.endswith("Q1")}
    return wanted


@cache
def _made_of(name: str) -> tuple[tuple[Dataset, frozenset[str], bool], ...]:
    """Dataset, measures, and whether a quarter's own amount is among them, of an indicator.

    Of a dataset all its measures; where indicators themselves are counted, of every dataset that
    counties report.
    """
    known = catalogue.load()
    if name in known.indicators:
        chosen = known.indicators[name]
        used = formula.references(chosen.numerator)
        if chosen.denominator:
            used |= formula.references(chosen.denominator)
        flows = any(each.qualifier == "quarter" for each in used)
        return ((known.dataset_of[name], frozenset(each.measure for each in used), flows),)
    if name:
        told = [known.datasets[name]] if name in known.datasets else []
    else:
        told = [each for each in known.datasets.values() if each.level == "county"]
    return tuple((each, frozenset(m.id for m in each.measures), not name) for each in told)


@cache
def _members(group: str, level: areas.Level) -> frozenset[str]:
    """Who reports in a group given as level/code; of a county's peers all that could be."""
    kind, _, code = group.partition("/")
    if kind == "county":
        return frozenset([code])
    if kind == "peers":
        return frozenset(levels.units(level))
    if kind == "pilot_region":
        region = set(scopes.members(code.removeprefix("pilot_"), level))
        return frozenset(region & set(scopes.members(areas.PILOT, level)))
    return frozenset(scopes.members(code, level))
