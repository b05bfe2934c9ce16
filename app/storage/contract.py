"""What every storage can do."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol


@dataclass(frozen=True)
class Stored:
    """A file of a storage as it is listed."""

    name: str
    size: int
    modified: dt.datetime


class Storage(Protocol):
    """Files under relative names, each there whole or not at all.

    A folder raises OSError where it can't be read or written, a bucket StoreUnavailable; both raise
    FileNotFoundError for what is not there. With `private` only the server's own user may read.
    """

    @property
    def shown(self) -> str:
        """The place as messages name it."""

    def read(self, name: str) -> bytes:
        """What a file holds."""

    def first_line(self, name: str) -> bytes:
        """A file up to its first line break, which is included."""

    def size(self, name: str) -> int | None:
        """How long a file is; None where it is not there."""

    def put(self, name: str, content: bytes, *, private: bool = False) -> None:
        """Write a file, in the place of an older one."""

    def put_new(self, name: str, content: bytes, *, private: bool = False) -> bool:
        """Write a file unless there is one; whether it was written."""

    def keep(self, name: str, content: bytes) -> None:
        """Write a file unless it is there at that length; it counts as written now."""

    def remove(self, name: str) -> None:
        """Take a file away; nothing happens where there is none."""

    def listed(self, under: str) -> list[Stored]:
        """All files under a name, in the order of their names."""

    def sweep(self, under: str, age: dt.timedelta) -> None:
        """Take away what was written longer ago, and what a killed process left half-written."""

    def at_hand(self, name: str) -> AbstractContextManager[Path]:
        """A file as a path that can be read meanwhile, with the same last part of its name."""

    def changing(self, name: str) -> AbstractContextManager[dict[str, Any]]:
        """A JSON document to change, stored at the end unless the block raises; always private.

        Raises StoreBusy where another process changes it at the same time.
        """

    def add_line(self, journal: str, make: Callable[[str], str]) -> None:
        """Add a line to a journal; it is made from the line before, empty for the first.

        Processes that add at once each see the other's line. Raises StoreBusy.
        """

    def journals(self, under: str) -> list[str]:
        """The names of the journals under a name, in their order."""

    def lines(self, journal: str) -> list[str]:
        """The lines of a journal, the oldest first."""
