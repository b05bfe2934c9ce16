"""What people outside may see: a database with the model of a vintage and no small counts.

The hidden cells are taken out before the model is built, so nothing in it follows from them. What
may be told of groups with hidden counties is put in afterwards. Every question can then be put to
it as to any other. What is hidden in a quarter follows from its year of the same dataset alone, so
a year is worked out once for all vintages that have it as it is.
"""

from __future__ import annotations

import weakref
from collections.abc import Collection, Hashable, Iterator, Mapping
from contextlib import contextmanager
from itertools import groupby

import duckdb
import pandas as pd
import pyarrow as pa

import queries
from app import catalogue as catalogues
from app import lake, periods, settings
from app.catalogue import Catalogue
from app.errors import SuppressionRefused
from app.kept import kept
from app.serving import Serving, bases, laid, model
from app.serving.bases import Base
from app.serving.laid import Part
from app.serving.quarters import Quarter, of_datasets
from app.suppression import figures, plan

DEFAULT_THRESHOLD, LOWEST_THRESHOLD = 10, 5
_LAID = (*laid.TABLES, "kept_total")


def of(
    source: Serving, threshold: int = DEFAULT_THRESHOLD, catalogue: Catalogue | None = None
) -> Serving:
    """The same vintage without its small counts, from 1 to below the threshold.

    Raises SuppressionRefused for a threshold below 5, and for a past vintage: two vintages would
    give cells away as well.
    """
    _check(source, threshold)
    known = catalogue or catalogues.load()
    return build(source, known, plan.make(source, known, threshold))


def shown(
    stamp: str, source: Serving, threshold: int, released: frozenset[str] | None = None
) -> tuple[Serving, str]:
    """The same as `of`, worked out once for each state of the store, and a stamp of its own.

    With `released` it holds these quarters alone. One that counties still report must not be among
    them: a total before and after a late report would tell the report. Whatever is kept of the
    public view must be kept under that stamp: under the stamp of the store there are the numbers of
    the internal view. Raises SuppressionRefused as `of` does.
    """
    _check(source, threshold)
    quarters = "" if released is None else ":" + ",".join(sorted(released))
    return _kept_of(stamp, threshold, released, source), f"{stamp}#public{threshold}{quarters}"


def _check(source: Serving, threshold: int) -> None:
    checked(threshold)
    if source.past:
        raise SuppressionRefused("error.suppression_past")


@kept(2)
def _kept_of(
    stamp: str, threshold: int, released: frozenset[str] | None, _source: Serving
) -> Serving:
    known = catalogues.load()
    base = _nothing(model.fingerprint(known))
    cells, states = _states(_source, threshold, released)

    def build_new(new: Mapping[Quarter, Part]) -> None:
        for chunk in _chunks(cells, new):
            inside = _only(_source, known, chunk)
            _keep(base, of(inside, threshold, known), {quarter: new[quarter] for quarter in chunk})

    parts = laid.parts(base, states, build_new, _LAID)
    db, path, made = laid.together(
        base, _source.vintage, parts, lambda db: _copy_small(_source, db), _LAID
    )
    view = Serving(db, _source.vintage, hidden_below=threshold, path=path)
    weakref.finalize(view, laid.remove, base.engine, made)
    return view


@kept(1)
def _nothing(known: str) -> Base:
    return bases.of_nothing(settings.load())


def _states(
    source: Serving, threshold: int, released: frozenset[str] | None
) -> tuple[dict[Quarter, int], dict[Quarter, Hashable]]:
    """How many cells each quarter has, and what it follows from: its whole year."""
    rows = queries.run("suppression/state", source.cursor()).fetchall()
    rows = [row for row in rows if released is None or row[1] in released]
    years: dict[tuple[str, int], list[tuple[str, int]]] = {}
    for dataset, period, _, mark in rows:
        years.setdefault((dataset, periods.year(period)), []).append((period, mark))
    return (
        {(dataset, period): count for dataset, period, count, _ in rows},
        {(d, p): (threshold, tuple(years[d, periods.year(p)])) for d, p, _, _ in rows},
    )


