"""The ledger of submissions: what each one changed, taking one back, withdrawing what is wrong."""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import duckdb

import queries
from app import catalogue, lake, levels, periods, storage
from app.access import audit, rights
from app.errors import RevertRefused, UnknownName
from app.intake import commit, kept_files
from app.intake.check import put_cells
from app.intake.commit import Entry
from app.settings import Settings


@dataclass(frozen=True)
class CellChange:
    """A cell as a submission found it and left it; a value is None where the cell was empty."""

    dataset_id: str
    area_code: str
    period: str
    measure_id: str
    sample: bool
    change: str
    old_value: float | None
    old_status: str | None
    old_vintage: int | None
    value: float | None
    status: str | None


@dataclass(frozen=True)
class StoredCell:
    """A cell of one dataset and quarter as the store holds it; no value where none was reported."""

    area_code: str
    measure_id: str
    value: float | None
    status: str
    sample: bool


def history(settings: Settings, dataset_id: str | None = None) -> list[dict[str, Any]]:
    """All submissions, newest first; empty for an absent store.

    One row each: vintage, kind (upload, revert or withdrawal), dataset_id, periods, file_name,
    sha256, submitted_by, submitted_at, note, explanation, row_count, added, changed, removed,
    sample, reverts and reverted_by (vintages). A revert has the file of what it reverts; a
    withdrawal has none.
    """
    found = lake.read(settings, lambda db: queries.rows("lake/submissions", db)) or []
    return [
        row | {"kind": _kind(row)}
        for row in reversed(found)
        if dataset_id in (None, row["dataset_id"])
    ]


def number(submission: str) -> int:
    """The number in a submission's id, `S12` → 12; raises UnknownName for anything else."""
    match = re.fullmatch(r"[Ss]?(\d{1,9})", submission.strip())
    if not match:
        raise UnknownName("error.unknown_submission", name=submission)
    return int(match[1])


def changes(settings: Settings, submission: int) -> list[CellChange]:
    """The cells a submission added, changed or removed; raises UnknownName."""
    found = lake.read(settings, lambda db: _changes(db, _snapshot(db, submission)))
    if found is None:
        raise UnknownName("error.unknown_submission", name=f"S{submission}")
    return found


def file_of(settings: Settings, submission: int) -> storage.File | None:
    """The file of an upload as it came; None for a revert, a withdrawal, or where it is gone.

    Its name is its SHA-256; the name it came with is in the history. Raises UnknownName.
    """
    row = next((row for row in history(settings) if row["vintage"] == submission), None)
    if row is None:
        raise UnknownName("error.unknown_submission", name=f"S{submission}")
    if row["kind"] != "upload":
        return None
    file = kept_files.place(settings, row["sha256"], row["file_name"])
    return file if file.exists() else None


def submission_of_file(settings: Settings, sha256: str) -> list[int]:
    """The submissions that hold a file and are not reverted, the newest first."""
    found = lake.read(settings, lambda db: queries.rows("lake/submissions", db)) or []
    return standing(found, sha256)


def standing(rows: Sequence[dict[str, Any]], sha256: str) -> list[int]:
    """The uploads of a file among all submissions that no revert has taken back, newest first."""
    reverted_by = {row["reverts"]: row["vintage"] for row in rows if row["reverts"] is not None}

    def stands(vintage: int) -> bool:
        reverting = reverted_by.get(vintage)  # which may itself have been reverted
        return reverting is None or not stands(reverting)

    return [
        row["vintage"]
        for row in reversed(rows)
        if _kind(row) == "upload" and row["sha256"] == sha256 and stands(row["vintage"])
    ]


def remembered_areas(settings: Settings) -> dict[str, str]:
    """The areas that were picked for places as files write them, by the place."""

    def picks(db: duckdb.DuckDBPyConnection) -> dict[str, str]:
        if not lake.has_table(db, "area_name_pick"):
            return {}
        return dict(queries.run("lake/area_name_picks", db).fetchall())

    return lake.read(settings, picks) or {}


