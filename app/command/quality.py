"""Asking which stored figures need a second look."""

from __future__ import annotations

from typing import Annotated

import typer

from app import settings
from app.command.options import Csv, Json, Lang
from app.command.options import lang as language
from app.command.printing import show_rows, submission, tell
from app.i18n import t

COLUMNS = (
    "kind", "severity", "dataset", "period", "area_code", "area_name", "measure", "indicator",
    "value", "against", "z", "message", "explanation", "submission", "sample",
)  # fmt: skip


def quality(
    period: Annotated[
        str | None, typer.Option("--period", help="A quarter; the last one if not given.")
    ] = None,
    lang: Lang = None,
    as_json: Json = False,
    as_csv: Csv = False,
) -> None:
    """Which stored figures need a second look, the worst first."""
    from app import lake, periods, reads, serving
    from app.quality import findings, told

    config, spoken = settings.load(), lang or language()
    if period is not None:
        periods.parse(period)
    stamp = lake.stamp(config)
    source = serving.open_vintage(config)
    chosen = period or next(reversed(reads.available_periods(source)), None)
    found = findings.of(source, stamp, chosen) if chosen else []
    rows = [
        {
            "kind": f.kind, "severity": f.severity, "dataset": f.dataset, "period": f.period,
            "area_code": f.area_code, "area_name": told.area(f, spoken), "measure": f.measure,
            "indicator": f.indicator, "value": f.value, "against": f.against, "z": f.z,
            "message": told.sentence(f, spoken), "explanation": f.explanation,
            "submission": submission(f.vintage), "sample": f.sample,
        }
        for f in found
    ]  # fmt: skip
    if as_json or as_csv:
        show_rows(rows, as_json, as_csv, COLUMNS)
        return
    if not rows:
        tell(t("quality.none", spoken))
    for row in rows:
        mark = f"  {t('quality.is_sample', spoken)}" if row["sample"] else ""
        kind = t(f"quality.kind_{row['kind']}", spoken)
        place = f"{row['period']}  {row['area_code']}  {row['area_name']}"
        tell(f"{place}  {kind}  {row['message']}{mark}")
