"""Moving the store to Postgres, a shared folder or an object store."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Annotated

import typer

from app import settings
from app.command.options import lang
from app.command.printing import say
from app.i18n import t


def move_store(
    to_catalog: Annotated[
        str, typer.Option("--to-catalog", help="postgres:CONNECTION or sqlite:PATH.")
    ] = "",
    to_files: Annotated[
        str, typer.Option("--to-files", help="s3://BUCKET/PREFIX, or a folder.")
    ] = "",
) -> None:
    """Copy the store with its whole history to another place, and compare the two."""
    from app import moving

    source = settings.load()
    target = dataclasses.replace(
        source,
        catalog=_catalog(to_catalog) or source.catalog,
        files=_files(to_files) or source.files,
    )
    told: dict[str, int] = {}

    def progress(step: str, done: int, of: int) -> None:
        tenth = done * 10 // max(of, 1)
        if told.get(step) != tenth:
            told[step] = tenth
            say(t(f"move.{step}", lang(), share=tenth * 10))

    moved = moving.move(source, target, progress)
    say(
        t(
            "move.done", lang(), vintages=moved.vintages, snapshot=moved.snapshot,
            rows=moved.rows, files=moved.files,
        )
    )  # fmt: skip
    say(t("move.now_set", lang()))
    if target.catalog != source.catalog:
        say(f"DASHBOARD_CATALOG='{target.catalog}'")
    if target.files != source.files:
        say(f"DASHBOARD_FILES='{target.files}'")


def _catalog(value: str) -> str:
    kind, _, place = value.partition(":")
    return f"sqlite:{Path(place).resolve()}" if kind == "sqlite" else value


def _files(value: str) -> str:
    if not value or "://" in value:
        return value.rstrip("/")
    return str(Path(value).resolve())
