"""Backing the store up and putting a backup back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from app import settings
from app.command.options import lang
from app.command.printing import say
from app.i18n import t


def backup(file: Annotated[Path, typer.Argument(help="The zip to write.")]) -> None:
    """Copy the whole store into a zip; it may be in use meanwhile."""
    from app import backup as backups

    snapshot, count = backups.make(settings.load(), file)
    say(t("backup.made", lang(), file=file, snapshot=snapshot, count=count))


def restore(
    file: Annotated[Path, typer.Argument(help="A zip that backup has written.")],
    folder: Annotated[Path, typer.Option("--to", help="An empty folder, or a new one.")],
) -> None:
    """Put a backup into an empty folder, to be used as DASHBOARD_STORE."""
    from app import backup as backups

    snapshot, count = backups.restore(file, folder)
    say(t("backup.restored", lang(), folder=folder, snapshot=snapshot, count=count))


def upgrade(
    backup_to: Annotated[
        Path | None,
        typer.Option("--backup", help="Where the backup goes; beside the store if not."),
    ] = None,
) -> None:
    """Bring a store that an older version wrote up to date; nothing may use it meanwhile."""
    from app import upgrade as upgrades

    done = upgrades.run(settings.load(), backup_to)
    if done.backup is None:
        say(t("upgrade.current", lang(), vintages=done.vintages))
    else:
        say(t("upgrade.done", lang(), found=done.found, now=done.now, vintages=done.vintages,
              file=done.backup))  # fmt: skip
