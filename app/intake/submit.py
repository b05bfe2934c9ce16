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
from app.intake.upload import Upload
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
            if tried and (made := marked(db, mark)) is not None:
                return Outcome(tried[-1], made, stored=True)
            assessment = check.assess(db, upload, catalogue, lang)
            step(0.4)
            if not assessment.errors and not assessment.changes:
                return Outcome(assessment, _holder(db, upload.sha256), stored=False)
            if seen is not None and not _same(seen, assessment):
                return Outcome(assessment, None, stored=False, overtaken=True)
            if assessment.errors or (assessment.warnings and not explanation):
                return Outcome(assessment, None, stored=False)
            kept_files.keep(
                settings, upload.sha256, kept_files.clean_name(upload.file_name), upload.content
            )
            step(0.5)
            written = {(c.area_code, c.period, c.measure_id) for c in assessment.changes}
            cells = [c for c in upload.cells if (c.area_code, c.period, c.measure_id) in written]
            entry = Entry(
                dataset_id=upload.dataset.id,
                periods=upload.periods,
                submitted_by=by,
                note=note,
                file_name=kept_files.clean_name(upload.file_name),
                sha256=upload.sha256,
                explanation=explanation if assessment.warnings else None,
                row_count=upload.rows,
                added=assessment.count("added"),
                changed=assessment.count("changed"),
                sample=upload.sample,
            )
            tried.append(assessment)
            vintage = write(
                db,
                cell_columns(upload.dataset.id, cells, upload.sample),
                entry,
                assessment.vintage,
                upload.picked,
                upload.texts,
                done=lambda: step(1.0),
                mark=mark,
            )
            return Outcome(assessment, vintage, stored=True)

    outcome = lake.patiently(settings, attempt)
    if outcome.stored:
        audit.record("submit", submission=f"S{outcome.submission}", dataset=upload.dataset.id)
    if outcome.submission is not None and _is_kept(settings, upload):
        with contextlib.suppress(OSError):  # it is stored; an old draft is swept away some day
            drafts.drop(settings, upload.sha256)
    return outcome


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
    name = kept_files.clean_name(upload.file_name)
    return kept_files.place(settings, upload.sha256, name).exists()
