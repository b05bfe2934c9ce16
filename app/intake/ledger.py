"""The ledger of submissions: what was submitted, what each one changed, and taking one back."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import duckdb

import queries
from app import lake
from app.errors import RevertRefused, UnknownName
from app.i18n import t
from app.intake.check import put_cells
from app.intake.submit import write
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


def history(settings: Settings, dataset_id: str | None = None) -> list[dict[str, Any]]:
    """All submissions, newest first; empty for an absent store."""
    found = lake.read(settings, lambda db: queries.rows("lake/submissions", db)) or []
    return [row for row in reversed(found) if dataset_id in (None, row["dataset_id"])]


def number(submission: str) -> int:
    """The number in a submission's id, `S12` → 12; raises UnknownName for anything else."""
    match = re.fullmatch(r"[Ss]?(\d{1,9})", submission.strip())
    if not match:
        raise UnknownName(t("error.unknown_submission", name=submission))
    return int(match[1])


def changes(settings: Settings, submission: int) -> list[CellChange]:
    """The cells a submission added, changed or removed; raises UnknownName."""
    found = lake.read(settings, lambda db: _changes(db, _snapshot(db, submission)))
    if found is None:
        raise UnknownName(t("error.unknown_submission", name=f"S{submission}"))
    return found


def revert(settings: Settings, submission: int, *, by: str, note: str) -> tuple[int, int]:
    """Put back what a submission changed, as a new submission.

    Returns the new vintage and the number of cells put back. Raises RevertRefused, naming them,
    when later submissions changed the same cells, and UnknownName.
    """
    if not lake.exists(settings):
        raise UnknownName(t("error.unknown_submission", name=f"S{submission}"))

    def attempt() -> tuple[int, int]:
        with lake.session(settings, write=True) as db:
            base = lake.last_vintage(db)
            snapshot = _snapshot(db, submission)
            found = _changes(db, snapshot)
            put_cells(db, _put_back(found))
            later = _later(db, snapshot, _snapshot(db, base))
            if later:
                names = ", ".join(f"S{vintage}" for vintage in later)
                raise RevertRefused(
                    t("error.revert_refused", submission=f"S{submission}", later=names)
                )
            original = next(
                row for row in queries.rows("lake/submissions", db) if row["vintage"] == submission
            )
            row = {
                "dataset_id": original["dataset_id"],
                "periods": original["periods"],
                "file_name": original["file_name"],
                "sha256": original["sha256"],
                "submitted_by": by,
                "note": note,
                "explanation": None,
                "row_count": len({(c.area_code, c.period) for c in found}),
                "added": sum(1 for c in found if c.change == "removed"),
                "changed": sum(1 for c in found if c.change == "changed"),
                "removed": sum(1 for c in found if c.change == "added"),
                "sample": original["sample"],
                "reverts": submission,
            }
            return write(db, _put_back(found), row, base), len(found)

    return lake.patiently(attempt)


def _snapshot(db: duckdb.DuckDBPyConnection, submission: int) -> int:
    snapshot = lake.snapshot_of(db, submission)
    if snapshot is None:
        raise UnknownName(t("error.unknown_submission", name=f"S{submission}"))
    return snapshot


def _changes(db: duckdb.DuckDBPyConnection, snapshot: int) -> list[CellChange]:
    return [
        CellChange(**row) for row in queries.rows("lake/changes_of_snapshot", db, snapshot=snapshot)
    ]


def _later(db: duckdb.DuckDBPyConnection, snapshot: int, last: int) -> list[int]:
    """The submissions after a snapshot, up to the last one, that touched the cells handed over."""
    if snapshot == last:
        return []
    found = queries.rows("lake/later_vintages", db, first_snapshot=snapshot + 1, last_snapshot=last)
    return [row["vintage"] for row in found]


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