def texts(settings: Settings) -> dict[float, str]:
    """What the stored cells of texts say, by the number that stands for each."""
    return lake.read(settings, lake.texts) or {}


def stored_cells(
    settings: Settings, dataset_id: str, period: str, area_code: str
) -> list[StoredCell]:
    """What the store holds of an area in a quarter: the cells that can be withdrawn.

    Sample cells count only while nothing real is stored of the dataset in that quarter. Raises
    UnknownName and BadPeriod.
    """
    _check_names(dataset_id, period, area_code, ())
    return lake.read(settings, lambda db: _stored(db, dataset_id, period, area_code)) or []


def revert(settings: Settings, submission: int, *, by: str, note: str) -> tuple[int, int]:
    """Put back what a submission changed, as a new submission.

    Returns the new vintage and the number of cells put back. Raises RevertRefused, naming them,
    when later submissions changed the same cells, NotAllowed and UnknownName.
    """
    rights.require("approve")
    if not lake.exists(settings):
        raise UnknownName("error.unknown_submission", name=f"S{submission}")

    mark = secrets.token_hex(8)

    def attempt() -> tuple[int, int]:
        with lake.session(settings, write=True) as db:
            if (made := commit.marked(db, mark)) is not None:
                return made, len(_changes(db, _snapshot(db, made)))
            base = lake.last_vintage(db)
            found = _changes(db, _snapshot(db, submission))
            original = next(
                row for row in queries.rows("lake/submissions", db) if row["vintage"] == submission
            )
            dataset = catalogue.load().dataset(original["dataset_id"])
            rights.require_write(dataset, {(c.area_code, c.period) for c in found})
            cells = _put_back(found)
            put_cells(db, cells)
            later = _later(db, original)
            if later:
                names = ", ".join(f"S{vintage}" for vintage in later)
                raise RevertRefused(
                    "error.revert_refused", submission=f"S{submission}", later=names
                )
            entry = Entry(
                dataset_id=original["dataset_id"],
                periods=original["periods"],
                submitted_by=by,
                note=note,
                file_name=original["file_name"],
                sha256=original["sha256"],
                row_count=len({(c.area_code, c.period) for c in found}),
                added=sum(1 for c in found if c.change == "removed"),
                changed=sum(1 for c in found if c.change == "changed"),
                removed=sum(1 for c in found if c.change == "added"),
                sample=original["sample"],
                reverts=submission,
            )
            return commit.write(db, cells, entry, base, mark=mark), len(found)

    made = lake.patiently(settings, attempt)
    audit.record("revert", submission=f"S{submission}", by_submission=f"S{made[0]}")
    return made


def withdraw(
    settings: Settings,
    dataset_id: str,
    period: str,
    area_code: str,
    measure_ids: Sequence[str] | None,
    *,
    by: str,
    note: str,
) -> tuple[int, int]:
    """Take cells that were wrongly reported out of the store, as a new submission.

    Without `measure_ids` all of the area in that quarter. Returns the new vintage and the number
    of cells. Raises UnknownName, also where nothing is stored of what is named, BadPeriod and
    NotAllowed.
    """
    _check_names(dataset_id, period, area_code, measure_ids or ())
    rights.require_write(catalogue.load().dataset(dataset_id), [(area_code, period)])
    nothing = UnknownName(
        "error.nothing_stored",
        dataset=catalogue.load().dataset(dataset_id).label,
        period=period,
        area=levels.unit(area_code).label,
        measures=", ".join(measure_ids or ()) or "—",
    )
    if not lake.exists(settings):
        raise nothing

    mark = secrets.token_hex(8)

    def attempt() -> tuple[int, int]:
        with lake.session(settings, write=True) as db:
            if (made := commit.marked(db, mark)) is not None:
                return made, len(_changes(db, _snapshot(db, made)))
            base = lake.last_vintage(db)
            found = {cell.measure_id: cell for cell in _stored(db, dataset_id, period, area_code)}
            if not found or not set(measure_ids or ()) <= found.keys():
                raise nothing
            cells = [found[measure_id] for measure_id in dict.fromkeys(measure_ids or found)]
            entry = Entry(
                dataset_id=dataset_id,
                periods=[period],
                submitted_by=by,
                note=note,
                row_count=1,
                removed=len(cells),
                sample=cells[0].sample,
            )
            taken = _taken_away(dataset_id, period, cells)
            return commit.write(db, taken, entry, base, mark=mark), len(cells)

    made = lake.patiently(settings, attempt)
    audit.record(
        "withdraw", submission=f"S{made[0]}", dataset=dataset_id, period=period, area=area_code
    )
    return made


