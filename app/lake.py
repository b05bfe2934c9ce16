"""The store: a DuckLake lake in which every submission is one snapshot.

ATTACH and transactions live here and nowhere else. One process never holds two connections to a
SQLite catalogue at once, since they would wait for each other's locks; `session` sees to that.
"""

from __future__ import annotations

import datetime as dt
import random
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager, nullcontext, suppress
from functools import cache, lru_cache
from typing import TypeVar

import duckdb

import queries
from app import credentials, engine, failures, postgres
from app.errors import StoreBusy, StoreUnavailable
from app.settings import Settings, make_closed

PATIENCE = 30.0  # seconds to wait for another process before giving up
TABLES = ("observation", "submission", "ledger", "area_name_pick", "wording")
T = TypeVar("T")


class Overtaken(Exception):
    """Another submission was stored between reading the lake and writing to it."""


class _Absent(Exception):
    """The catalogue is there, but no store has been set up in it yet."""


class _Turn:
    """One thread of this process at a time, which waits no longer than for another process."""

    def __init__(self) -> None:
        self.lock = threading.RLock()

    def __enter__(self) -> None:
        if not self.lock.acquire(timeout=PATIENCE):
            raise StoreBusy("error.store_busy")

    def __exit__(self, *_: object) -> None:
        self.lock.release()


_TURN = _Turn()


def connect(threads: int = 1) -> duckdb.DuckDBPyConnection:
    """A new in-memory DuckDB on Guangdong's clock, in which SQL can't see Python variables.

    A question to few rows is planned longer than it runs: a second thread has nothing to do but to
    wait, and takes a third to a half as much processor time again for that.
    """
    db = duckdb.connect(config={"python_enable_replacements": False, "threads": threads})
    db.execute("set global timezone = 'Asia/Shanghai'")
    db.execute("set enable_progress_bar = false")  # it would stand in what we print
    return db


def exists(settings: Settings) -> bool:
    """Whether there is a store; one behind a server is taken to exist."""
    try:
        return settings.catalog_file is None or settings.catalog_file.exists()
    except OSError as error:  # a folder that may not be looked into
        raise failures.named(settings, error) from error


def read(settings: Settings, work: Callable[[duckdb.DuckDBPyConnection], T]) -> T | None:
    """Do a piece of reading in a session of its own; None where there is no store yet."""

    def attempt() -> T | None:
        if not exists(settings):
            return None
        with session(settings) as db:
            return work(db)

    try:
        return patiently(settings, attempt)
    except _Absent:
        return None


@contextmanager
def session(settings: Settings, *, write: bool = False) -> Iterator[duckdb.DuckDBPyConnection]:
    """An empty in-memory DuckDB with the lake attached as `lake`.

    With `write` the store is created when there is none. Raises StoreBusy when another process
    holds the lock for longer than PATIENCE, StoreUnavailable when it can't be opened at all.
    """
    with _TURN, _turn_on_server(settings) if write else nullcontext():
        db = _engine().cursor()
        try:
            db.execute("attach ':memory:' as work")
            db.execute("use work")
            patiently(settings, lambda: _attach(db, settings, write, None))
            yield db
        finally:
            db.close()  # rolls back what was begun and not ended
            for name in ("lake", "work"):
                _engine().execute(f"detach database if exists {name}")


@contextmanager
def _turn_on_server(settings: Settings) -> Iterator[None]:
    """Write to a catalogue in Postgres in turn with other processes; the next stamp is fresh."""
    if engine.kind_of(settings) != "postgres":
        yield
        return
    password = credentials.load(settings).password
    try:
        with ExitStack() as turn:
            patiently(
                settings,
                lambda: turn.enter_context(_turns(settings.catalog, password).taken(PATIENCE)),
            )
            yield
    finally:
        _watch(settings.catalog, password).forget()


@cache
def _engine() -> duckdb.DuckDBPyConnection:
    """The DuckDB of all sessions: loading the extensions takes longer than most of their work."""
    return connect()


