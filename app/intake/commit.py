"""Writes cells and their submission in one transaction: one snapshot, one vintage."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import duckdb

import queries
from app import lake, periods
from app.intake.check import put_cells


@dataclass(frozen=True)
class Entry:
    """A submission as the ledger keeps it; a withdrawal has no file, only a revert has `reverts`.

    The counts are of cells, `row_count` is of rows: areas in a quarter.
    """

    dataset_id: str
    periods: list[str]
    submitted_by: str
    note: str
    file_name: str | None = None
    sha256: str | None = None
    explanation: str | None = None
    row_count: int = 0
    added: int = 0
    changed: int = 0
    removed: int = 0
    sample: bool = False
    reverts: int | None = None


def write(
    db: duckdb.DuckDBPyConnection,
    cells: Mapping[str, Sequence[Any]],
    entry: Entry,
    base: int,
    picked: Mapping[str, str] | None = None,
    texts: Mapping[float, str] | None = None,
    done: Callable[[], None] = lambda: None,
    mark: str = "",
) -> int:
    """Write cells and their submission in one transaction and return the new vintage.

    `cells` are columns: the key, value, status and sample flag of each, and `keep`, false for one
    that is taken away. `picked` are areas picked for places, to be remembered; `texts` is what
    cells of texts say. `done` is called just before the commit. With a `mark` it is found again by
    `marked`. Raises lake.Overtaken if the store has moved on from the vintage `base`.
    """
    vintage = base + 1
    now = dt.datetime.now(periods.SHANGHAI)
    put_cells(db, cells)
    with lake.transaction(db):
        if lake.last_vintage(db) != base:
            raise lake.Overtaken
        queries.run("lake/next_vintage", db, vintage=vintage)
        queries.run("lake/forget_cells", db)
        queries.run("lake/write_cells", db, vintage=vintage)
        if texts:
            queries.run("lake/write_wordings", db, numbers=list(texts), words=list(texts.values()))
        _remember(db, picked or {}, entry.submitted_by, now)
        queries.run("lake/write_submission", db, vintage=vintage, submitted_at=now, **asdict(entry))
        extra = (
            {"submission": vintage}
            | ({"mark": mark} if mark else {})
            | {
                key: getattr(entry, key)
                for key in ("dataset_id", "periods", "file_name", "sha256", "reverts")
            }
        )
        queries.run(
            "lake/commit_message",
            db,
            author=entry.submitted_by,
            message=entry.note,
            extra=json.dumps(extra, ensure_ascii=False),
        )
        done()
    return vintage


def marked(db: duckdb.DuckDBPyConnection, mark: str) -> int | None:
    """The vintage that was written under a mark; None where nothing was.

    A commit whose answer was lost on the way is in the store all the same.
    """
    row = queries.run("lake/marked_vintage", db, mark=mark).fetchone()
    return None if row is None else int(row[0])


def _remember(
    db: duckdb.DuckDBPyConnection, picked: Mapping[str, str], by: str, now: dt.datetime
) -> None:
    known = dict(queries.run("lake/area_name_picks", db).fetchall())
    fresh = {place: area for place, area in picked.items() if known.get(place) != area}
    if fresh:
        queries.run("lake/forget_picks", db, written=list(fresh))
        queries.run(
            "lake/write_picks",
            db,
            written=list(fresh),
            area_codes=list(fresh.values()),
            picked_by=by,
            picked_at=now,
        )
