"""Asking for figures: indicators, who has reported, and any question by its name."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

import duckdb
import typer

import queries
from app import audience, catalogue, levels, periods, settings
from app.audience import PUBLIC
from app.command.options import Csv, Json, Lang, Public
from app.command.options import lang as language
from app.command.printing import say, show_json, show_rows, tell
from app.errors import DashboardError
from app.i18n import t

if TYPE_CHECKING:
    from app.serving import Serving


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
    public: Public = False,
) -> None:
    """Print the figures behind every page."""
    from app import reads

    spoken = lang or language()
    wanted = level or sorted({levels.of(code) for code in area or []}) or ["province"]
    source = _opened(as_of or "", public, spoken, period)
    rows = reads.indicator_values(source, indicators, period, wanted, area or (), spoken)
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
        row["unit"] = units[row["unit"]].label(spoken)
    show_rows([{key: row[key] for key in order} for row in rows], as_json, as_csv, order)


def _opened(as_of: str, public: bool, spoken: str, wanted: list[str]) -> Serving:
    """The figures for whom they are asked for; quarters that are not public are named."""
    from app import reads, serving

    config = settings.load()
    if not public:  # the command line has all, and can spare what a page would keep
        return serving.open_vintage(config, reads.vintage_of(config, as_of) if as_of else None)
    from app import view

    source, _ = view.current(as_of, PUBLIC)
    available = reads.available_periods(source)
    lacking = [each for each in wanted if each not in available]
    say(audience.mark(source.hidden_below, spoken))
    if lacking:
        say(t("command.public_quarters", spoken, periods=", ".join(lacking)))
    return source


def status(
    period: Annotated[list[str] | None, typer.Option("--period", help="A quarter.")] = None,
    as_json: Json = False,
) -> None:
    """Who has reported what, and when."""
    from app import reads, serving

    for each in period or ():
        periods.parse(each)
    source = serving.open_vintage(settings.load())
    rows = reads.reporting_status(source, period)
    if as_json:
        show_json(rows)
        return
    shown = ("period", "dataset", "reported", "expected")
    show_rows(reads.reporting_summary(rows), False, False, shown)
    for row in rows:
        if not row["reported"]:
            tell(f"{row['period']}  {row['dataset']}  {row['area_code']}  {row['area_name']}")


def query(
    name: Annotated[str | None, typer.Argument()] = None,
    param: Annotated[
        list[str] | None, typer.Option("--param", help="key=value; a JSON list for lists.")
    ] = None,
    as_list: Annotated[bool, typer.Option("--list", help="List the questions.")] = False,
    as_json: Json = False,
    as_csv: Csv = False,
    public: Public = False,
) -> None:
    """Run any file of queries/ by its name."""
    if as_list or name is None:
        for each in queries.names():
            listed = " ".join(f"${p}" for p in sorted(queries.parameters(each)))
            tell(f"{each}  {listed}")
            tell(f"    {queries.text(each).splitlines()[0].removeprefix('-- ')}")
        return
    if name not in queries.names():
        raise DashboardError("error.unknown_query", name=name)
    values = dict(_value(item) for item in param or ())
    needed = queries.parameters(name)
    if values.keys() != needed:
        listed = ", ".join(sorted(needed)) or "—"
        raise DashboardError("error.query_parameters", name=name, names=listed)
    source = _opened("", public, language(), [])
    try:
        rows = queries.rows(name, source.cursor(), **values)
    except duckdb.Error as error:  # a value of the wrong kind, such as text for a list
        reason = str(error).splitlines()[0]
        raise DashboardError("error.query_failed", name=name, reason=reason) from error
    show_rows(rows, as_json, as_csv, tuple(rows[0]) if rows else ())


def _value(item: str) -> tuple[str, Any]:
    key, _, text = item.partition("=")
    try:
        value = json.loads(text) if text[:1] in "[0123456789-" and text else text
    except json.JSONDecodeError:
        value = text
    # codes such as 440523 are text
    return key, text if isinstance(value, int | float) and len(text) == 6 else value
