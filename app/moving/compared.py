"""Compares two stores: the same snapshots, and in each the same changes of every table.

Each is told by counts and checksums of the rows that a snapshot added or took away, so that equal
ones hold equal tables at every vintage; what the tables hold in the end is compared as well.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import duckdb

import queries
from app import lake
from app.errors import MoveRefused
from app.settings import Settings

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Told:
    """What a store holds, in numbers that can be compared."""

    snapshots: tuple[tuple[object, ...], ...]
    changes: frozenset[tuple[object, ...]]  # table, snapshot, kind, rows and checksum
    tables: frozenset[tuple[object, ...]]  # table, rows and checksum, at the end
    vintages: int

    @property
    def snapshot(self) -> int:
        """The last snapshot."""
        return int(str(self.snapshots[-1][0]))

    @property
    def rows(self) -> int:
        """The rows of all tables at the end."""
        return sum(int(str(rows)) for _, rows, _ in self.tables)


def compare(source: Settings, target: Settings, progress: Progress) -> Told:
    """Compare two stores and return what both hold; raises MoveRefused where they differ."""
    progress("compare", 0, 2)
    here = lake.read(source, _told)
    progress("compare", 1, 2)
    there = lake.read(target, _told)
    if here is None or there is None or here.snapshots != there.snapshots:
        raise MoveRefused("move.differs", what="snapshots")
    wrong = (here.changes ^ there.changes) | (here.tables ^ there.tables)
    if wrong:
        raise MoveRefused("move.differs", what=", ".join(sorted({str(row[0]) for row in wrong})))
    progress("compare", 2, 2)
    return there


def _told(db: duckdb.DuckDBPyConnection) -> Told:
    snapshots = tuple(queries.run("moving/snapshots", db).fetchall())
    first, last = snapshots[0][0], snapshots[-1][0]
    changes: set[tuple[object, ...]] = set()
    tables: set[tuple[object, ...]] = set()
    for (name,) in queries.run("lake/tables", db).fetchall():
        changed = queries.run(
            "moving/changes", db, table_name=name, first=first, last=last
        ).fetchall()
        changes |= {(name, *row) for row in changed}
        changes |= {(name, first, "state", *row) for row in _state(db, name, first)}
        tables |= {(name, *row) for row in _state(db, name, last)}
    return Told(snapshots, frozenset(changes), frozenset(tables), lake.last_vintage(db))


def _state(db: duckdb.DuckDBPyConnection, name: str, snapshot: int) -> list[tuple[object, ...]]:
    try:
        return db.execute(
            "select count(*), sum(hash(held)) from"
            f' (select * from lake."{name}" at (version => {snapshot:d})) as held'
        ).fetchall()
    except duckdb.CatalogException:
        return []  # the table was made later
