"""The in-memory database that questions are put to: one for each vintage, filled from the lake."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable
from dataclasses import dataclass

import duckdb

import queries
from app import catalogue as catalogues
from app import formats, formula, lake, standards
from app.catalogue import Catalogue, Dataset, Indicator, Measure
from app.errors import UnknownName
from app.settings import REFERENCE, Settings

MEASURE_MODEL = (
    "model/10_area",
    "model/11_unit",
    "model/19_dataset",
    "model/20_measure",
    "model/21_indicator",
    "model/23_standard",
    "model/30_period",
    "model/31_dataset_period",
    "model/32_reported",
    "model/40_measure_value",
    "model/50_measure_wide",
)


@dataclass(frozen=True)
class Serving:
    """A database with the model of one vintage; `vintage` is 0 where nothing is stored.

    `past` tells that a vintage was asked for, so that what is shown may have changed since, and
    `hidden_below` that it is without its small counts, from 1 to below it; 0 where it has all.
    """

    db: duckdb.DuckDBPyConnection
    vintage: int
    past: bool = False
    hidden_below: int = 0

    @property
    def outside(self) -> bool:
        """Whether it is without its small counts: nothing of another vintage may stand beside."""
        return self.hidden_below > 0

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """A cursor of one's own: one connection must never serve two threads."""
        return self.db.cursor()


def open_vintage(
    settings: Settings, vintage: int | None = None, dataset_id: str | None = None
) -> Serving:
    """Build the model of a vintage (default: the last one); an absent store is an empty one.

    With `dataset_id` it knows that dataset alone, which takes a fraction of the time. Raises
    UnknownName for a vintage or a dataset that does not exist.
    """
    if vintage == 0:  # a day before the first submission
        return Serving(empty(), 0, past=True)
    db = lake.connect()
    snapshot = None
    if vintage is not None:
        snapshot = lake.copy(settings, db, lambda source: lake.snapshot_of(source, vintage))
        if snapshot is None:
            raise UnknownName("error.unknown_vintage", name=vintage)
    last = lake.copy(settings, db, lambda source: _copy_lake(source, dataset_id), snapshot)
    if last is None:
        return Serving(empty(), 0)
    known = catalogues.load()
    build(db, known if dataset_id is None else known.only(dataset_id))
    return Serving(db, last, past=vintage is not None)


def _copy_lake(db: duckdb.DuckDBPyConnection, dataset_id: str | None) -> int:
    with lake.transaction(db):  # one snapshot for all
        if dataset_id is None:
            queries.run("incoming/observation", db)
        else:
            queries.run("incoming/observation_of_dataset", db, dataset_id=dataset_id)
        queries.run("incoming/submission", db)
        queries.run(
            "incoming/wording" if lake.has_table(db, "wording") else "incoming/no_wording", db
        )
        return lake.last_vintage(db)


def empty() -> duckdb.DuckDBPyConnection:
    """A database with the model of an empty store."""
    db = lake.connect()
    queries.run("incoming/no_observation", db)
    queries.run("incoming/no_submission", db)
    queries.run("incoming/no_wording", db)
    build(db, catalogues.load())
    return db


def build(
    db: duckdb.DuckDBPyConnection, catalogue: Catalogue, *, measures_only: bool = False
) -> None:
    """Build the model over the table `observation` that is already there.

    With `measures_only` it stops where the checks of an upload have what they need.
    """
    db.execute("set preserve_insertion_order = false")  # builds faster; questions sort their rows
    define_formulas(db, catalogue)
    values = {
        "areas": str(REFERENCE / "areas.csv"),
        "pilot_counties": str(REFERENCE / "pilot_counties.csv"),
        **_catalogue_tables(catalogue),
    }
    for name in MEASURE_MODEL if measures_only else queries.names("model"):
        queries.run(name, db, **{key: values[key] for key in queries.parameters(name)})


def use_schema(db: duckdb.DuckDBPyConnection, name: str) -> None:
    """Let what follows be built and read in a schema of its own, beside another model."""
    db.execute(f'create schema "{name}"')
    db.execute(f"set schema = '{name}'")


def define_formulas(db: duckdb.DuckDBPyConnection, catalogue: Catalogue) -> None:
    """Compile the catalogue's formulas into the macros that the model and the checks call.

    Each takes a row of measure_wide. indicator_numerators() and indicator_denominators() return a
    list in the order of the dataset's indicators, rule_holds() the truth of one rule.
    """
    datasets = catalogue.datasets.values()
    numerators = {
        d.id: _list(_compiled(catalogue, d, i.numerator) for i in d.indicators) for d in datasets
    }
    denominators = {
        d.id: _list(
            _compiled(catalogue, d, i.denominator) if i.denominator else "null"
            for i in d.indicators
        )
        for d in datasets
    }
    rules = {f"{d.id}.{r.id}": _compiled(catalogue, d, r.holds) for d in datasets for r in d.rules}
    for macro, chosen, branches in (
        ("indicator_numerators(measures)", "measures.dataset_id", numerators),
        ("indicator_denominators(measures)", "measures.dataset_id", denominators),
        ("rule_holds(rule, measures)", "rule", rules),
    ):
        cases = " ".join(f"when '{key}' then {text}" for key, text in branches.items())
        body = f"case {chosen} {cases} end" if cases else "null"
        db.execute(f"create or replace macro {macro} as {body}")


