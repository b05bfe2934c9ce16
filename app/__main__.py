"""The command line: `python -m app COMMAND`. It calls the same functions as the pages."""

from __future__ import annotations

import csv
import datetime as dt
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal, NoReturn

import typer

from app import catalogue, settings
from app.errors import DashboardError, UnknownName, UploadRejected
from app.i18n import t

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="广东民政有效衔接指标看板 / Guangdong civil affairs indicator dashboard",
)

Json = Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")]
Csv = Annotated[bool, typer.Option("--csv", help="CSV on standard output.")]


def _filled(text: str) -> str:
    if not text.strip():
        raise typer.BadParameter("must not be empty")
    return text.strip()


By = Annotated[str, typer.Option("--by", help="Who submits.", callback=_filled)]
Note = Annotated[str, typer.Option("--note", help="What the submission is.", callback=_filled)]
Lang = Annotated[Literal["zh", "en"] | None, typer.Option("--lang", help="The language.")]
DatasetId = Annotated[str | None, typer.Option("--dataset", help="The dataset's id.")]

_NEED_PANDAS = {"setup", "serve", "figure", "briefing"}


def _lang() -> str:
    return settings.load().lang


@app.command()
def setup(
    no_sample: Annotated[bool, typer.Option("--no-sample", help="Start with no data.")] = False,
) -> None:
    """Build boundaries and static files; load the sample workbooks into an empty store."""
    from app import setup as setting_up

    setting_up.setup(settings.load(), with_sample=not no_sample, say=_say, lang=_lang())
    _say(t("setup.done", _lang()))


@app.command()
def serve(
    port: Annotated[int, typer.Option(help="The port to listen on.")] = 8501,
    address: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
) -> None:
    """Serve the dashboard."""
    from app import assets, geography, panels, server
    from app.errors import ServeRefused

    if not (assets.is_built() and geography.is_built(settings.load())):
        raise ServeRefused(t("serve.not_set_up", _lang()))
    server.serve(port, address, warm=panels.warm)


@app.command()
def template(
    dataset: str,
    period: str,
    output: Annotated[Path, typer.Option("-o", "--output", help="The workbook to write.")],
    city: Annotated[str | None, typer.Option(help="Only the counties of this city (code).")] = None,
    lang: Lang = None,
) -> None:
    """Write the workbook an analyst fills in."""
    from app.intake import template as templates

    known = catalogue.load()
    templates.write(
        output, known, known.dataset(dataset), period, city_code=city, lang=lang or _lang()
    )
    _say(t("command.written", _lang(), file=output))


@app.command()
def check(file: Path, dataset: DatasetId = None, as_json: Json = False) -> None:
    """Read and check a file; write nothing."""
    from app.intake import check as checks
    from app.intake import read

    known, lang = catalogue.load(), _lang()
    upload = _read_or_report(lambda: read.read(file, known, dataset, lang), dataset, as_json)
    assessment = checks.check(settings.load(), upload, known, lang)
    _report(assessment, None, None, as_json)
    raise typer.Exit(1 if assessment.errors else 0)


@app.command()
def submit(
    file: Path,
    by: By,
    note: Note,
    explain: Annotated[str | None, typer.Option(help="Explains the warnings.")] = None,
    dataset: DatasetId = None,
    as_json: Json = False,
) -> None:
    """Check a file and store it as one submission; warnings need --explain."""
    from app.intake import read
    from app.intake import submit as submitting

    known, lang = catalogue.load(), _lang()
    upload = _read_or_report(lambda: read.read(file, known, dataset, lang), dataset, as_json)
    outcome = submitting.submit(
        settings.load(),
        upload,
        known,
        by=by,
        note=note,
        explanation=(explain or "").strip() or None,
        lang=lang,
    )
    _report(outcome.assessment, outcome.submission, outcome.stored, as_json)
    raise typer.Exit(0 if outcome.submission is not None else 1)


@app.command()
def history(dataset: DatasetId = None, as_json: Json = False) -> None:
    """List the submissions, newest first."""
    from app.intake import ledger

    if dataset is not None:
        catalogue.load().dataset(dataset)
    rows = [
        {
            "submission": f"S{row['vintage']}",
            "vintage": row["vintage"],
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
            "reverts": _submission(row["reverts"]),
            "reverted_by": _submission(row["reverted_by"]),
        }
        for row in ledger.history(settings.load(), dataset)
    ]
    shown = (
        "submission",
        "dataset",
        "periods",
        "file",
        "by",
        "at",
        "added",
        "changed",
        "reverts",
        "reverted_by",
        "note",
    )
    _print_rows(rows, as_json, False, shown)


