"""The options that several commands take, and the language they speak."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from app import settings
from app.audience import INSIDE, PUBLIC, Audience
from app.i18n import t


def lang() -> str:
    """The language of this installation."""
    return settings.load().lang


def audience(public: bool) -> Audience:
    """For whom figures are."""
    return PUBLIC if public else INSIDE


def _filled(text: str) -> str:
    if not text.strip():
        raise typer.BadParameter(t("command.must_be_filled", lang()))
    return text.strip()


Json = Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")]
Csv = Annotated[bool, typer.Option("--csv", help="CSV on standard output.")]
Lang = Annotated[Literal["zh", "en"] | None, typer.Option("--lang", help="The language.")]
By = Annotated[str, typer.Option("--by", help="Who submits.", callback=_filled)]
Note = Annotated[str, typer.Option("--note", help="What the submission is.", callback=_filled)]
DatasetId = Annotated[str | None, typer.Option("--dataset", help="The dataset's id.")]
Public = Annotated[
    bool, typer.Option("--public", help="Figures for publication: locked, without small counts.")
]
Output = Annotated[Path, typer.Option("-o", "--output", help="The file to write.")]