def copy(
    settings: Settings,
    db: duckdb.DuckDBPyConnection,
    work: Callable[[duckdb.DuckDBPyConnection], T],
    snapshot: int | None = None,
) -> T | None:
    """Attach the lake to a database, as of one snapshot if given, copy from it, and detach it.

    None where there is no store yet.
    """

    def attempt() -> T | None:
        if not exists(settings):
            return None
        with _TURN:
            _attach(db, settings, False, snapshot)
            try:
                return work(db)
            finally:
                db.execute("detach lake")

    try:
        return patiently(settings, attempt)
    except _Absent:
        return None


def found(settings: Settings) -> None:
    """Make an empty lake, without our tables, where there is none; raises StoreUnavailable."""

    def attempt() -> None:
        with _TURN:
            db = _engine().cursor()
            try:
                _attach(db, settings, True, None, bare=True)
            finally:
                db.execute("detach database if exists lake")
                db.close()

    patiently(settings, attempt)


def attach_catalogue(
    db: duckdb.DuckDBPyConnection, settings: Settings, name: str, *, write: bool = False
) -> str:
    """Attach the catalogue's own tables to a database; returns the schema they are in."""
    kind, _, place = settings.catalog.partition(":")
    engine.make_ready(db, settings)
    options = f"type {kind}" if write else f"type {kind}, read_only"
    db.execute(f"attach {postgres.quoted(place)} as {name} ({options})")
    return f"{name}.public" if kind == "postgres" else f"{name}.main"


def patiently(settings: Settings, work: Callable[[], T]) -> T:
    """Do a piece of work, again with growing pauses while another process holds the lock.

    So too while Postgres is being restarted: what is committed is in the store then, and what is
    done again finds it there. Raises StoreBusy after PATIENCE, StoreUnavailable for any other
    failure of store or disk.
    """
    begun = time.monotonic()
    pause = 0.02
    while True:
        try:
            return work()
        except (duckdb.Error, OSError, Overtaken) as error:
            lost = isinstance(error, duckdb.Error) and postgres.is_lost(str(error))
            if not isinstance(error, Overtaken) and not failures.is_busy(error) and not lost:
                raise failures.named(settings, error) from error
            if lost and time.monotonic() - begun > postgres.RECONNECT:
                raise failures.named(settings, error) from error
            if time.monotonic() - begun > PATIENCE:
                raise StoreBusy("error.store_busy") from error
        time.sleep(pause * (0.5 + random.random()))  # apart from the other waiting process
        pause = min(pause * 2, 1.0)