@app.command()
def diff(submission: str, as_json: Json = False) -> None:
    """Show the cells a submission added or changed, old and new."""
    from app import areas
    from app.intake import ledger

    rows = [
        {
            "dataset": c.dataset_id,
            "area_code": c.area_code,
            "area_name": areas.load()[c.area_code].label(_lang()),
            "period": c.period,
            "measure": c.measure_id,
            "change": c.change,
            "old": c.old_value,
            "old_status": c.old_status,
            "new": c.value,
            "new_status": c.status,
            "sample": c.sample,
        }
        for c in ledger.changes(settings.load(), ledger.number(submission))
    ]
    shown = ("area_code", "area_name", "period", "measure", "change", "old", "new")
    _print_rows(rows, as_json, False, shown)


@app.command()
def revert(submission: str, by: By, note: Note, as_json: Json = False) -> None:
    """Put back what a submission changed, as a new submission."""
    from app.intake import ledger

    number = ledger.number(submission)
    vintage, cells = ledger.revert(settings.load(), number, by=by, note=note)
    if as_json:
        _print_json(
            {
                "submission": f"S{vintage}",
                "vintage": vintage,
                "reverts": f"S{number}",
                "cells": cells,
            }
        )
    else:
        typer.echo(t("command.reverted", _lang(), old=f"S{number}", new=f"S{vintage}", cells=cells))


@app.command()
def indicator(
    indicators: Annotated[list[str], typer.Argument(metavar="ID...")],
    period: Annotated[list[str], typer.Option("--period", help="A quarter such as 2023Q4.")],
    level: Annotated[
        list[str] | None, typer.Option("--level", help="county, city, region, pilot, province.")
    ] = None,
    area: Annotated[list[str] | None, typer.Option("--area", help="Only these areas.")] = None,
    as_of: Annotated[str | None, typer.Option("--as-of", help="A vintage or a date.")] = None,
    lang: Lang = None,
    as_json: Json = False,
    as_csv: Csv = False,
) -> None:
    """Print the figures behind every page."""
    from app import reads, serving

    config = settings.load()
    levels = level or sorted({reads.level_of(code) for code in area or []}) or ["province"]
    source = serving.open_vintage(config, reads.vintage_of(config, as_of))
    rows = reads.indicator_values(source, indicators, period, levels, area or (), lang or _lang())
    order = (
        "indicator",
        "area_code",
        "area_name",
        "level",
        "period",
        "numerator",
        "denominator",
        "value",
        "unit",
        "status",
        "areas_reporting",
        "areas_expected",
        "vintage",
        "sample",
    )
    units = catalogue.load().units
    for row in rows:
        row["unit"] = units[row["unit"]].label(lang or _lang())
    _print_rows([{key: row[key] for key in order} for row in rows], as_json, as_csv, order)


@app.command()
def status(
    period: Annotated[list[str] | None, typer.Option("--period", help="A quarter.")] = None,
    as_json: Json = False,
) -> None:
    """Who has reported what, and when."""
    from app import periods, reads, serving

    for each in period or ():
        periods.parse(each)
    source = serving.open_vintage(settings.load())
    rows = reads.reporting_status(source, period)
    if as_json:
        _print_json(rows)
        return
    shown = ("period", "dataset", "reported", "expected")
    _print_rows(reads.reporting_summary(rows), False, False, shown)
    for row in rows:
        if not row["reported"]:
            typer.echo(f"{row['period']}  {row['dataset']}  {row['area_code']}  {row['area_name']}")


@app.command()
def query(
    name: Annotated[str | None, typer.Argument()] = None,
    param: Annotated[
        list[str] | None, typer.Option("--param", help="key=value; a JSON list for lists.")
    ] = None,
    as_list: Annotated[bool, typer.Option("--list", help="List the questions.")] = False,
    as_json: Json = False,
    as_csv: Csv = False,
) -> None:
    """Run any file of queries/ by its name."""
    import duckdb

    import queries
    from app import serving

    if as_list or name is None:
        for each in queries.names():
            title = queries.text(each).splitlines()[0].removeprefix("-- ")
            listed = " ".join(f"${p}" for p in sorted(queries.parameters(each)))
            typer.echo(f"{each}  {listed}\n    {title}")
        return
    if name not in queries.names():
        raise DashboardError(t("error.unknown_query", _lang(), name=name))
    values = dict(_value(item) for item in param or ())
    needed = queries.parameters(name)
    if values.keys() != needed:
        listed = ", ".join(sorted(needed)) or "—"
        raise DashboardError(t("error.query_parameters", _lang(), name=name, names=listed))
    source = serving.open_vintage(settings.load())
    try:
        rows = queries.rows(name, source.cursor(), **values)
    except duckdb.Error as error:  # a value of the wrong kind, such as text for a list
        reason = str(error).splitlines()[0]
        raise DashboardError(t("error.query_failed", _lang(), name=name, reason=reason)) from error
    _print_rows(rows, as_json, as_csv, tuple(rows[0]) if rows else ())


def _value(item: str) -> tuple[str, Any]:
    key, _, text = item.partition("=")
    try:
        value = json.loads(text) if text[:1] in "[0123456789-" and text else text
    except json.JSONDecodeError:
        value = text
    # codes such as 440523 are text
    return key, text if isinstance(value, int | float) and len(text) == 6 else value