def _chunks(cells: Mapping[Quarter, int], wanted: Collection[Quarter]) -> Iterator[list[Quarter]]:
    """What is worked out at once: whole years of datasets, as many as are few cells."""
    chunk: list[Quarter] = []
    for _, year in groupby(sorted(wanted), lambda each: (each[0], periods.year(each[1]))):
        more = list(year)
        if chunk and sum(map(cells.__getitem__, chunk + more)) > bases.CHUNK:
            yield chunk
            chunk = []
        chunk += more
    if chunk:
        yield chunk


def _only(source: Serving, catalogue: Catalogue, chunk: Collection[Quarter]) -> Serving:
    """The model of some quarters alone."""
    db = _copied(source, of_datasets(chunk))
    model.build(db, catalogue)
    return Serving(db, source.vintage)


def _keep(base: Base, view: Serving, parts: Mapping[Quarter, Part]) -> None:
    db = base.engine.cursor()
    for table in _LAID:
        with _registered(db, "shown", view.cursor().sql(f"from {table}").to_arrow_table()):
            laid.keep(db, table, "shown", parts)


def _copy_small(source: Serving, db: duckdb.DuckDBPyConnection) -> None:
    for name in ("submission", "wording"):
        _copy_table(source, db, name)
    queries.run("suppression/silence_submission", db)


def checked(threshold: int) -> int:
    """A threshold that may be set; raise SuppressionRefused for one below 5."""
    if threshold < LOWEST_THRESHOLD:
        raise SuppressionRefused(
            "error.suppression_threshold", threshold=threshold, least=LOWEST_THRESHOLD
        )
    return threshold


def build(source: Serving, catalogue: Catalogue, hiding: plan.Plan) -> Serving:
    """The database of a vintage with what a plan hides taken out of it."""
    db = _copied(source)
    columns = ["dataset_id", "period", "measure_id", "area_code"]
    cells = pd.DataFrame(list(hiding.cells()), columns=columns, dtype=str)
    with _registered(db, "hidden_cell", cells):
        queries.run("suppression/hide_cell", db)
        queries.run("suppression/silence_submission", db)
        model.build(db, catalogue)
        queries.run("suppression/mark_cell", db)
    with _registered(db, "hidden_county", figures.counties(hiding, source)):
        queries.run("suppression/mark_county", db)
    with _registered(db, "group_figure", figures.groups(hiding, source)):
        queries.run("suppression/set_figure", db)
    with _registered(db, "group_total", figures.totals(hiding)):
        queries.run("suppression/set_total", db)
    return Serving(db, source.vintage, hidden_below=hiding.threshold)


@contextmanager
def _registered(
    db: duckdb.DuckDBPyConnection, name: str, rows: pd.DataFrame | pa.Table
) -> Iterator[None]:
    """Let SQL see some rows as a table for a while."""
    db.register(name, rows)
    yield
    db.unregister(name)


def _copied(source: Serving, which: str = "true") -> duckdb.DuckDBPyConnection:
    """A database with what a model is built from; `which` tells of what cells, in SQL."""
    cells = _rows(source, "observation", which)
    db = lake.connect(bases.threads(len(cells)))
    _create(db, "observation", cells)
    for name in ("submission", "wording"):
        _copy_table(source, db, name)
    return db


def _copy_table(source: Serving, db: duckdb.DuckDBPyConnection, name: str) -> None:
    if name in {row[0] for row in source.cursor().execute("show tables").fetchall()}:
        _create(db, name, _rows(source, name))


def _rows(source: Serving, name: str, which: str = "true") -> pa.Table:
    return source.cursor().sql(f"from {name} where {which}").to_arrow_table()


def _create(db: duckdb.DuckDBPyConnection, name: str, rows: pa.Table) -> None:
    with _registered(db, "copied", rows):
        db.table("copied").create(name)
