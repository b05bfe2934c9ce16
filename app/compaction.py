"""Keeps a long history quick to read: small files merged, what nobody can ask for removed.

No vintage is ever lost: any can be named by `--as-of`, held against another, reverted or told by a
briefing. So snapshots are never expired; merged files keep, row by row, the snapshot each is of.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import queries
from app import lake
from app.access import audit, rights
from app.errors import UnknownName
from app.settings import Settings

GRACE = 24.0  # hours: a reader, a backup or a slow writer may still need a file for so long


@dataclass(frozen=True)
class Compacted:
    """How many files were merged into how many, and how many old ones were removed."""

    merged: int
    into: int
    removed: int


def compact(settings: Settings, grace: float = GRACE) -> Compacted:
    """Merge small files of the lake and remove those that nothing names, older than the grace.

    Each step is a transaction of its own: killed at any moment the store is whole, and the next
    run goes on. Raises NotAllowed, StoreBusy, StoreUnavailable, UnknownName for an absent store.
    """
    rights.require("administer")
    if not lake.exists(settings):
        raise UnknownName("compact.no_store", folder=settings.folder)
    _step(settings, "compact_inlined")
    merged = _step(settings, "compact_files")
    if grace:  # in SQLite the age is held as text on our own clock, and comes out 8 hours less
        removed = _step(settings, "remove_merged", before=_ago(grace))
    else:
        removed = _step(settings, "remove_all_merged")
    removed += _step(settings, "remove_orphans", before=_ago(grace))
    done = Compacted(sum(row[2] for row in merged), sum(row[3] for row in merged), len(removed))
    audit.record("compact", merged=done.merged, into=done.into, removed=done.removed)
    return done


def _ago(hours: float) -> dt.datetime:
    return dt.datetime.now(dt.UTC) - dt.timedelta(hours=hours)


def _step(settings: Settings, name: str, **values: dt.datetime) -> list[tuple[str, str, int, int]]:
    def attempt() -> list[tuple[str, str, int, int]]:
        with lake.session(settings, write=True) as db:
            return queries.run(f"lake/{name}", db, **values).fetchall()

    return lake.patiently(settings, attempt)
