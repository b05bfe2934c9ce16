"""Reporting a quarter: the workbook to fill in, checking it, and storing it as a submission."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app import areas, catalogue, formats, levels, periods, settings
from app.command.options import By, DatasetId, Json, Lang, Note, Output
from app.command.options import lang as language
from app.command.printing import fail, say, show_json, shown, submission, tell
from app.errors import UnknownName, UploadRejected
from app.i18n import t

if TYPE_CHECKING:
    from app.intake.check import Assessment, Change
    from app.intake.upload import Finding, Upload

SHOWN_CHANGES = 20  # of the changed cells, without --diff

Area = Annotated[
    list[str] | None,
    typer.Option("--area", metavar="WRITTEN=CODE", help="Which area a place in the file is."),
]
Period = Annotated[
    str | None, typer.Option("--period", help="The quarter of a file that names none.")
]
Diff = Annotated[bool, typer.Option("--diff", help="List every cell that would change.")]


def template(
    dataset: str,
    period: str,
    output: Output,
    city: Annotated[
        str | None, typer.Option(help="Only the areas of this city or county (code).")
    ] = None,
    lang: Lang = None,
) -> None:
    """Write the workbook an analyst fills in."""
    from app.intake import template as templates
    from app.intake.previous import previous

    known = catalogue.load()
    chosen = known.dataset(dataset)
    before = previous(settings.load(), dataset, period, lang or language())
    templates.write(
        output, known, chosen, period, city_code=city, previous=before, lang=lang or language()
    )
    say(t("command.written", language(), file=output))


def check(
    file: Path,
    dataset: DatasetId = None,
    area: Area = None,
    period: Period = None,
    annotated: Annotated[
        Path | None, typer.Option(help="Write the file with its findings marked, as .xlsx.")
    ] = None,
    diff: Diff = False,
    as_json: Json = False,
) -> None:
    """Read and check a file, and show what it would change; write nothing."""
    from app.intake import check as checks
    from app.intake import consequences

    known, config = catalogue.load(), settings.load()
    upload = _read(file, dataset, area, period, as_json)
    assessment = checks.check(config, upload, known, language())
    follows = None
    if assessment.changes and not assessment.errors:
        found = consequences.consequences(config, assessment, known)
        follows = consequences.as_dict(found)
    if annotated is not None:
        from app.intake import annotate

        findings = (assessment.errors, assessment.warnings)
        annotated.write_bytes(annotate.annotated(upload, *findings, language()))
    if as_json:
        show_json(_document(assessment, None, diff) | {"consequences": follows})
    _tell_findings(assessment)
    if not as_json:
        _tell_changes(assessment, diff)
        _tell_consequences(follows)
    if annotated is not None:
        say(t("command.written", language(), file=annotated))
    if assessment.errors:
        fail(t("command.refused", language(), errors=len(assessment.errors)))
    if not as_json:
        tell(t("command.checked", language(), warnings=len(assessment.warnings)))


def submit(
    file: Path,
    by: By,
    note: Note,
    explain: Annotated[str | None, typer.Option(help="Explains the warnings.")] = None,
    dataset: DatasetId = None,
    area: Area = None,
    period: Period = None,
    diff: Diff = False,
    as_json: Json = False,
) -> None:
    """Check a file and store it as one submission; warnings need --explain."""
    from app.intake import submit as submitting

    upload = _read(file, dataset, area, period, as_json)
    outcome = submitting.submit(
        settings.load(),
        upload,
        catalogue.load(),
        by=by,
        note=note,
        explanation=(explain or "").strip() or None,
        lang=language(),
    )
    assessment, stored = outcome.assessment, submission(outcome.submission)
    if as_json:
        show_json(_document(assessment, outcome.submission, diff))
    _tell_findings(assessment)
    if not as_json:
        _tell_changes(assessment, diff)
    if assessment.errors:
        fail(t("command.refused", language(), errors=len(assessment.errors)))
    if stored is None:
        fail(t("command.explain", language(), warnings=len(assessment.warnings)))
    if not as_json:
        tell(
            t("command.stored" if outcome.stored else "command.held", language(), submission=stored)
        )


def _read(
    file: Path, dataset: str | None, area: list[str] | None, period: str | None, as_json: bool
) -> Upload:
    """Read a file; one that is no table of any dataset is reported as a finding without a place."""
    from app.intake import ledger, read
    from app.intake.upload import Picks

    known = catalogue.load()
    picked = _picked_areas(area or ())
    if period is not None:
        periods.parse(period)
    picks = Picks({**ledger.remembered_areas(settings.load()), **picked}, period)
    try:
        return read.read(file, known, dataset, language(), picks)
    except (UploadRejected, UnknownName) as error:
        if as_json:
            rule = "unreadable" if isinstance(error, UploadRejected) else "unknown_dataset"
            show_json(_unread(dataset, rule, error.text(language())))
        fail(error.text(language()))


def _picked_areas(picked: list[str] | tuple[()]) -> dict[str, str]:
    """The areas given for places as the file writes them, by the form that is remembered."""
    from app.intake import places

    found = {}
    for each in picked:
        written, equals, code = each.rpartition("=")
        if not (equals and written.strip()):
            raise typer.BadParameter(t("command.bad_area", language(), text=each))
        known = (areas.load(), levels.units("city"), levels.units("township"))
        if not any(code.strip() in codes for codes in known):
            raise UnknownName("error.unknown_area", name=code.strip())
        found[places.written(written)] = code.strip()
    return found


# ------------------------------------------------------------------ as JSON


def _document(assessment: Assessment, stored: int | None, diff: bool) -> dict[str, Any]:
    upload = assessment.upload
    document = {
        "dataset": upload.dataset.id,
        "periods": upload.periods,
        "rows": upload.rows,
        "errors": [_finding(f) for f in assessment.errors],
        "warnings": [_finding(f) for f in assessment.warnings],
        "notes": [_finding(f) for f in upload.notes],
        "unknown_places": _unknown_places(assessment.errors),
        "missing": assessment.missing,
        "changes": _counts(assessment),
        "submission": submission(stored),
        "vintage": stored,
        "sample": upload.sample,
    }
    if diff:
        said = _said(assessment.upload, None)
        document["diff"] = [_change(change, said) for change in assessment.changes]
    return document


def _unread(dataset: str | None, rule: str, message: str) -> dict[str, Any]:
    place = dict.fromkeys(("row", "column", "value", "area_code", "period"))
    return {
        "dataset": dataset,
        "periods": [],
        "rows": 0,
        "errors": [{"sheet": "", **place, "rule": rule, "message": message}],
        "warnings": [],
        "notes": [],
        "changes": {"added": 0, "changed": 0, "unchanged": 0},
        "submission": None,
        "vintage": None,
    }


def _finding(finding: Finding) -> dict[str, Any]:
    keys = ("sheet", "row", "column", "value", "rule", "message", "area_code", "period")
    return {key: getattr(finding, key) for key in keys}


Said = Callable[[float | None, str], float | str | None]


def _said(upload: Upload, lang: str | None) -> Said:
    """What a cell's stored number stands for, by the measure; texts of the store and the file."""
    from app.intake import ledger

    dataset = upload.dataset
    written = any(measure.kind == "text" for measure in dataset.measures)
    texts = (ledger.texts(settings.load()) if written else {}) | upload.texts

    def said(value: float | None, measure_id: str) -> float | str | None:
        if value is None:
            return None
        return formats.answer(value, dataset.measure(measure_id), texts, lang)

    return said


