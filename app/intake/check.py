"""Checks an upload against the catalogue and the store, and says what it would change."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

import duckdb
import numpy as np
import numpy.typing as npt

import queries
from app import formats, lake, levels, periods
from app.catalogue import Catalogue, Check, Dataset
from app.i18n import t
from app.intake.upload import BlankRow, Finding, ReadCell, Upload
from app.serving import model
from app.settings import Settings

MOST_FINDINGS = 1000  # of one check; a file in a wrong unit would have one for every cell
_PERIOD = re.compile(r"\d{4}Q[1-4]")


class Change(NamedTuple):  # made half a million times for a large file: a dataclass is too slow
    """One cell that an upload adds or changes; `old_value` is None where nothing was stored."""

    area_code: str
    period: str
    measure_id: str
    change: str
    old_value: float | None
    old_status: str | None
    value: float | None
    status: str


@dataclass(frozen=True)
class Assessment:
    """The findings on an upload and the cells it would add, change and leave as they are.

    `missing` are the areas, by quarter, that will have nothing stored of it afterwards.
    """

    upload: Upload
    errors: list[Finding]
    warnings: list[Finding]
    changes: list[Change]
    unchanged: int
    vintage: int
    missing: dict[str, list[str]] = field(default_factory=dict)

    def count(self, change: str) -> int:
        """How many cells are added or changed."""
        return sum(1 for each in self.changes if each.change == change)


def check(settings: Settings, upload: Upload, catalogue: Catalogue, lang: str) -> Assessment:
    """Assess an upload against the store as it is now, without writing anything."""
    found = lake.read(settings, lambda db: assess(db, upload, catalogue, lang))
    if found is not None:
        return found
    db = lake.connect()
    try:
        return assess(db, upload, catalogue, lang, has_store=False)
    finally:
        db.close()


def assess(
    db: duckdb.DuckDBPyConnection,
    upload: Upload,
    catalogue: Catalogue,
    lang: str,
    *,
    has_store: bool = True,
) -> Assessment:
    """Put the upload over what the attached lake holds, and collect what the checks find there.

    Where single rows could not be read the others are judged all the same, so that one round mends
    both; nothing is said of what may only be missing because it could not be read.
    """
    vintage = lake.last_vintage(db) if has_store else 0
    warnings = list(upload.warnings)
    unread = upload.errors
    if unread and (not upload.cells or any(error.row is None for error in unread)):
        return Assessment(upload, list(unread), warnings, [], 0, vintage)
    checks = catalogue.checks_of(upload.dataset)
    _bring_in(db, upload, _history(upload, checks.values()), has_store)
    cells = queries.run("incoming/cell_change", db).fetchone()
    if not cells or not cells[0]:
        nothing = Finding("no_data", t("check.no_data", lang))
        return Assessment(upload, [nothing], warnings, [], 0, vintage)
    queries.run("incoming/observation_with_upload", db)
    model.build(db, catalogue.only(upload.dataset.id), measures_only=True)
    queries.run("incoming/amount", db)
    changes = _changes(db)
    errors = list(unread)
    said = _Said(upload.dataset, _texts(db, upload.dataset) if has_store else {}, lang)
    hits = [*_broken_rules(db, upload, lang), *_offences(db, catalogue, checks, said, lang)]
    if unread:
        hits = _readable(hits, unread)
    for severity, finding in _findings(upload, hits, [*unread, *warnings], lang):
        (errors if severity == "error" else warnings).append(finding)
    if unread:
        return Assessment(upload, errors, warnings, [], 0, vintage)
    unreported = queries.run("checks/unreported", db).fetchall()
    missing = {
        period: [area_code for _, area_code in rows]
        for period, rows in groupby(unreported, itemgetter(0))
    }
    unchanged = cells[0] - len(changes)
    return Assessment(upload, errors, warnings, changes, unchanged, vintage, missing)


def put_cells(db: duckdb.DuckDBPyConnection, cells: Mapping[str, Sequence[Any]]) -> None:
    """Hand cells over to SQL as the table incoming_cell."""
    _hand_over(db, "incoming/incoming_cell", "cells_handed_over", cells)


def cell_columns(
    dataset_id: str, cells: Iterable[ReadCell | Change], sample: bool
) -> dict[str, list[Any]]:
    """Cells as read, or as changed, column by column, as `put_cells` takes them."""
    kept = list(cells)
    return {
        "dataset_id": [dataset_id] * len(kept),
        "area_code": [c.area_code for c in kept],
        "period": [c.period for c in kept],
        "measure_id": [c.measure_id for c in kept],
        "value": [c.value for c in kept],
        "status": [c.status for c in kept],
        "sample": [sample] * len(kept),
        "keep": [True] * len(kept),
    }


# ------------------------------------------------------------------ what is handed to SQL

_TYPES = {"value": np.float64, "sample": np.bool_, "keep": np.bool_}


def _hand_over(
    db: duckdb.DuckDBPyConnection, query: str, name: str, columns: Mapping[str, Sequence[Any]]
) -> None:
    """Run a query that makes a table of columns; arrays take a tenth of the time of values."""
    # None becomes NaN in an array of floats, and DuckDB reads that as null
    arrays: dict[str, npt.NDArray[Any]] = {
        key: np.array(values, dtype=_TYPES.get(key, np.object_)) for key, values in columns.items()
    }
    db.execute("set pandas_analyze_sample = 0")  # objects are text: it need not look at each
    db.register(name, arrays)
    queries.run(query, db)
    db.unregister(name)


def _bring_in(
    db: duckdb.DuckDBPyConnection, upload: Upload, history: list[str], has_store: bool
) -> None:
    if has_store:
        queries.run(
            "incoming/stored_observation",
            db,
            dataset_id=upload.dataset.id,
            periods=history,
            samples=[upload.sample],  # sample and real never meet
        )
    else:
        queries.run("incoming/no_stored_observation", db)
    put_cells(db, cell_columns(upload.dataset.id, upload.cells, upload.sample))
    blank = upload.blank_rows
    columns = {"area_code": [b.area_code for b in blank], "period": [b.period for b in blank]}
    _hand_over(db, "incoming/blank_row", "blank_rows_handed_over", columns)
    queries.run("incoming/upload_cell", db)


def _history(upload: Upload, checks: Iterable[Check]) -> list[str]:
    """The periods that an upload is judged by: its own, their years, and those the checks want.

    One more than these, since a flow's own amount takes the quarter before.
    """
    back = 1 + int(max((check.limits.get("quarters", 1) for check in checks), default=1))
    wanted = {
        periods.shift(period, step) for period in upload.periods for step in range(-back, 1)
    } | {f"{period[:4]}Q{quarter}" for period in upload.periods for quarter in range(1, 5)}
    return sorted(wanted)


def _changes(db: duckdb.DuckDBPyConnection) -> list[Change]:
    found: list[Change] = []
    known: dict[str | None, Any] = {}
    same = known.setdefault  # every row that DuckDB gives brings a copy of its texts
    result = queries.run("checks/change", db)
    while rows := result.fetchmany(10_000):
        found += [
            Change(same(a, a), same(p, p), same(m, m), same(c, c), old, same(o, o), new, same(s, s))
            for a, p, m, c, old, o, new, s in rows
        ]
    return found


# ------------------------------------------------------------------ findings


@dataclass(frozen=True)
class _Hit:
    """One rule or check with the rows that offend it."""

    rule: str
    severity: str
    gives_way: bool
    rows: list[dict[str, Any]]
    message: Callable[[dict[str, Any]], str]


def _readable(hits: list[_Hit], unread: list[Finding]) -> list[_Hit]:
    """The hits in rows that could be read whole."""
    rows = {(error.area_code, error.period) for error in unread}
    return [
        replace(hit, rows=[r for r in hit.rows if (r["area_code"], r["period"]) not in rows])
        for hit in hits
        if hit.rule != "missing_area"
    ]


@dataclass(frozen=True)
class _Said:
    """What the stored numbers in a check's rows stand for, where they are no amounts."""

    dataset: Dataset
    texts: Mapping[float, str]
    lang: str

    def of(self, key: str, value: object, row: dict[str, Any]) -> object:
        if key not in ("before", "value") or not isinstance(value, float):
            return value
        measure = self.dataset.measure(row["measure_id"])
        return formats.answer(value, measure, self.texts, self.lang)


