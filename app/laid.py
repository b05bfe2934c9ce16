"""Lays a vintage over a base: only the quarters of datasets that differ from it.

Such a quarter is a part. It is built once, for all vintages that have it, and never changed; when
none has it any more it is taken away. So whoever reads an older vintage goes on reading it, and a
new submission costs what it touched itself, however many came since the base was built.
"""

from __future__ import annotations

import itertools
import threading
import weakref
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import duckdb

import queries
from app import bases, lake, model, quarters
from app.bases import Base, Submission
from app.quarters import Quarter
from app.settings import Settings

_TABLES = ("observation", *map(model.table_of, model.BY_QUARTER))
_NUMBERS = itertools.count(1)


@dataclass(eq=False)
class Part:
    """A quarter of a dataset after a submission; its rows bear its number."""

    number: int


@dataclass
class _Parts:
    """The parts beside a base, by dataset, quarter and the mark of the submission that was last.

    `freed` are the numbers of those that no vintage has any more.
    """

    known: weakref.WeakValueDictionary[tuple[Quarter, int], Part] = field(
        default_factory=weakref.WeakValueDictionary
    )
    freed: list[int] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)


_PARTS: weakref.WeakKeyDictionary[Base, _Parts] = weakref.WeakKeyDictionary()


@dataclass(frozen=True)
class Laid:
    """A vintage laid over a base: the database made for it, and its parts."""

    name: str
    parts: Collection[Part]


def over(
    settings: Settings, base: Base, history: Sequence[Submission], vintage: int
) -> tuple[duckdb.DuckDBPyConnection, str, Laid | None]:
    """A connection to a vintage, the schemas it is in, and what was made for it.

    The last is None where it is the vintage of the base itself. Who asked for it takes it away
    with `remove` when nobody reads it any more.
    """
    if vintage == base.vintage:
        return _connected(base, bases.PATH), bases.PATH, None
    name = f"vintage_{vintage}_{next(_NUMBERS)}"
    base.engine.execute(f"attach ':memory:' as {name}")
    try:
        path = f"{name}.main,{bases.PATH}"
        db = _connected(base, path)
        parts = _lay(settings, base, db, history, vintage)
    except BaseException:
        _detach(base.engine, name)
        raise
    return db, path, Laid(name, parts)


def remove(engine: duckdb.DuckDBPyConnection, laid: Laid) -> None:
    """Take away what was laid over a base; its parts go when no other vintage has them."""
    _detach(engine, laid.name)


def _detach(engine: duckdb.DuckDBPyConnection, name: str) -> None:
    engine.cursor().execute(f"detach database if exists {name}")


def _connected(base: Base, path: str) -> duckdb.DuckDBPyConnection:
    db = base.engine.cursor()
    db.execute(f"set search_path = '{path}'")
    return db


def _lay(
    settings: Settings, base: Base, db: duckdb.DuckDBPyConnection,
    history: Sequence[Submission], vintage: int,
) -> Collection[Part]:  # fmt: skip
    snapshot = next(each.snapshot for each in history if each.vintage == vintage)
    lake.copy(settings, db, bases.copy_small, snapshot)
    wanted = bases.between(history, base.vintage, vintage)
    parts = _parts(settings, base, _marks(wanted, history, vintage), snapshot)
    _say_which(db, parts)
    for table in _TABLES:
        queries.run(f"laid/{table}", db)
    queries.run(model.PERIOD, db)
    return parts.values()


def _marks(
    wanted: Iterable[Quarter], history: Iterable[Submission], vintage: int
) -> dict[Quarter, int]:
    """The mark of a vintage's last submission that touched each quarter, 0 where none did."""
    marks = dict.fromkeys(wanted, 0)
    for each in history:
        if each.vintage <= vintage:
            marks |= {quarter: each.mark for quarter in bases.touched(each) if quarter in marks}
    return marks


def _parts(
    settings: Settings, base: Base, marks: Mapping[Quarter, int], snapshot: int
) -> dict[Quarter, Part]:
    """The part of each quarter, built where there is none."""
    beside = _PARTS.setdefault(base, _Parts())
    with beside.lock:
        _make_room(base, beside)
        parts = {quarter: beside.known.get((quarter, mark)) for quarter, mark in marks.items()}
        new = {quarter: _new(beside) for quarter, part in parts.items() if part is None}

        def keep(db: duckdb.DuckDBPyConnection, chunk: str, built: bases.Quarters) -> None:
            for quarter in built or ():
                _keep(db, chunk, quarter, new[quarter].number)
            db.execute("checkpoint parts")  # compresses it

        bases.fill(settings, base.engine, bases.chunks(base.cells, new), snapshot, keep)
        beside.known.update({(quarter, marks[quarter]): part for quarter, part in new.items()})
        return {quarter: part or new[quarter] for quarter, part in parts.items()}


def _new(beside: _Parts) -> Part:
    part = Part(next(_NUMBERS))
    weakref.finalize(part, beside.freed.append, part.number)
    return part


def _make_room(base: Base, beside: _Parts) -> None:
    """Prepare the tables of parts, and take the rows out of them that no vintage has any more."""
    db = base.engine.cursor()
    db.execute("attach if not exists ':memory:' as parts (compress)")
    gone = [beside.freed.pop() for _ in range(len(beside.freed))]
    for table in _TABLES:
        db.execute(
            f"create table if not exists parts.{table} as"
            f" select cast(0 as integer) as part, * from base.{table} limit 0"
        )
        if gone:
            db.execute(f"delete from parts.{table} where part in ({quarters.listed(gone)})")


def _keep(db: duckdb.DuckDBPyConnection, chunk: str, quarter: Quarter, number: int) -> None:
    for table in _TABLES:
        db.execute(
            f"insert into parts.{table} select {number:d}, * from {chunk}.main.{table}"
            f" where {quarters.rows(table, [quarter])}"
        )


def _say_which(db: duckdb.DuckDBPyConnection, parts: Mapping[Quarter, Part]) -> None:
    """Define which rows of the base the vintage does not have, and which of the parts it has."""
    numbers = [part.number for part in parts.values()]
    for macro, holds in (
        ("laid_over(dataset_id, period)", quarters.of_datasets(parts)),
        ("indicator_laid_over(indicator_id, period)", quarters.of_indicators(parts)),
        ("laid(part)", f"part in ({quarters.listed(numbers)})" if numbers else "false"),
    ):
        db.execute(f"create macro {macro} as {holds}")
