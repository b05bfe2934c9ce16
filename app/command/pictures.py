"""One figure as a picture in a file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from app import areas, catalogue, periods, scopes, settings
from app.command.options import Lang, Public, audience
from app.command.options import lang as language
from app.command.printing import say
from app.errors import BadRequest, ServeRefused, UnknownName
from app.i18n import t


def figure(
    kind: Annotated[str, typer.Argument(metavar="KIND", help="map, ranking or trend.")],
    indicator: Annotated[str, typer.Option("--indicator", help="The indicator's id.")],
    period: Annotated[str, typer.Option("--period", help="A quarter such as 2023Q4.")],
    output: Annotated[
        Path, typer.Option("-o", "--output", help="A file to write, .png, .svg or .pdf.")
    ],
    area: Annotated[
        list[str] | None,
        typer.Option("--area", help="What it shows: pilot, 440000, a region or city; a county."),
    ] = None,
    as_of: Annotated[str | None, typer.Option("--as-of", help="A vintage or a date.")] = None,
    lang: Lang = None,
    public: Public = False,
) -> None:
    """Draw one figure."""
    spoken, suffix = lang or language(), output.suffix.lower()
    if suffix not in (".png", ".svg", ".pdf"):
        raise typer.BadParameter(t("command.figure_file", spoken, file=output))
    from app import assets, figures, geography, pictures, reads, view

    if not (assets.is_built() and geography.is_built(settings.load())):
        raise ServeRefused("serve.not_set_up")
    known = catalogue.load()
    known.indicator(indicator)
    periods.parse(period)
    scope, county = _place(area or [])
    if county and county not in scopes.members(scope):
        raise BadRequest("error.county_outside", county=county, scope=scope)
    source, stamp = view.current(as_of or "", audience(public))
    if public and period not in reads.available_periods(source):
        raise BadRequest("error.not_public_yet", period=lambda told: periods.label(period, told))
    if period not in reads.available_periods(source, known.dataset_of[indicator].id):
        raise BadRequest("error.figure_no_data", indicator=indicator, period=period)
    chosen = scopes.Choices(period, scope, county, indicator, spoken)
    drawn = figures.drawn(kind, source, stamp, chosen)
    made = {".png": pictures.png, ".svg": pictures.svg, ".pdf": pictures.pdf}[suffix](drawn)
    output.write_bytes(made)
    say(t("command.written", spoken, file=output))


def _place(codes: list[str]) -> tuple[str, str | None]:
    """The scope and the county that areas name; the pilots, or all, where only a county is."""
    named = [code for code in codes if code in scopes.every()]
    counties = [code for code in codes if code not in named]
    for code in counties:
        if code not in areas.load():
            raise UnknownName("error.unknown_area", name=code)
    if len(named) > 1 or len(counties) > 1:
        raise BadRequest("error.figure_areas")
    county = counties[0] if counties else None
    usual = areas.PILOT if county is None or county in areas.pilot() else areas.PROVINCE
    return (named[0] if named else usual), county