def _texts(db: duckdb.DuckDBPyConnection, dataset: Dataset) -> dict[float, str]:
    return lake.texts(db) if any(m.kind == "text" for m in dataset.measures) else {}


def _broken_rules(db: duckdb.DuckDBPyConnection, upload: Upload, lang: str) -> Iterator[_Hit]:
    dataset = upload.dataset
    broken = queries.rows(
        "checks/broken_rule",
        db,
        rules=[f"{dataset.id}.{rule.id}" for rule in dataset.rules],
        measures=[rule.measure for rule in dataset.rules],
    )
    for rule in dataset.rules:
        rows = [row for row in broken if row["rule"] == rule.id]

        def message(row: dict[str, Any], text: str = rule.message(lang)) -> str:
            return text

        yield _Hit(rule.id, rule.severity, False, rows, message)


def _offences(
    db: duckdb.DuckDBPyConnection,
    catalogue: Catalogue,
    checks: Mapping[str, Check],
    said: _Said,
    lang: str,
) -> Iterator[_Hit]:
    for name, check in checks.items():
        rows = queries.rows(f"checks/{name}", db, **check.limits)

        def message(row: dict[str, Any], text: str = check.message(lang)) -> str:
            return text.format(**_words(row, catalogue, said, lang))

        yield _Hit(name, check.severity, check.gives_way, rows, message)


