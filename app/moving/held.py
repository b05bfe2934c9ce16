"""A store as of one moment: a copy of its catalogue, whose files are there and never change."""

from __future__ import annotations

import contextlib
import dataclasses
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app import lake
from app.errors import StoreBusy
from app.moving import catalogue
from app.settings import Settings

CATALOG = "catalog.sqlite"


@contextmanager
def copied(source: Settings) -> Iterator[Settings]:
    """The store with a copy of its catalogue in SQLite; others may go on writing to the store."""
    with tempfile.TemporaryDirectory(prefix="catalogue-") as folder:
        path = Path(folder) / CATALOG
        copy = dataclasses.replace(source, catalog=f"sqlite:{path}")
        if source.catalog_file is None:
            lake.found(copy)
            catalogue.copy(source, copy)
        else:
            copy_catalogue(source.catalog_file, path)
        yield copy


@contextmanager
def held(source: Settings) -> Iterator[Settings]:
    """The same, while nobody can write to the store; raises StoreBusy and StoreUnavailable."""
    with _locked(source), copied(source) as copy:
        yield copy


@contextmanager
def _locked(source: Settings) -> Iterator[None]:
    if source.catalog_file is None:
        with catalogue.locked(source):
            yield
        return
    with contextlib.closing(sqlite3.connect(source.catalog_file, timeout=lake.PATIENCE)) as lock:
        try:
            lock.execute("begin immediate")
        except sqlite3.OperationalError as error:
            raise StoreBusy("error.store_busy") from error
        # DuckDB must not open the file meanwhile: closing it would take our lock away
        yield


def copy_catalogue(source: Path, target: Path) -> None:
    """Copy a catalogue of SQLite as of one moment, also while others write to it."""
    with (
        contextlib.closing(sqlite3.connect(f"{source.as_uri()}?mode=ro", uri=True)) as original,
        contextlib.closing(sqlite3.connect(target)) as copy,
    ):
        original.execute(f"pragma busy_timeout = {int(lake.PATIENCE * 1000)}")
        original.backup(copy)
