"""Keeping a long history quick to read."""

from __future__ import annotations

from typing import Annotated

import typer

from app import settings
from app.command.options import lang
from app.command.printing import say
from app.i18n import t


def compact(
    grace: Annotated[
        float, typer.Option(help="Hours for which what was replaced is kept.", min=0)
    ] = 24,
) -> None:
    """Merge the small files of the store; every vintage stays as it is."""
    from app import compaction

    done = compaction.compact(settings.load(), grace)
    say(t("compact.done", lang(), merged=done.merged, into=done.into, removed=done.removed))