def _change(change: Change, said: Said) -> dict[str, Any]:
    return {
        "area_code": change.area_code,
        "period": change.period,
        "measure": change.measure_id,
        "change": change.change,
        "old": said(change.old_value, change.measure_id),
        "old_status": change.old_status,
        "new": said(change.value, change.measure_id),
        "new_status": change.status,
    }


def _unknown_places(findings: list[Finding]) -> list[dict[str, Any]]:
    """The places that fit no area, and the areas they may be, for --area."""
    found = {finding.place: finding for finding in findings if finding.place}
    return [
        {"written": place, "row": finding.row, "candidates": list(finding.candidates)}
        for place, finding in found.items()
    ]


def _counts(assessment: Assessment) -> dict[str, int]:
    return {
        "added": assessment.count("added"),
        "changed": assessment.count("changed"),
        "unchanged": assessment.unchanged,
    }


# ------------------------------------------------------------------ in words


def _tell_findings(assessment: Assessment) -> None:
    for finding in assessment.errors:
        say(_in_words("errors", finding, assessment.upload))
    for place in _unknown_places(assessment.errors):
        for code in place["candidates"]:
            written, name = place["written"], levels.unit(code).label(language())
            say(t("command.candidate", language(), written=written, code=code, name=name))
    for finding in assessment.warnings:
        say(_in_words("warnings", finding, assessment.upload))


def _in_words(kind: str, finding: Finding, upload: Upload) -> str:
    place = t(
        "command.place",
        language(),
        sheet=finding.sheet or upload.file_name,
        row=finding.row or "—",
        column=finding.column or "—",
        value="" if finding.value is None else finding.value,
    )
    return f"{t(f'command.{kind}', language())} {place} {finding.message}"


def _tell_changes(assessment: Assessment, diff: bool) -> None:
    """What was interpreted in the file, and which cells it would change."""
    upload = assessment.upload
    for note in upload.notes:
        tell(_in_words("notes", note, upload))
    said = _said(upload, language())
    listed = [c for c in assessment.changes if diff or c.change == "changed"]
    for change in listed if diff else listed[:SHOWN_CHANGES]:
        values = {
            "area": levels.unit(change.area_code).label(language()),
            "period": change.period,
            "measure": upload.dataset.measure(change.measure_id).label(language()),
            "old": shown(said(change.old_value, change.measure_id)),
            "new": shown(said(change.value, change.measure_id)),
        }
        tell(t(f"command.cell_{change.change}", language(), **values))
    if len(listed) > SHOWN_CHANGES and not diff:
        tell(t("command.more_cells", language(), cells=len(listed) - SHOWN_CHANGES))
    tell(
        t(
            "command.summary",
            language(),
            dataset=upload.dataset.label(language()),
            periods=", ".join(upload.periods),
            rows=upload.rows,
            **_counts(assessment),
        )
    )


def _tell_consequences(follows: Mapping[str, Any] | None) -> None:
    if follows is not None:
        counts = {key: len(follows[key]) for key in ("moves", "crossings", "ranks")}
        tell(t("command.consequences", language(), **counts))
