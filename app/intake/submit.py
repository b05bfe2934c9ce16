"""Stores an upload as one submission: one transaction, one snapshot, one vintage."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass

import duckdb

import queries
from app import lake
from app.access import audit, rights
from app.catalogue import Catalogue
from app.errors import NotAllowed
from app.intake import check, drafts, kept_files
from app.intake.check import Assessment, cell_columns
from app.intake.commit import Entry, marked, write
from app.intake.ledger import standing
from app.intake.upload import ReadCell, Upload
from app.settings import Settings


@dataclass(frozen=True)
class Outcome:
    """What became of an upload: stored as `submission`, held by it already, or None if refused.

    `overtaken`: what would be stored is no longer what the analyst has seen, so nothing was.
    """

    assessment: Assessment
    submission: int | None
    stored: bool
    overtaken: bool = False


def submit(
    settings: Settings,
    upload: Upload,
    catalogue: Catalogue,
    *,
    by: str,
    note: str,
    explanation: str | None,
    lang: str,
    seen: Assessment | None = None,
    progress: Callable[[float], None] | None = None,
    reviewed: bool = False,
) -> Outcome:
    """Check an upload against the store and store it in the same breath.

    Nothing is written where it has errors, or warnings without an explanation, or where its
    findings and changes are not those that were `seen`. An upload that changes nothing stores
    nothing and names the submission that holds its cells. `progress` takes shares from 0 to 1; an
    exception from it leaves the store as it was. Where the setting asks for a second pair of eyes
    only what was `reviewed` is stored (app.intake.waiting). Raises NotAllowed, StoreBusy and
    StoreUnavailable.
    """
    if settings.review and not reviewed:
        raise NotAllowed("rights.needs_review")
    rights.require_write(upload.dataset, {(c.area_code, c.period) for c in upload.cells})
    step = progress or (lambda _: None)
    mark = secrets.token_hex(8)
    tried: list[Assessment] = []

    def attempt() -> Outcome:
        step(0.0)
        with lake.session(settings, write=True) as db:
            if tried and (made := marked(db, mark)) is not None:  # only its answer was lost
                return Outcome(tried[-1], made, stored=True)
            assessment = check.assess(db, upload, catalogue, lang)
            step(0.4)
            refused = _refused(db, assessment, seen, explanation)
            if refused is not None:
                return refused
            kept_files.keep(settings, upload.sha256, _file_name(upload), upload.content)
            step(0.5)
            cells = cell_columns(upload.dataset.id, _changed(assessment), upload.sample)
            entry = _entry(assessment, by, note, explanation)
            tried.append(assessment)
            vintage = write(
                db, cells, entry, assessment.vintage, upload.picked, upload.texts,
                done=lambda: step(1.0), mark=mark,
            )  # fmt: skip
            return Outcome(assessment, vintage, stored=True)

    outcome = lake.patiently(settings, attempt)
    if outcome.stored:
        audit.record("submit", submission=f"S{outcome.submission}", dataset=upload.dataset.id)
    if outcome.submission is not None and _is_kept(settings, upload):
        with contextlib.suppress(OSError):  # it is stored; an old draft is swept away some day
            drafts.drop(settings, upload.sha256)
    return outcome


def _refused(
    db: duckdb.DuckDBPyConnection, found: Assessment, seen: Assessment | None,
    explanation: str | None,
) -> Outcome | None:  # fmt: skip
    """What comes of an upload of which nothing is to be stored; None where it is to be."""
    if not found.errors and not found.changes:
        return Outcome(found, _holder(db, found.upload.sha256), stored=False)
    if seen is not None and not _same(seen, found):
        return Outcome(found, None, stored=False, overtaken=True)
    if found.errors or (found.warnings and not explanation):
        return Outcome(found, None, stored=False)
    return None


def _changed(found: Assessment) -> list[ReadCell]:
    """The cells of an upload that are not in the store as they are."""
    keys = {(each.area_code, each.period, each.measure_id) for each in found.changes}
    return [c for c in found.upload.cells if (c.area_code, c.period, c.measure_id) in keys]


def _entry(found: Assessment, by: str, note: str, explanation: str | None) -> Entry:
    """The submission as the ledger keeps it, with an explanation only of warnings."""
    upload = found.upload
    return Entry(
        dataset_id=upload.dataset.id,
        periods=upload.periods,
        submitted_by=by,
        note=note,
        file_name=_file_name(upload),
        sha256=upload.sha256,
        explanation=explanation if found.warnings else None,
        row_count=upload.rows,
        added=found.count("added"),
        changed=found.count("changed"),
        sample=upload.sample,
    )


def _same(seen: Assessment, now: Assessment) -> bool:
    """Whether two assessments of a file say the same, whatever vintage they were made at."""
    return (
        seen.upload.sha256 == now.upload.sha256
        and seen.changes == now.changes
        and seen.errors == now.errors
        and seen.warnings == now.warnings
    )


def _holder(db: duckdb.DuckDBPyConnection, sha256: str) -> int | None:
    """The submission of the same file that stands, or else the latest that set one of its cells."""
    same_file = standing(queries.rows("lake/submissions", db), sha256)
    if same_file:
        return same_file[0]
    row = queries.run("lake/holder", db).fetchone()
    return int(row[0]) if row and row[0] is not None else None


def _is_kept(settings: Settings, upload: Upload) -> bool:
    return kept_files.place(settings, upload.sha256, _file_name(upload)).exists()


def _file_name(upload: Upload) -> str:
    return kept_files.clean_name(upload.file_name)