def _list(expressions: Iterable[str]) -> str:
    return f"cast([{', '.join(expressions)}] as double[])"


def _compiled(catalogue: Catalogue, dataset: Dataset, text: str) -> str:
    """One formula of a dataset as a SQL expression over a row of measure_wide."""
    places = {measure.id: place for place, measure in enumerate(dataset.measures, start=1)}
    columns = {"quarter": "quarters", "minimum": "minimums"}

    def column(ref: formula.Reference) -> str:
        listed = columns.get(ref.qualifier, "reported")
        cell = f"measures.{listed}[{places[ref.measure]}]"
        if ref.qualifier == "chosen":
            choice = dataset.measure(ref.measure).place(ref.choice)
            return f"cast({cell} = {choice:d} as double)"
        if ref.qualifier == "given":
            return f"cast({cell} is not null as double)"
        if ref.qualifier == "past":
            return f"cast(coalesce({cell} <= measures.last_day, false) as double)"
        return cell

    def target(indicator_id: str) -> float:
        found = catalogue.indicators[indicator_id].target
        assert found is not None  # the catalogue has checked it
        return found.value

    return formula.to_sql(text, column, target)


def _cells(dataset: Dataset) -> Iterable[tuple[str, str, Measure]]:
    """Item, name and measure of every cell of an area's quarter, also of an item without it.

    The lists of measure_wide are as long as the dataset's measures in every row.
    """
    if not dataset.items:
        yield from (("", measure.id, measure) for measure in dataset.measures)
    for item in dataset.items:
        yield from ((item.id, f"{item.id}.{measure.id}", measure) for measure in dataset.measures)


def _dataset(catalogue: Catalogue, indicator: Indicator) -> str:
    return catalogue.dataset_of[indicator.id].id


def _catalogue_tables(catalogue: Catalogue) -> dict[str, str]:
    datasets = [{"dataset_id": d.id, "level": d.level} for d in catalogue.datasets.values()]
    measures = [
        {
            "dataset_id": dataset.id,
            "measure_id": name,
            "item": item,
            "position": places[measure.id],
            "kind": measure.kind,
            "reference": measure.reference,
            "constant_within_year": measure.constant_within_year,
            "class_column": measure.by_class.area if measure.by_class else None,
        }
        for dataset in catalogue.datasets.values()
        for places in ({m.id: place for place, m in enumerate(dataset.measures, start=1)},)
        for item, name, measure in _cells(dataset)
    ]
    indicators = [
        {
            "indicator_id": i.id,
            "dataset_id": _dataset(catalogue, i),
            "position": position,
            "place": catalogue.dataset_of[i.id].indicators.index(i) + 1,
            "unit": i.unit,
            "decimals": formats.decimals_of(i.unit, i.decimals),
            "factor": i.factor,
            "has_denominator": i.denominator is not None,
            "direction": i.direction,
            "target_value": i.target.value if i.target else None,
            "target_year": i.target.year if i.target and i.target.year != "each" else None,
            "target_quarter": i.target.quarter if i.target else None,
            "measure_id": formula.leading(i.numerator),
            "within_100": i.unit == "percent" and not i.may_exceed_100,
            "usual_low": i.usual.low if i.usual else None,
            "usual_high": i.usual.high if i.usual else None,
        }
        for position, i in enumerate(catalogue.indicators.values())
    ]
    used = [
        {"indicator_id": i.id, "measure_id": name}
        for i in catalogue.indicators.values()
        for mine in (_measures(i),)
        for _, name, measure in _cells(catalogue.dataset_of[i.id])
        if measure.id in mine
    ]
    return {
        "datasets": json.dumps(datasets),
        "measures": json.dumps(measures),
        "indicators": json.dumps(indicators),
        "indicator_measures": json.dumps(used),
        "standards": json.dumps(list(_standards(catalogue))),
    }


def _measures(indicator: Indicator) -> set[str]:
    sides = [indicator.numerator] + ([indicator.denominator] if indicator.denominator else [])
    return {ref.measure for side in sides for ref in formula.references(side)}


def _standards(catalogue: Catalogue) -> Iterable[dict[str, object]]:
    for dataset in catalogue.datasets.values():
        for measure in dataset.measures:
            if measure.kind == "standard":
                key = {"dataset_id": dataset.id, "measure_id": measure.id}
                yield from (key | dataclasses.asdict(each) for each in standards.of(measure))
