"""The ledger: what was submitted, what each submission changed, and taking it back."""

from __future__ import annotations

from typing import Annotated

import typer

from app import catalogue, formats, levels, settings
from app.command.options import By, DatasetId, Json, Note, Output, lang
from app.command.printing import say, show_json, show_rows, submission, tell
from app.errors import UnknownName
from app.i18n import t

Submission = Annotated[str, typer.Argument(metavar="SUBMISSION", help="Such as S12.")]


def history(dataset: DatasetId = None, as_json: Json = False) -> None:
    """List the submissions, newest first."""
    from app.intake import ledger

    if dataset is not None:
        catalogue.load().dataset(dataset)
    rows = [
        {
            "submission": submission(row["vintage"]),
            "vintage": row["vintage"],
            "kind": row["kind"],
            "dataset": row["dataset_id"],
            "periods": row["periods"],
            "file": row["file_name"],
            "sha256": row["sha256"],
            "by": row["submitted_by"],
            "at": row["submitted_at"],
            "note": row["note"],
            "explanation": row["explanation"],
            "rows": row["row_count"],
            "added": row["added"],
            "changed": row["changed"],
            "removed": row["removed"],
            "sample": row["sample"],
            "reverts": submission(row["reverts"]),
            "reverted_by": submission(row["reverted_by"]),
        }
        for row in ledger.history(settings.load(), dataset)
    ]
    columns = (
        "submission",
        "kind",
        "dataset",
        "periods",
        "file",
        "by",
        "at",
        "added",
        "changed",
        "removed",
        "reverts",
        "reverted_by",
        "note",
    )
    show_rows(rows, as_json, False, columns)


def diff(submission_id: Submission, as_json: Json = False) -> None:
    """Show the cells a submission added, changed or removed, old and new."""
    from app.intake import ledger

    texts = ledger.texts(settings.load())

    def said(value: float | None, cell: ledger.CellChange) -> float | str | None:
        if value is None:
            return None
        measure = catalogue.load().dataset(cell.dataset_id).measure(cell.measure_id)
        return formats.answer(value, measure, texts, None)

    rows = [
        {
            "dataset": c.dataset_id,
            "area_code": c.area_code,
            "area_name": levels.unit(c.area_code).label(lang()),
            "period": c.period,
            "measure": c.measure_id,
            "change": c.change,
            "old": said(c.old_value, c),
            "old_status": c.old_status,
            "new": said(c.value, c),
            "new_status": c.status,
            "sample": c.sample,
        }
        for c in ledger.changes(settings.load(), ledger.number(submission_id))
    ]
    columns = ("area_code", "area_name", "period", "measure", "change", "old", "new")
    show_rows(rows, as_json, False, columns)


def revert(submission_id: Submission, by: By, note: Note, as_json: Json = False) -> None:
    """Put back what a submission changed, as a new submission."""
    from app.intake import ledger

    number = ledger.number(submission_id)
    vintage, cells = ledger.revert(settings.load(), number, by=by, note=note)
    new, old = submission(vintage), submission(number)
    if as_json:
        show_json({"submission": new, "vintage": vintage, "reverts": old, "cells": cells})
    else:
        tell(t("command.reverted", lang(), old=old, new=new, cells=cells))


def withdraw(
    dataset: Annotated[str, typer.Argument(metavar="DATASET", help="The dataset's id.")],
    period: Annotated[str, typer.Option("--period", help="A quarter such as 2023Q4.")],
    area: Annotated[str, typer.Option("--area", help="The county's code.")],
    by: By,
    note: Note,
    measure: Annotated[
        list[str] | None, typer.Option("--measure", help="Only these measures; default all.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Take wrongly reported figures of a county out, as a new submission."""
    from app.intake import ledger

    vintage, cells = ledger.withdraw(
        settings.load(), dataset, period, area, measure, by=by, note=note
    )
    if as_json:
        show_json({"submission": submission(vintage), "vintage": vintage, "cells": cells})
    else:
        tell(t("command.withdrawn", lang(), new=submission(vintage), cells=cells))


def file(submission_id: Submission, output: Output) -> None:
    """Write the file of a submission as it came."""
    from app.intake import ledger

    kept = ledger.file_of(settings.load(), ledger.number(submission_id))
    if kept is None:
        raise UnknownName("error.no_file", submission=submission_id)
    output.write_bytes(kept.read_bytes())
    say(t("command.written", lang(), file=output))
