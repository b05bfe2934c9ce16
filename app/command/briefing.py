"""Briefings as files: one into a file, several into a folder or an archive."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from app import areas, catalogue
from app.briefing.parts import Fills, Request
from app.command.options import Lang, Public, audience
from app.command.options import lang as language
from app.command.printing import say
from app.i18n import t

if TYPE_CHECKING:
    from app.briefing.make import Failed, Made

KindName = Literal["county", "area", "bulletin", "topic", "composed"]
FormatName = Literal["docx", "pdf", "pptx", "xlsx"]
ARCHIVE = ".zip"


def briefing(
    kind: Annotated[KindName, typer.Argument(help="What is written.")],
    period: Annotated[str, typer.Option("--period", help="A quarter such as 2023Q4.")],
    output: Annotated[
        Path, typer.Option("-o", "--output", help="A file; for several a folder or a .zip.")
    ],
    area: Annotated[
        list[str] | None,
        typer.Option("--area", help="What it is about; all pilot counties where none is named."),
    ] = None,
    dataset: Annotated[str, typer.Option("--dataset", help="Of a topic report.")] = "",
    indicator: Annotated[
        list[str] | None, typer.Option("--indicator", help="Only these indicators.")
    ] = None,
    section: Annotated[
        list[str] | None, typer.Option("--section", help="Only these sections, in this order.")
    ] = None,
    as_format: Annotated[
        FormatName, typer.Option("--format", help="What is put into a folder or .zip.")
    ] = "docx",
    as_of: Annotated[str, typer.Option("--as-of", help="A vintage or a date.")] = "",
    lang: Lang = None,
    number: Annotated[str, typer.Option("--number", help="The document's number.")] = "",
    issuer: Annotated[str, typer.Option("--issuer", help="Who issues it.")] = "",
    signer: Annotated[str, typer.Option("--signer", help="Who signs it.")] = "",
    copies: Annotated[str, typer.Option("--copies", help="Who gets copies.")] = "",
    by: Annotated[str, typer.Option("--by", help="Who has it made, for the ledger.")] = "",
    public: Public = False,
) -> None:
    """Write a briefing, or one for each area."""
    spoken = lang or language()
    asked = requests(
        kind, period, area or (), spoken, dataset, indicator or (), section or (),
        Fills(number, issuer, signer, copies),
    )  # fmt: skip
    asked = [replace(each, audience=audience(public)) for each in asked]
    suffix = output.suffix.lower()
    into_file = suffix.removeprefix(".") in ("docx", "pdf", "pptx", "xlsx")
    if len(asked) > 1 and into_file:
        raise typer.BadParameter(t("command.briefing_several", spoken, count=len(asked)))
    if not into_file and suffix not in ("", ARCHIVE):
        raise typer.BadParameter(t("command.briefing_file", spoken, file=output))

    from app.briefing import make

    if into_file:
        made = make.one(asked[0], suffix, as_of, by)
        output.write_bytes(made.content)
        for line in made.lacking:
            say(line)
        say(t("command.written", spoken, file=output))
        return
    outcomes = make.several(asked, f".{as_format}", as_of, by)
    written = save(outcomes, output, len(asked), spoken)
    if written < len(asked):
        raise typer.Exit(1)


def requests(
    kind: KindName, period: str, chosen: Sequence[str], lang: str, dataset: str,
    indicators: Sequence[str], sections: Sequence[str], fills: Fills,
) -> list[Request]:  # fmt: skip
    """What is to be written: one briefing for each area, but one alone of a chosen composition.

    A call without areas means every pilot county, or all of them in one. Raises BadParameter for a
    report on an area or a dataset that names none.
    """
    if kind == "topic" and not dataset:
        names = ", ".join(catalogue.load().datasets)
        raise typer.BadParameter(t("error.briefing_topic_dataset", lang, names=names))
    common = (lang, dataset, tuple(indicators))
    codes = list(dict.fromkeys(chosen))
    if kind == "composed":
        counties = tuple(code for code in codes if code in areas.load())
        groups = [code for code in codes if code not in areas.load()]
        place = groups[0] if groups else areas.PILOT
        if len(groups) > 1:
            raise typer.BadParameter(t("command.briefing_one_group", lang))
        return [Request(kind, period, place, *common, counties, tuple(sections), fills)]
    if not codes:
        if kind == "area":
            raise typer.BadParameter(t("command.briefing_area", lang))
        codes = [areas.PILOT]
        if kind == "county":
            codes = [code for code in areas.load() if code in areas.pilot()]
    return [Request(kind, period, code, *common, (), tuple(sections), fills) for code in codes]


def save(outcomes: Iterator[Made | Failed], output: Path, count: int, lang: str) -> int:
    """Put briefings into a folder or an archive one after the other; return how many there are.

    What has failed is named and does not lose the others. An archive appears once it is whole.
    """
    from app.briefing.make import Made

    part = output.with_name(f"{output.name}.part")
    archive = None
    if output.suffix.lower() == ARCHIVE:
        archive = zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED)
    else:
        output.mkdir(parents=True, exist_ok=True)
    written: set[str] = set()
    try:
        for place, outcome in enumerate(outcomes, start=1):
            if not isinstance(outcome, Made):
                name = outcome.request.area_code
                say(t("command.briefing_failed", lang, code=name, reason=outcome.reason))
                continue
            name = outcome.name
            if name in written:  # two counties of one name
                file = Path(name)
                name = f"{file.stem}-{outcome.briefing.request.area_code}{file.suffix}"
            written.add(name)
            if archive is not None:
                archive.writestr(name, outcome.content)
            else:
                (output / name).write_bytes(outcome.content)
            for line in outcome.lacking:
                say(line)
            say(t("command.briefing_done", lang, place=place, count=count, file=name))
        if archive is not None:
            archive.close()
            part.replace(output)
    finally:
        if archive is not None:
            archive.close()
            part.unlink(missing_ok=True)
    say(t("command.written", lang, file=output))
    return len(written)
