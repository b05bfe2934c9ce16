"""Bringing a store that an older version wrote to the form that this one reads.

The catalogue is copied, brought up to date and looked through, and only then takes the place of the
old one: a store is old or new, never between. The data files are the same in both.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

from app import backup, lake
from app.errors import StoreOutdated, UpgradeRefused
from app.intake import ledger
from app.moving.held import copy_catalogue
from app.periods import SHANGHAI
from app.settings import Settings


@dataclass(frozen=True)
class Upgraded:
    """What was done: the form before and now, the vintages looked through, and where the backup is.

    `backup` is None where the store had its present form already.
    """

    found: str
    now: str
    vintages: int
    backup: Path | None


def run(settings: Settings, backup_to: Path | None = None) -> Upgraded:
    """Back the store up and bring it up to date, or do nothing where it is.

    Nothing else may use it meanwhile. Raises UpgradeRefused for a store that a server holds or a
    newer version wrote, and where the upgraded one does not say the same as before; BackupRefused
    where there is no store; OSError where the backup can't be written.
    """
    if settings.catalog_file is None:
        raise UpgradeRefused("upgrade.server")
    try:
        return Upgraded("", "", lake.read(settings, lake.last_vintage) or 0, None)
    except StoreOutdated as error:
        outdated = error
    if outdated.is_newer:
        raise outdated
    target = backup_to or _beside(settings.folder)
    backup.make(settings, target)
    vintages = _replaced(settings, settings.catalog_file)
    return Upgraded(outdated.found, outdated.needed, vintages, target)


def _replaced(settings: Settings, catalogue: Path) -> int:
    """Put an upgraded copy in the catalogue's place; how many vintages it holds."""
    with tempfile.TemporaryDirectory(prefix=".upgrading-", dir=catalogue.parent) as name:
        copy = Path(name) / catalogue.name
        copy_catalogue(catalogue, copy)
        before = backup.snapshot_of(copy)
        new = replace(settings, catalog=f"sqlite:{copy}")
        lake.migrate(new)
        vintages = _looked_through(new)
        if backup.snapshot_of(copy) < before or backup.snapshot_of(catalogue) != before:
            raise UpgradeRefused("upgrade.in_use")
        with contextlib.suppress(OSError):  # a file system without modes
            copy.chmod(catalogue.stat().st_mode & 0o777)
        os.replace(copy, catalogue)
    return vintages


def _looked_through(settings: Settings) -> int:
    """Read every vintage; the cells it added less those it removed are what it grew by."""
    submissions = sorted(ledger.history(settings), key=lambda row: int(row["vintage"]))
    held = 0
    snapshots = [int(row["snapshot_id"]) for row in submissions]
    for row, cells in zip(submissions, lake.cells_of(settings, snapshots), strict=True):
        if cells - held != row["added"] - row["removed"]:
            raise UpgradeRefused("upgrade.differs", vintage=row["vintage"])
        held = cells
    return len(submissions)


def _beside(folder: Path) -> Path:
    now = dt.datetime.now(SHANGHAI)
    return folder.with_name(f"{folder.name}-{now:%Y%m%d-%H%M%S}.zip")
