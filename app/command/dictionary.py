"""The dictionary of indicators: entries on the screen, or all of it in a file."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Annotated

import typer

from app import catalogue
from app.command.options import Json, Lang
from app.command.options import lang as language
from app.command.printing import say, show_json, tell
from app.i18n import t


def dictionary(
    ids: Annotated[
        list[str] | None,
        typer.Argument(metavar="ID...", help="Indicators or measures; all where none is named."),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="A file to write, .docx or .xlsx.")
    ] = None,
    lang: Lang = None,
    as_json: Json = False,
) -> None:
    """Print what indicators and measures mean, or write the dictionary as a file."""
    from app.dictionary import entries, facts, search

    spoken = lang or language()
    suffix = output.suffix.lower() if output else None
    if suffix not in (None, ".docx", ".xlsx"):
        raise typer.BadParameter(t("command.dictionary_file", spoken, file=output))
    if output and as_json:
        raise typer.BadParameter(t("command.dictionary_json", spoken))
    known = entries.load(catalogue.load(), spoken)
    chosen = known.only([e for name in ids for e in search.named(known, name)]) if ids else known
    if output is not None:
        if suffix == ".docx":
            from app.dictionary import document

            output.write_bytes(document.made(chosen))
        else:
            from app.dictionary import workbook

            output.write_bytes(workbook.made(chosen))
        say(t("command.written", spoken, file=output))
    elif as_json:
        show_json([_plain(entry) for entry in chosen.entries])
    else:
        for entry in chosen.entries:
            tell(f"{entry.id}  {entry.label}")
            for fact in facts.facts(entry, spoken)[1:]:  # the id stands above
                for line in fact.lines:
                    tell(t("dictionary.printed", spoken, heading=fact.heading, line=line))


def _plain(entry: object) -> dict[str, object]:
    from app.dictionary.entries import Entry, IndicatorEntry

    assert isinstance(entry, Entry)
    kept = {k: v for k, v in dataclasses.asdict(entry).items() if k not in ("names", "related")}
    return {"entry": "indicator" if isinstance(entry, IndicatorEntry) else "measure"} | kept
