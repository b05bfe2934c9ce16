"""Stores an upload as one submission: one transaction, one snapshot, one vintage."""

from __future__ import annotations

import datetime as dt
import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

import queries
from app import lake, periods
from app.catalogue import Catalogue
from app.intake import check
from app.intake.check import Assessment, cell_columns, put_cells
from app.intake.read import Upload
from app.settings import Settings


@dataclass(frozen=True)
class Outcome:
    """What became of an upload: stored as `submission`, held by it already, or None if refused."""

    assessment: Assessment
    submission: int | None
    stored: bool


def submit(
    settings: Settings,
    upload: Upload,
    catalogue: Catalogue,
    *,
    by: str,
    note: str,
    explanation: str | None,
    lang: str,
) -> Outcome:
    """Check an upload against the store and store it in the same breath.

    Nothing is written where it has errors, or warnings without an explanation. An upload that
    changes nothing stores nothing and names the submission that holds its cells.
    """

    def attempt() -> Outcome:
        with lake.session(settings, write=True) as db:
            assessment = check.assess(db, upload, catalogue, lang)
            if assessment.errors:
                return Outcome(assessment, None, stored=False)
            if not assessment.changes:
                return Outcome(assessment, _holder(db, upload), stored=False)
            if assessment.warnings and not explanation:
                return Outcome(assessment, None, stored=False)
            _keep_file(settings, upload)
            written = {(c.area_code, c.period, c.measure_id) for c in assessment.changes}
            cells = [c for c in upload.cells if (c.area_code, c.period, c.measure_id) in written]
            submission = {
                "dataset_id": upload.dataset.id,
                "periods": upload.periods,
                "file_name": upload.file_name,
                "sha256": upload.sha256,
                "submitted_by": by,
                "note": note,
                "explanation": explanation if assessment.warnings else None,
                "row_count": upload.rows,
                "added": assessment.count("added"),
                "changed": assessment.count("changed"),
                "removed": 0,
                "sample": upload.sample,
                "reverts": None,
            }
            columns = cell_columns(upload.dataset.id, cells, upload.sample)
            vintage = write(db, columns, submission, assessment.vintage)
            return Outcome(assessment, vintage, stored=True)

    return lake.patiently(attempt)


def write(
    db: duckdb.DuckDBPyConnection,
    cells: Mapping[str, list[Any]],
    submission: dict[str, Any],
    base: int,
) -> int:
    """Write cells and their submission in one transaction and return the new vintage.

    `cells` are columns: the key, value, status and sample flag of each, and `keep`, false for one
    that is taken away. Raises lake.Overtaken if the store has moved on from the vintage `base`.
    """
    vintage = base + 1
    put_cells(db, cells)
    with lake.transaction(db):
        if lake.last_vintage(db) != base:
            raise lake.Overtaken
        queries.run("lake/next_vintage", db, vintage=vintage)
        queries.run("lake/forget_cells", db)
        queries.run("lake/write_cells", db, vintage=vintage)
        submitted_at = dt.datetime.now(periods.SHANGHAI)
        queries.run(
            "lake/write_submission", db, vintage=vintage, submitted_at=submitted_at, **submission
        )
        extra = {"submission": vintage} | {
            key: submission[key]
            for key in ("dataset_id", "periods", "file_name", "sha256", "reverts")
        }
        queries.run(
            "lake/commit_message",
            db,
            author=submission["submitted_by"],
            message=submission["note"],
            extra=json.dumps(extra, ensure_ascii=False),
        )
    return vintage


def _holder(db: duckdb.DuckDBPyConnection, upload: Upload) -> int | None:
    """The submission with the same file, or else the latest that set one of its cells."""
    row = queries.run("lake/holder", db, sha256=upload.sha256).fetchone()
    return int(row[0]) if row and row[0] is not None else None


def _keep_file(settings: Settings, upload: Upload) -> None:
    target = settings.uploads / (upload.sha256 + Path(upload.file_name).suffix.lower())
    if target.exists():
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".incoming-")
    with os.fdopen(handle, "wb") as file:
        file.write(upload.content)
        file.flush()
        os.fsync(file.fileno())
    Path(name).replace(target)
