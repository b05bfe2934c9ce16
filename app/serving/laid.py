"""Lays a vintage over a base: only the quarters of datasets that differ from it.

Such a quarter is a part. It is built once, for all vintages that have it, and never changed; when
none has it any more it is taken away. So whoever reads an older vintage goes on reading it, and a
new submission costs what it touched itself, however many came since the base was built.
"""

from __future__ import annotations

import itertools
import threading
import weakref
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field

import duckdb

import queries
from app import lake
from app.serving import bases, model, quarters
from app.serving.bases import Base, Submission
from app.serving.quarters import Quarter
from app.settings import Settings

TABLES = ("observation", *map(model.table_of, model.BY_QUARTER))
_NUMBERS = itertools.count(1)


@dataclass(eq=False)
class Part:
    """A quarter of a dataset in a state that it was in; its rows bear its number."""

    number: int


@dataclass
class _Parts:
    """The parts beside a base, by quarter and state.

    `freed` are the numbers of those that no vintage has any more.
    """

    known: weakref.WeakValueDictionary[tuple[Quarter, Hashable], Part] = field(
        default_factory=weakref.WeakValueDictionary
    )
    freed: list[int] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)


_PARTS: weakref.WeakKeyDictionary[Base, _Parts] = weakref.WeakKeyDictionary()


@dataclass(frozen=True)
class Laid:
    """What was made for a vintage: a database of its own with a name, and its parts."""

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
    snapshot = next(each.snapshot for each in history if each.vintage == vintage)
    marks = _marks(bases.between(history, base.vintage, vintage), history, vintage)

    def build(new: Mapping[Quarter, Part]) -> None:
        def kept(db: duckdb.DuckDBPyConnection, chunk: str, built: bases.Quarters) -> None:
            held = {quarter: new[quarter] for quarter in built or ()}
            for table in TABLES:
                keep(db, table, f"{chunk}.main.{table}", held)

        bases.fill(settings, base.engine, bases.chunks(base.cells, new), snapshot, kept)

    return together(
        base, vintage, parts(base, marks, build),
        lambda db: lake.copy(settings, db, bases.copy_small, snapshot),
    )  # fmt: skip


def together(
    base: Base, vintage: int, held: Mapping[Quarter, Part],
    small: Callable[[duckdb.DuckDBPyConnection], object], tables: Sequence[str] = TABLES,
) -> tuple[duckdb.DuckDBPyConnection, str, Laid]:  # fmt: skip
    """Put a vintage together from a base and parts, as `over` returns it.

    `small` copies its submissions and texts into it.
    """
    name = f"vintage_{vintage}_{next(_NUMBERS)}"
    base.engine.execute(f"attach ':memory:' as {name}")
    path = f"{name}.main,{bases.PATH}"
    with ExitStack() as failing:
        failing.callback(_detach, base.engine, name)
        db = _connected(base, path)
        small(db)
        _say_which(db, held)
        for table in tables:
            queries.run(f"laid/{table}", db)
        queries.run(model.PERIOD, db)
        failing.pop_all()
    return db, path, Laid(name, list(held.values()))


def parts(
    base: Base, states: Mapping[Quarter, Hashable], build: Callable[[Mapping[Quarter, Part]], None],
    tables: Sequence[str] = TABLES,
) -> dict[Quarter, Part]:  # fmt: skip
    """The part of each quarter in its state; `build` keeps those that it is told."""
    beside = _PARTS.setdefault(base, _Parts())
    with beside.lock:
        _make_room(base, beside, tables)
        found = {quarter: beside.known.get((quarter, state)) for quarter, state in states.items()}
        new = {quarter: _new(beside) for quarter, part in found.items() if part is None}
        if new:
            build(new)
            base.engine.cursor().execute("checkpoint parts")  # compresses them
        beside.known.update({(quarter, states[quarter]): part for quarter, part in new.items()})
        return {quarter: part or new[quarter] for quarter, part in found.items()}


def keep(
    db: duckdb.DuckDBPyConnection, table: str, source: str, held: Mapping[Quarter, Part]
) -> None:
    """Add the rows of some quarters in a source, like a table of the model, to their parts."""
    join = quarters.numbered(table, {quarter: part.number for quarter, part in held.items()})
    db.execute(f"insert into parts.{table} select number, source.* from {source} as source {join}")


def remove(engine: duckdb.DuckDBPyConnection, laid: Laid) -> None:
    """Take away what was laid over a base; its parts go when no other vintage has them."""
    _detach(engine, laid.name)


def _detach(engine: duckdb.DuckDBPyConnection, name: str) -> None:
    engine.cursor().execute(f"detach database if exists {name}")


def _connected(base: Base, path: str) -> duckdb.DuckDBPyConnection:
    db = base.engine.cursor()
    db.execute(f"set search_path = '{path}'")
    return db


def _marks(
    wanted: Iterable[Quarter], history: Iterable[Submission], vintage: int
) -> dict[Quarter, int]:
    """The mark of a vintage's last submission that touched each quarter, 0 where none did."""
    marks = dict.fromkeys(wanted, 0)
    for each in history:
        if each.vintage <= vintage:
            marks |= {quarter: each.mark for quarter in bases.touched(each) if quarter in marks}
    return marks


def _new(beside: _Parts) -> Part:
    part = Part(next(_NUMBERS))
    weakref.finalize(part, beside.freed.append, part.number)
    return part


def _make_room(base: Base, beside: _Parts, tables: Iterable[str]) -> None:
    """Prepare the tables of parts, and take the rows out of them that no vintage has any more."""
    db = base.engine.cursor()
    db.execute("attach if not exists ':memory:' as parts (compress)")
    gone = [beside.freed.pop() for _ in range(len(beside.freed))]
    for table in tables:
        db.execute(
            f"create table if not exists parts.{table} as"
            f" select cast(0 as integer) as part, * from base.{table} limit 0"
        )
        if gone:
            db.execute(f"delete from parts.{table} where part in ({quarters.listed(gone)})")


def _say_which(db: duckdb.DuckDBPyConnection, held: Mapping[Quarter, Part]) -> None:
    """Define which rows of the base the vintage does not have, and which of the parts it has."""
    numbers = [part.number for part in held.values()]
    for macro, holds in (
        ("laid_over(dataset_id, period)", quarters.of_datasets(held)),
        ("indicator_laid_over(indicator_id, period)", quarters.of_indicators(held)),
        ("laid(part)", f"part in ({quarters.listed(numbers)})" if numbers else "false"),
    ):
        db.execute(f"create macro {macro} as {holds}")
