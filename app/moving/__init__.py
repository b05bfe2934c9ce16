"""Moves a store to another place with its whole history: catalogue, data files and all others.

The files are copied and read back first, the catalogue last and in one transaction: until then the
new place is an empty store, and a move that was broken off is simply begun again.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass

from app import lake
from app.errors import MoveRefused
from app.moving import catalogue, compared, files
from app.moving.held import held
from app.settings import Settings

Progress = Callable[[str, int, int], None]  # step, how much is done, of how much


@dataclass(frozen=True)
class Moved:
    """What has been copied and compared: the last snapshot, and how many of each."""

    snapshot: int
    vintages: int
    rows: int
    files: int


def move(source: Settings, target: Settings, progress: Progress = lambda *_: None) -> Moved:
    """Copy a store to the catalogue and the files of other settings, and compare the two.

    Nobody can submit meanwhile. The source stays as it is. Raises MoveRefused for a target that
    holds another store or is in use, and where what has arrived is not what was sent; StoreBusy
    and StoreUnavailable.
    """
    new_catalogue = source.catalog != target.catalog
    new_files = source.files != target.files
    if not new_catalogue and not new_files:
        raise MoveRefused("move.same_place")
    if not lake.exists(source) or lake.read(source, lake.last_vintage) is None:
        raise MoveRefused("move.nothing")
    with held(source) as copy:
        if new_catalogue:
            catalogue.require_fit(copy, target)
        count = files.copy(copy, target, progress) if new_files else 0
        if new_catalogue:
            lake.found(target)
            progress("catalogue", 0, 1)
            catalogue.copy(copy, target)
            progress("catalogue", 1, 1)
        there = target if new_catalogue else dataclasses.replace(copy, files=target.files)
        told = compared.compare(copy, there, progress)
    return Moved(told.snapshot, told.vintages, told.rows, count)