def _kind(row: dict[str, Any]) -> str:
    if row["reverts"] is not None:
        return "revert"
    return "upload" if row["sha256"] is not None else "withdrawal"


def _check_names(dataset_id: str, period: str, area_code: str, measure_ids: Sequence[str]) -> None:
    dataset = catalogue.load().dataset(dataset_id)
    known = dataset.cells
    for measure_id in measure_ids:
        if measure_id not in known:
            names = ", ".join(sorted(known))
            raise UnknownName("error.unknown_measure", name=measure_id, names=names)
    periods.parse(period)
    if area_code not in levels.units(dataset.level):
        raise UnknownName("error.unknown_area", name=area_code)


def _snapshot(db: duckdb.DuckDBPyConnection, submission: int) -> int:
    snapshot = lake.snapshot_of(db, submission)
    if snapshot is None:
        raise UnknownName("error.unknown_submission", name=f"S{submission}")
    return snapshot


def _changes(db: duckdb.DuckDBPyConnection, snapshot: int) -> list[CellChange]:
    return [
        CellChange(**row) for row in queries.rows("lake/changes_of_snapshot", db, snapshot=snapshot)
    ]


def _stored(
    db: duckdb.DuckDBPyConnection, dataset_id: str, period: str, area_code: str
) -> list[StoredCell]:
    rows = queries.rows("lake/quarter_cells", db, dataset_id=dataset_id, period=period)
    return [StoredCell(**row) for row in rows if row["area_code"] == area_code]


def _later(db: duckdb.DuckDBPyConnection, original: dict[str, Any]) -> list[int]:
    """The submissions after one that touched the cells handed over."""
    after = queries.rows(
        "lake/later_submissions",
        db,
        vintage=original["vintage"],
        dataset_id=original["dataset_id"],
        periods=original["periods"],
    )
    if not after:
        return []
    first, last = after[0]["snapshot_id"], after[-1]["snapshot_id"]
    set_ = queries.run("lake/set_between", db, first_snapshot=first, last_snapshot=last).fetchall()
    touched = {vintage for (vintage,) in set_}
    # looking for what was taken away takes longer, and only few submissions take anything away
    for row in after:
        if row["removed"]:
            query = queries.run("lake/taken_away_in", db, snapshot=row["snapshot_id"])
            if query.fetchall() != [(0,)]:
                touched.add(row["vintage"])
    return sorted(touched)


def _put_back(found: list[CellChange]) -> dict[str, list[Any]]:
    return {
        "dataset_id": [c.dataset_id for c in found],
        "area_code": [c.area_code for c in found],
        "period": [c.period for c in found],
        "measure_id": [c.measure_id for c in found],
        "value": [c.old_value for c in found],
        "status": [c.old_status for c in found],
        "sample": [c.sample for c in found],
        "keep": [c.change != "added" for c in found],
    }


def _taken_away(dataset_id: str, period: str, cells: list[StoredCell]) -> dict[str, list[Any]]:
    return {
        "dataset_id": [dataset_id for _ in cells],
        "area_code": [c.area_code for c in cells],
        "period": [period for _ in cells],
        "measure_id": [c.measure_id for c in cells],
        "value": [None for _ in cells],
        "status": [None for _ in cells],
        "sample": [c.sample for c in cells],
        "keep": [False for _ in cells],
    }
