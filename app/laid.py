"""Lays a vintage over a base: only the years of datasets that differ are built anew.

What is laid over a base and the base itself are never changed, so that whoever reads an older
vintage goes on reading it while a newer one is made.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence

import duckdb

import queries
from app import bases, catalogue, lake, model
from app.bases import Base, Submission
from app.settings import Settings

_NUMBERS = itertools.count(1)


def over(
    settings: Settings, base: Base, history: Sequence[Submission], vintage: int
) -> tuple[duckdb.DuckDBPyConnection, str, str | None]:
    """A connection to a vintage, the schemas it is in, and the database that was made for it.

    The last is None where it is the vintage of the base itself. Who asked for it takes it away
    with `remove` when nobody reads it any more.
    """
    if vintage == base.vintage:
        return _connected(base, bases.PATH), bases.PATH, None
    name = f"vintage_{vintage}_{next(_NUMBERS)}"
    base.engine.execute(f"attach ':memory:' as {name} (compress)")
    try:
        path = f"{name}.main,{bases.PATH}"
        db = _connected(base, path)
        _lay(settings, base, db, name, history, vintage)
    except BaseException:
        remove(base.engine, name)
        raise
    return db, path, name


def remove(engine: duckdb.DuckDBPyConnection, name: str) -> None:
    """Take away what was laid over a base."""
    engine.cursor().execute(f"detach database if exists {name}")


def _connected(base: Base, path: str) -> duckdb.DuckDBPyConnection:
    db = base.engine.cursor()
    db.execute(f"set search_path = '{path}'")
    return db


def _lay(
    settings: Settings, base: Base, db: duckdb.DuckDBPyConnection, name: str,
    history: Sequence[Submission], vintage: int,
) -> None:  # fmt: skip
    snapshot = next(each.snapshot for each in history if each.vintage == vintage)
    years = bases.touched(history, base.vintage, vintage)
    lake.copy(settings, db, bases.copy_small, snapshot)
    db.execute("create schema laid")
    _tables(db)
    wanted = bases.chunks(base.cells, years)
    bases.fill(settings, base.engine, f"{name}.laid", wanted, snapshot)
    _say_which(db, years)
    for table in ("observation", *map(model.table_of, model.BY_YEAR)):
        queries.run(f"laid/{table}", db)
    queries.run(model.PERIOD, db)


def _tables(db: duckdb.DuckDBPyConnection) -> None:
    for table in ("observation", *map(model.table_of, model.BY_YEAR)):
        db.execute(f"create table laid.{table} as from base.{table} limit 0")


def _say_which(db: duckdb.DuckDBPyConnection, years: Iterable[tuple[str, int]]) -> None:
    """Define which rows of the base the vintage does not have: by dataset, and by indicator."""
    known = catalogue.load()
    datasets: list[str] = []
    indicators: list[str] = []
    for dataset_id, year in sorted(years):
        quarters = f"between '{year}Q1' and '{year}Q4'"
        datasets.append(f"dataset_id = '{dataset_id}' and period {quarters}")
        if dataset_id in known.datasets:
            names = ", ".join(f"'{each.id}'" for each in known.datasets[dataset_id].indicators)
            if names:
                indicators.append(f"indicator_id in ({names}) and period {quarters}")
    for macro, cases in (
        ("laid_over(dataset_id, period)", datasets),
        ("indicator_laid_over(indicator_id, period)", indicators),
    ):
        db.execute(f"create macro {macro} as {' or '.join(cases) or 'false'}")