def _words(row: dict[str, Any], catalogue: Catalogue, said: _Said, lang: str) -> dict[str, str]:
    """The values of a row as a reader writes them."""
    words = {key: _word(said.of(key, value, row), lang) for key, value in row.items()}
    words["area"] = levels.unit(row["area_code"]).label(lang)
    if "indicator_id" in row:
        words["indicator"] = catalogue.indicator(row["indicator_id"]).label(lang)
    return words


def _word(value: object, lang: str) -> str:
    if isinstance(value, int | float):  # with all its decimals, and never as 1e+10
        return f"{Decimal(f'{value:.15g}'):,f}".replace("-", "\N{MINUS SIGN}")
    text = str(value)
    return periods.label(text, lang) if _PERIOD.fullmatch(text) else text


def _findings(
    upload: Upload, hits: list[_Hit], earlier: Iterable[Finding], lang: str
) -> Iterator[tuple[str, Finding]]:
    """Severity and finding, in the order of the hits; `earlier` are those of the reader."""
    taken = {_place(finding) for finding in earlier}
    cells = _Cells(upload, {(row["area_code"], row["period"]) for hit in hits for row in hit.rows})
    for hit in hits:
        listed = left_out = 0
        for row in hit.rows:
            finding = cells.finding(hit.rule, row, lang)
            if hit.gives_way and _place(finding) in taken:
                continue
            taken.add(_place(finding))
            if listed == MOST_FINDINGS:
                left_out += 1
                continue
            listed += 1
            yield hit.severity, replace(finding, message=hit.message(row))
        if left_out:
            yield hit.severity, Finding(hit.rule, t("check.left_out", lang, count=left_out))


def _place(finding: Finding) -> tuple[str, int | None, str | None]:
    return finding.sheet, finding.row, finding.column


class _Cells:
    """Where in the file the figures of some areas and periods stand."""

    def __init__(self, upload: Upload, wanted: set[tuple[str, str]]) -> None:
        self.dataset = upload.dataset
        self.cells: dict[tuple[str, str, str | None], ReadCell] = {}
        self.rows: dict[tuple[str, str, str], BlankRow | ReadCell] = {
            (blank.area_code, blank.period, ""): blank for blank in upload.blank_rows
        }
        for cell in upload.cells:
            if (cell.area_code, cell.period) in wanted:
                self.cells[cell.area_code, cell.period, cell.measure_id] = cell
                item = cell.measure_id.rpartition(".")[0]
                self.rows[cell.area_code, cell.period, item] = cell

    def finding(self, rule: str, row: dict[str, Any], lang: str) -> Finding:
        """A finding at the cell of a row, or at its row where it has no cell, or at neither."""
        place = (row["area_code"], row["period"])
        cell = self.cells.get((*place, row["measure_id"]))
        if cell is not None:
            return Finding(
                rule, "", cell.sheet, cell.row, cell.column, cell.raw, *place, cell.position
            )
        measure_id = row["measure_id"]
        line = self.rows.get((*place, (measure_id or "").rpartition(".")[0]))
        column = self.dataset.measure(measure_id).label(lang) if measure_id else None
        if line is None:
            return Finding(rule, "", area_code=place[0], period=place[1])
        return Finding(rule, "", line.sheet, line.row, column, None, *place)
