"""What people outside may see: a database with the model of a vintage and no small counts.

The hidden cells are taken out before the model is built, so nothing in it follows from them. What
may be told of groups with hidden counties is put in afterwards. Every question can then be put to
it as to any other.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager

import duckdb
import pandas as pd

import queries
from app import catalogue as catalogues
from app import lake, model
from app.catalogue import Catalogue
from app.errors import SuppressionRefused
from app.kept import kept
from app.serving import Serving
from app.suppression import figures, plan

DEFAULT_THRESHOLD, LOWEST_THRESHOLD = 10, 5
_TABLES = ("observation", "submission", "wording")


def of(
    source: Serving,
    threshold: int = DEFAULT_THRESHOLD,
    catalogue: Catalogue | None = None,
    *,
    released: Collection[str] | None = None,
) -> Serving:
    """The same vintage without its small counts, from 1 to below the threshold.

    With `released` it holds these quarters alone. One that counties still report must not be among
    them: a total before and after a late report would tell the report. Raises SuppressionRefused
    for a threshold below 5, and for a past vintage: two vintages would give cells away as well.
    """
    checked(threshold)
    if source.past:
        raise SuppressionRefused("error.suppression_past")
    known = catalogue or catalogues.load()
    if released is not None:
        source = _only(source, known, released)
    return build(source, known, plan.make(source, known, threshold))


def _only(source: Serving, catalogue: Catalogue, released: Collection[str]) -> Serving:
    db = lake.connect()
    _copy(source, db)
    queries.run("suppression/keep_released", db, periods=sorted(released))
    model.build(db, catalogue)
    return Serving(db, source.vintage)


def shown(
    stamp: str, source: Serving, threshold: int, released: frozenset[str] | None = None
) -> tuple[Serving, str]:
    """The same as `of`, worked out once for each state of the store, and a stamp of its own.

    Whatever is kept of the public view must be kept under that stamp: under the stamp of the store
    there are the numbers of the internal view. Raises SuppressionRefused as `of` does.
    """
    checked(threshold)
    quarters = "" if released is None else ":" + ",".join(sorted(released))
    return _kept_of(stamp, threshold, released, source), f"{stamp}#public{threshold}{quarters}"


@kept(2)
def _kept_of(
    stamp: str, threshold: int, released: frozenset[str] | None, _source: Serving
) -> Serving:
    return of(_source, threshold, released=released)


def checked(threshold: int) -> int:
    """A threshold that may be set; raise SuppressionRefused for one below 5."""
    if threshold < LOWEST_THRESHOLD:
        raise SuppressionRefused(
            "error.suppression_threshold", threshold=threshold, least=LOWEST_THRESHOLD
        )
    return threshold


def build(source: Serving, catalogue: Catalogue, hiding: plan.Plan) -> Serving:
    """The database of a vintage with what a plan hides taken out of it."""
    db = lake.connect()
    _copy(source, db)
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
def _registered(db: duckdb.DuckDBPyConnection, name: str, frame: pd.DataFrame) -> Iterator[None]:
    """Let SQL see a frame as a table for a while."""
    db.register(name, frame)
    yield
    db.unregister(name)


def _copy(source: Serving, db: duckdb.DuckDBPyConnection) -> None:
    """Copy what a model is built from."""
    cursor = source.cursor()
    held = {row[0] for row in cursor.execute("show tables").fetchall()}
    for name in _TABLES:
        if name in held:
            db.register("copied", cursor.sql(f"from {name}").to_arrow_table())
            db.table("copied").create(name)
            db.unregister("copied")