@contextmanager
def transaction(db: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """All or nothing: commit at the end, roll back on any error."""
    db.execute("begin")
    try:
        yield
        db.execute("commit")
    except BaseException:  # also where it is interrupted
        with suppress(duckdb.TransactionException):  # a failed commit has ended it
            db.execute("rollback")
        raise


def has_table(db: duckdb.DuckDBPyConnection, name: str) -> bool:
    """Whether the attached lake has a table; one made by an older version lacks the newer ones."""
    return name in _tables(db)


def _tables(db: duckdb.DuckDBPyConnection) -> set[str]:
    return {name for (name,) in queries.run("lake/tables", db).fetchall()}


def texts(db: duckdb.DuckDBPyConnection) -> dict[float, str]:
    """The texts of the attached lake by the number that stands for each in a cell."""
    return dict(queries.run("lake/wordings", db).fetchall()) if has_table(db, "wording") else {}


def last_vintage(db: duckdb.DuckDBPyConnection) -> int:
    """The number of the last submission, 0 in an empty store."""
    row = queries.run("lake/last_vintage", db).fetchone()
    return int(row[0]) if row else 0


def snapshot_of(db: duckdb.DuckDBPyConnection, vintage: int) -> int | None:
    """The snapshot of the attached lake that holds a vintage."""
    row = queries.run("lake/snapshot_of_vintage", db, vintage=vintage).fetchone()
    return int(row[0]) if row else None


def vintage_on(settings: Settings, day: dt.date) -> int:
    """The last vintage of a day in Guangdong, 0 before the first."""
    row = read(settings, lambda db: queries.run("lake/vintage_on_day", db, day=day).fetchone())
    return int(row[0]) if row else 0


def cells_of(settings: Settings, snapshots: Sequence[int]) -> Iterator[int]:
    """How many cells the store held in each of some snapshots."""

    def counted(db: duckdb.DuckDBPyConnection) -> int:
        row = queries.run("lake/cells", db).fetchone()
        return int(row[0]) if row else 0

    with closing(connect()) as db:
        for snapshot in snapshots:
            yield copy(settings, db, counted, snapshot) or 0


def migrate(settings: Settings) -> None:
    """Bring a store of an older form to the present one, in place; app/upgrade.py keeps it safe."""
    with _TURN:
        try:
            _attach(_engine(), settings, True, None, migrating=True)
        finally:
            _engine().execute("detach database if exists lake")


def _attach(
    db: duckdb.DuckDBPyConnection, settings: Settings, write: bool, snapshot: int | None,
    *, migrating: bool = False, bare: bool = False,
) -> None:  # fmt: skip
    engine.make_ready(db, settings)
    options = [f"data_path {postgres.quoted(settings.files + '/lake/')}", "override_data_path true"]
    if not write:
        options.append("read_only")
    if snapshot is not None:
        options.append(f"snapshot_version {snapshot:d}")
    if migrating:
        options.append("automatic_migration true")
    try:
        if write and settings.catalog_file is not None:
            make_closed(settings.catalog_file.parent)
        place = postgres.quoted("ducklake:" + settings.catalog)
        statement = f"attach {place} as lake ({', '.join(options)})"
        try:
            db.execute(statement)
        except duckdb.Error as error:
            if write or "readonly database" not in str(error):
                raise
            _roll_back_unfinished(settings)
            db.execute(statement)
        if write and not bare:
            _set_up(db)
        elif not bare and not has_table(db, "ledger"):
            raise _Absent
    except (duckdb.Error, OSError, _Absent) as error:
        db.execute("detach database if exists lake")  # or the next attempt would find it there
        if isinstance(error, _Absent) or failures.is_busy(error) or postgres.is_lost(str(error)):
            raise
        if "creating a new DuckLake is explicitly disabled" in str(error):
            raise _Absent from error
        problem = failures.named(settings, error)
        if problem.key != "error.store_failed":
            raise problem from error
        raise StoreUnavailable("error.store_unavailable", **problem.values) from error


def _roll_back_unfinished(settings: Settings) -> None:
    """Undo what a killed writer left in the catalogue: a connection that only reads can't."""
    with (
        suppress(sqlite3.Error),  # it can't be written, or another writer is at work
        closing(sqlite3.connect(settings.catalog_file or "", timeout=1)) as catalogue,
    ):
        catalogue.execute("pragma schema_version").fetchone()


def _set_up(db: duckdb.DuckDBPyConnection) -> None:
    """Make the tables that the lake does not have: all in a new one, some in an older one."""
    there = _tables(db)
    missing = [name for name in TABLES if name not in there]
    if not missing:
        return
    with transaction(db):
        for name in missing:
            queries.run(f"lake/table_{name}", db)
        queries.run("lake/first_ledger", db)


def stamp(settings: Settings) -> str:
    """A mark that changes whenever the store does; cheap enough to be taken at every rerun."""
    file = settings.catalog_file
    if file is None:
        return _stamp_of_server(settings)
    try:
        state = file.stat()
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise failures.named(settings, error) from error
    return f"{state.st_mtime_ns}-{state.st_size}"


def _stamp_of_server(settings: Settings) -> str:
    engine.kind_of(settings)
    try:
        snapshot = _watch(settings.catalog, credentials.load(settings).password).latest()
    except duckdb.Error as error:
        raise failures.named(settings, error) from error
    return "" if snapshot is None else str(snapshot)


@lru_cache(8)
def _watch(catalog: str, password: str) -> postgres.Watch:
    return postgres.Watch(catalog.removeprefix(postgres.KIND), password, _asking())


@lru_cache(8)
def _turns(catalog: str, password: str) -> postgres.Turns:
    return postgres.Turns(catalog.removeprefix(postgres.KIND), password, _asking())


def _asking() -> duckdb.DuckDBPyConnection:
    """A DuckDB that puts questions to Postgres itself."""
    db = connect()
    engine.load(db, ("postgres_scanner",))
    return db
