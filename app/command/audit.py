"""The audit on the command line."""

from __future__ import annotations

import dataclasses
from typing import Annotated

import typer

from app import settings
from app.command.options import Json, lang
from app.command.printing import fail, say, show_json, show_rows
from app.i18n import t


def audit(
    find: Annotated[str, typer.Option("--find", help="Only entries with all these words.")] = "",
    check: Annotated[bool, typer.Option("--check", help="Look for altered entries.")] = False,
    as_json: Json = False,
) -> None:
    """Who did what and when, the newest first."""
    from app.access import audit as entries

    store = settings.load()
    if check:
        broken = entries.broken(store)
        if broken:
            fail(t("audit.broken", lang(), places=", ".join(broken)))
        say(t("audit.whole", lang()))
        return
    rows = [dataclasses.asdict(entry) for entry in entries.listed(store, find)]
    if as_json:
        show_json(rows)
    else:
        show_rows(rows, False, False, ("at", "who", "role", "action", "what"))