def _submission(vintage: int | None) -> str | None:
    return None if vintage is None else f"S{vintage}"


def _finding(finding: Any) -> dict[str, Any]:
    keys = ("sheet", "row", "column", "value", "rule", "message", "area_code", "period")
    return {key: getattr(finding, key) for key in keys}


def _read_or_report(read: Any, dataset: str | None, as_json: bool) -> Any:
    """Read a file; one that is no table of any dataset is reported as a finding without a place."""
    try:
        return read()
    except (UploadRejected, UnknownName) as error:
        if as_json:
            rule = "unreadable" if isinstance(error, UploadRejected) else "unknown_dataset"
            finding = {
                "sheet": "",
                "row": None,
                "column": None,
                "value": None,
                "rule": rule,
                "message": str(error),
                "area_code": None,
                "period": None,
            }
            _print_json(
                {
                    "dataset": dataset,
                    "periods": [],
                    "rows": 0,
                    "errors": [finding],
                    "warnings": [],
                    "notes": [],
                    "changes": {"added": 0, "changed": 0, "unchanged": 0},
                    "submission": None,
                    "vintage": None,
                }
            )
        _fail(str(error))


def _report(assessment: Any, submission: int | None, stored: bool | None, as_json: bool) -> None:
    upload, lang = assessment.upload, _lang()
    counts = {
        "added": assessment.count("added"),
        "changed": assessment.count("changed"),
        "unchanged": assessment.unchanged,
    }
    if as_json:
        _print_json(
            {
                "dataset": upload.dataset.id,
                "periods": upload.periods,
                "rows": upload.rows,
                "errors": [_finding(f) for f in assessment.errors],
                "warnings": [_finding(f) for f in assessment.warnings],
                "notes": [_finding(f) for f in upload.notes],
                "changes": counts,
                "submission": _submission(submission),
                "vintage": submission,
                "sample": upload.sample,
            }
        )
    for kind in ("errors", "warnings"):
        for finding in getattr(assessment, kind):
            place = t(
                "command.place",
                lang,
                sheet=finding.sheet or upload.file_name,
                row=finding.row or "—",
                column=finding.column or "—",
                value="" if finding.value is None else finding.value,
            )
            _say(f"{t(f'command.{kind}', lang)} {place} {finding.message}")
    if as_json:
        return
    typer.echo(
        t(
            "command.summary",
            lang,
            dataset=upload.dataset.label(lang),
            periods=", ".join(upload.periods),
            rows=upload.rows,
            **counts,
        )
    )
    if assessment.errors:
        _say(t("command.refused", lang, errors=len(assessment.errors)))
    elif stored is None:
        typer.echo(t("command.checked", lang, warnings=len(assessment.warnings)))
    elif stored:
        typer.echo(t("command.stored", lang, submission=f"S{submission}"))
    elif submission is not None:
        typer.echo(t("command.held", lang, submission=f"S{submission}"))
    else:
        _say(t("command.explain", lang, warnings=len(assessment.warnings)))


def _print_rows(
    rows: Sequence[Mapping[str, Any]], as_json: bool, as_csv: bool, columns: Iterable[str]
) -> None:
    names = list(columns)
    if as_json:
        _print_json(rows)
    elif as_csv:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(names)
        writer.writerows([_plain(row[name]) for name in names] for row in rows)
    else:
        typer.echo("  ".join(names))
        for row in rows:
            typer.echo("  ".join(_shown(row[name]) for name in names))


def _shown(value: object) -> str:
    if isinstance(value, float):
        return f"{value:,.6g}" if abs(value) < 1e6 else f"{value:,.0f}"
    return "—" if value is None else str(_plain(value))


def _plain(value: object) -> object:
    if isinstance(value, dt.datetime | dt.date):
        return value.isoformat()
    if isinstance(value, list):
        return ",".join(map(str, value))
    return value


def _print_json(document: object) -> None:
    typer.echo(json.dumps(document, ensure_ascii=False, default=_iso, allow_nan=False))


def _iso(value: object) -> str:
    if isinstance(value, dt.datetime | dt.date):
        return value.isoformat()
    return str(value)


def _say(line: str) -> None:
    typer.echo(line, err=True)


def _fail(message: str) -> NoReturn:
    _say(message)
    raise typer.Exit(1)


def main() -> None:
    """Run the command line; an error of ours is one plain line and exit status 1."""
    if not _NEED_PANDAS & set(sys.argv[1:2]):
        # DuckDB imports pandas as soon as a value is bound, half a second these commands can spare
        sys.modules.setdefault("pandas", None)  # type: ignore[arg-type]
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8")
    try:
        app()
    except DashboardError as error:
        _say(str(error))
        sys.exit(1)
    except OSError as error:  # a path that can't be read or written
        name = error.filename or ""
        _say(t("error.file", _lang(), file=name, reason=error.strerror or error))
        sys.exit(1)


if __name__ == "__main__":
    main()
