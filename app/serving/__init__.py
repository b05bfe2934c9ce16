"""The databases that questions are put to: one for each vintage, filled from the lake."""

from __future__ import annotations

import weakref
from collections.abc import Sequence
from dataclasses import dataclass, field

import duckdb

import queries
from app import catalogue as catalogues
from app import lake
from app.errors import UnknownName
from app.serving import bases, laid, model
from app.serving.bases import Submission
from app.settings import Settings


@dataclass(frozen=True)
class Serving:
    """A database with the model of one vintage; `vintage` is 0 where nothing is stored.

    `past` tells that a vintage was asked for, so that what is shown may have changed since, and
    `hidden_below` that it is without its small counts, from 1 to below it; 0 where it has all.
    `path` are the schemas that it is in, where these are not the database's own, and `history` the
    submissions that it follows from, where it holds all that they stored.
    """

    db: duckdb.DuckDBPyConnection
    vintage: int
    past: bool = False
    hidden_below: int = 0
    path: str = ""
    history: Sequence[Submission] = field(default=(), repr=False, compare=False)

    @property
    def outside(self) -> bool:
        """Whether it is without its small counts: nothing of another vintage may stand beside."""
        return self.hidden_below > 0

    def state(self, dataset_id: str, period: str) -> str:
        """A mark of what is stored of a dataset up to a quarter; empty where it is not known."""
        touching = (
            each for each in self.history
            if each.dataset_id == dataset_id and min(each.periods, default=period) <= period
        )  # fmt: skip
        return bases.lineage(touching, self.vintage) if self.history else ""

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """A cursor of one's own: one connection must never serve two threads.

        It reads what is there for as long as this Serving is kept.
        """
        cursor = self.db.cursor()
        if self.path:
            cursor.execute(f"set search_path = '{self.path}'")
        return cursor


def open_vintage(
    settings: Settings, vintage: int | None = None, dataset_id: str | None = None
) -> Serving:
    """The model of a vintage (default: the last one); an absent store is an empty one.

    Only what differs from the last one that was built is built. With `dataset_id` it knows that
    dataset alone. Raises UnknownName for a vintage or a dataset that does not exist.
    """
    if vintage == 0:  # a day before the first submission
        return Serving(empty(), 0, past=True)
    if dataset_id is not None:
        return _of_dataset(settings, vintage, dataset_id)
    history = lake.read(settings, bases.history)
    if not history:
        if vintage is not None:
            raise UnknownName("error.unknown_vintage", name=vintage)
        return Serving(empty(), 0)
    asked = history[-1].vintage if vintage is None else vintage
    if not any(each.vintage == asked for each in history):
        raise UnknownName("error.unknown_vintage", name=asked)
    return _laid(settings, history, asked, past=vintage is not None)


def _laid(settings: Settings, history: Sequence[Submission], vintage: int, past: bool) -> Serving:
    base = bases.of(settings, history, vintage)
    db, path, made = laid.over(settings, base, history, vintage)
    source = Serving(db, vintage, past=past, path=path, history=history)
    if made is not None:
        weakref.finalize(source, laid.remove, base.engine, made)
    return source


def _of_dataset(settings: Settings, vintage: int | None, dataset_id: str) -> Serving:
    """The model of one dataset in a database of its own, which takes a fraction of the time."""
    db = lake.connect()
    snapshot = None
    if vintage is not None:
        snapshot = lake.copy(settings, db, lambda source: lake.snapshot_of(source, vintage))
        if snapshot is None:
            raise UnknownName("error.unknown_vintage", name=vintage)

    def copied(source: duckdb.DuckDBPyConnection) -> int:
        with lake.transaction(source):  # one snapshot for all
            queries.run("incoming/observation_of_dataset", source, dataset_id=dataset_id)
            bases.copy_small(source)
            return lake.last_vintage(source)

    last = lake.copy(settings, db, copied, snapshot)
    if last is None:
        return Serving(empty(), 0)
    model.build(db, catalogues.load().only(dataset_id))
    return Serving(db, last, past=vintage is not None)


def empty() -> duckdb.DuckDBPyConnection:
    """A database with the model of an empty store."""
    db = lake.connect()
    queries.run("incoming/no_observation", db)
    queries.run("incoming/no_submission", db)
    queries.run("incoming/no_wording", db)
    model.build(db, catalogues.load())
    return db
