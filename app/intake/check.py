"""Checks an upload against the catalogue and the store, and says what it would change."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import duckdb

import queries
from app import lake, serving
from app.catalogue import Catalogue, Dataset
from app.i18n import t
from app.intake.read import Finding, ReadCell, Upload
from app.settings import Settings


@dataclass(frozen=True)
class Change:
    """One cell that an upload adds or changes; `old` is None where nothing was stored."""

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
    """The findings on an upload and the cells it would add, change and leave as they are."""

    upload: Upload
    errors: list[Finding]
    warnings: list[Finding]
    changes: list[Change]
    unchanged: int
    vintage: int

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
    """Put the upload over what the attached lake holds, and collect what the rules find there."""
    vintage = lake.last_vintage(db) if has_store else 0
    if upload.errors:
        return Assessment(upload, list(upload.errors), [], [], 0, vintage)
    if has_store:
        queries.run(
            "incoming/stored_observation",
            db,
            dataset_id=upload.dataset.id,
            years=sorted({period[:4] for period in upload.periods}),
            sample=upload.sample,
        )
    else:
        queries.run("incoming/no_stored_observation", db)
    put_cells(db, cell_columns(upload.dataset.id, upload.cells, upload.sample))
    queries.run("incoming/upload_cell", db)
    found = [Change(**row) for row in queries.rows("checks/change", db)]
    if not found:
        nothing = Finding("no_data", t("check.no_data", lang))
        return Assessment(upload, [nothing], [], [], 0, vintage)
    queries.run("incoming/observation_with_upload", db)
    serving.build(db, catalogue, measures_only=True)
    places = {(c.area_code, c.period, c.measure_id): c for c in upload.cells}
    errors = [
        _finding(
            places,
            upload,
            row,
            "falling_flow",
            lang,
            t(
                "check.falling_flow",
                lang,
                before=f"{row['before']:,.10g}",
                now=f"{row['value']:,.10g}",
            ),
        )
        for row in queries.rows("checks/falling_flow", db)
    ]
    warnings = [
        _finding(
            places,
            upload,
            row,
            "changed_within_year",
            lang,
            t("check.changed_within_year", lang, before=f"{row['before']:,.10g}"),
        )
        for row in queries.rows("checks/changed_within_year", db)
    ]
    warnings += [
        _finding(
            places,
            upload,
            vars(change),
            "emptied_cell",
            lang,
            t("check.emptied_cell", lang, old=f"{change.old_value:,.10g}"),
        )
        for change in found
        if change.change == "changed"
        and change.old_value is not None
        and change.status == "missing"
    ]
    rules = {r.id: r for r in upload.dataset.rules}
    for row in queries.rows("checks/broken_rule", db, **_rule_tables(upload.dataset)):
        rule = rules[row["rule"]]
        finding = _finding(places, upload, row, rule.id, lang, rule.message(lang))
        (errors if rule.severity == "error" else warnings).append(finding)
    changes = [change for change in found if change.change != "unchanged"]
    return Assessment(upload, errors, warnings, changes, len(found) - len(changes), vintage)


def put_cells(db: duckdb.DuckDBPyConnection, cells: Mapping[str, list[Any]]) -> None:
    """Hand cells over to SQL as the table incoming_cell."""
    queries.run("incoming/incoming_cell", db, cells=json.dumps(cells))


def cell_columns(dataset_id: str, cells: Iterable[ReadCell], sample: bool) -> dict[str, list[Any]]:
    """The cells of an upload, column by column, as `put_cells` takes them."""
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


def _rule_tables(dataset: Dataset) -> dict[str, Any]:
    return {
        "rules": [f"{dataset.id}.{rule.id}" for rule in dataset.rules],
        "measures": [rule.measure for rule in dataset.rules],
    }


def _finding(
    places: dict[tuple[str, str, str], ReadCell],
    upload: Upload,
    row: dict[str, Any],
    rule: str,
    lang: str,
    message: str,
) -> Finding:
    area_code, period = row["area_code"], row["period"]
    cell = places.get((area_code, period, row["measure_id"]))
    if cell is None:  # an optional measure without a column of its own: point at the row
        cell = next(c for c in upload.cells if (c.area_code, c.period) == (area_code, period))
        label = upload.dataset.measure(row["measure_id"]).label(lang)
        cell = replace(cell, column=label, raw=None)
    return Finding(rule, message, cell.sheet, cell.row, cell.column, cell.raw, area_code, period)
