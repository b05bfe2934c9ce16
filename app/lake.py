"""The store: a DuckLake lake in which every submission is one snapshot.

ATTACH and transactions live here and nowhere else. One process never holds two connections to a
SQLite catalogue at once, since they would wait for each other's locks; `session` sees to that.
"""

from __future__ import annotations

import datetime as dt
import random
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache
from importlib.resources import files
from typing import TypeVar

import duckdb

import queries
from app.errors import StoreBusy, StoreUnavailable
from app.i18n import t
from app.settings import Settings

PATIENCE = 30.0  # seconds to wait for another process before giving up
_ONE_AT_A_TIME = threading.RLock()
_SCANNERS = {"sqlite": "sqlite_scanner", "postgres": "postgres_scanner"}
_BUSY = ("database is locked", "Transaction conflict", "conflict", "could not serialize")
T = TypeVar("T")


class Overtaken(Exception):
    """Another submission was stored between reading the lake and writing to it."""


class _Absent(Exception):
    """The catalogue is there, but no store has been set up in it yet."""


def connect() -> duckdb.DuckDBPyConnection:
    """A new in-memory DuckDB on Guangdong's clock, in which SQL can't see Python variables."""
    db = duckdb.connect(config={"python_enable_replacements": False})
    db.execute("set global timezone = 'Asia/Shanghai'")
    db.execute("set enable_progress_bar = false")  # it would stand in what we print
    return db


def exists(settings: Settings) -> bool:
    """Whether there is a store; one behind a server is taken to exist."""
    return settings.catalog_file is None or settings.catalog_file.exists()


def read(settings: Settings, work: Callable[[duckdb.DuckDBPyConnection], T]) -> T | None:
    """Do a piece of reading in a session of its own; None where there is no store yet."""

    def attempt() -> T:
        with session(settings) as db:
            return work(db)

    try:
        return patiently(attempt) if exists(settings) else None
    except _Absent:
        return None


@contextmanager
def session(settings: Settings, *, write: bool = False) -> Iterator[duckdb.DuckDBPyConnection]:
    """An in-memory DuckDB with the lake attached as `lake`.

    With `write` the store is created when there is none. Raises StoreBusy when another process
    holds the lock for longer than PATIENCE, StoreUnavailable when it can't be opened at all.
    """
    with _ONE_AT_A_TIME:
        db = connect()
        try:
            patiently(lambda: _attach(db, settings, write, None))
            yield db
        finally:
            db.close()


def copy(
    settings: Settings,
    db: duckdb.DuckDBPyConnection,
    work: Callable[[duckdb.DuckDBPyConnection], T],
    snapshot: int | None = None,
) -> T | None:
    """Attach the lake to a database, as of one snapshot if given, copy from it, and detach it.

    None where there is no store yet.
    """

    def attempt() -> T:
        with _ONE_AT_A_TIME:
            _attach(db, settings, False, snapshot)
            try:
                return work(db)
            finally:
                db.execute("detach lake")

    try:
        return patiently(attempt) if exists(settings) else None
    except _Absent:
        return None


def patiently(work: Callable[[], T]) -> T:
    """Do a piece of work, again with growing pauses while another process holds the lock."""
    give_up = time.monotonic() + PATIENCE
    pause = 0.02
    while True:
        try:
            return work()
        except (duckdb.Error, Overtaken) as error:
            if not isinstance(error, Overtaken) and not _is_busy(error):
                raise
            if time.monotonic() > give_up:
                raise StoreBusy(t("error.store_busy")) from error
        time.sleep(pause * (0.5 + random.random()))  # apart from the other waiting process
        pause = min(pause * 2, 1.0)


@contextmanager
def transaction(db: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """All or nothing: commit at the end, roll back on any error."""
    db.execute("begin")
    try:
        yield
        db.execute("commit")
    except BaseException:
        try:
            db.execute("rollback")
        except duckdb.TransactionException:
            pass  # a failed commit has ended the transaction already
        raise


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


def _attach(
    db: duckdb.DuckDBPyConnection, settings: Settings, write: bool, snapshot: int | None
) -> None:
    kind = settings.catalog.partition(":")[0]
    if kind not in _SCANNERS:
        raise StoreUnavailable(t("error.bad_catalog", catalog=settings.catalog))
    _load(db, ("ducklake", _SCANNERS[kind]))
    options = [f"data_path {_quoted(settings.files + '/lake/')}", "override_data_path true"]
    if not write:
        options.append("read_only")
    if snapshot is not None:
        options.append(f"snapshot_version {snapshot:d}")
    try:
        if write and settings.catalog_file is not None:
            settings.catalog_file.parent.mkdir(parents=True, exist_ok=True)
        db.execute(
            f"attach {_quoted('ducklake:' + settings.catalog)} as lake ({', '.join(options)})"
        )
        if not _is_set_up(db):
            if not write:
                raise _Absent
            with transaction(db):
                for name in (
                    "table_observation",
                    "table_submission",
                    "table_ledger",
                    "first_ledger",
                ):
                    queries.run(f"lake/{name}", db)
    except (duckdb.Error, OSError, _Absent) as error:
        db.execute("detach database if exists lake")  # or the next attempt would find it there
        if isinstance(error, _Absent) or _is_busy(error):
            raise
        if "creating a new DuckLake is explicitly disabled" in str(error):
            raise _Absent from error
        reason = str(error).splitlines()[0]
        raise StoreUnavailable(t("error.store_unavailable", reason=reason)) from error


def _is_set_up(db: duckdb.DuckDBPyConnection) -> bool:
    return bool(queries.run("lake/is_set_up", db).fetchone())


def _is_busy(error: Exception) -> bool:
    return any(sign in str(error) for sign in _BUSY)


def _load(db: duckdb.DuckDBPyConnection, names: Sequence[str]) -> None:
    # each takes a tenth of a second for its signature, so both at once
    with ThreadPoolExecutor() as pool:
        list(pool.map(lambda name: db.cursor().execute(f"load '{_extension(name)}'"), names))


def _quoted(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


@cache
def _extension(name: str) -> str:
    folder = files(f"duckdb_extension_{name}") / "extensions" / f"v{duckdb.__version__}"
    return str(folder / f"{name}.duckdb_extension")


def stamp(settings: Settings) -> str:
    """A mark that changes whenever the store does; cheap enough to be taken at every rerun."""
    file = settings.catalog_file
    if file is None:
        return str(read(settings, last_vintage))
    try:
        state = file.stat()
    except FileNotFoundError:
        return ""
    return f"{state.st_mtime_ns}-{state.st_size}"
