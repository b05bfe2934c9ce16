"""Builds the model of queries/model over stored cells: at once, or some quarters at a time.

What an area's quarter gives depends on nothing but its own cells and those of the quarter before in
the same dataset and calendar year: a flow begins anew each January. So the quarters of a dataset
can be built one by one and put together.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Collection, Iterable
from functools import cache

import duckdb

import queries
from app import formats, formula, standards, townships
from app.catalogue import Catalogue, Dataset, Indicator, Measure
from app.serving.quarters import Quarter
from app.settings import REFERENCE

MEASURE_MODEL = (
    "model/09_township",
    "model/10_area",
    "model/11_unit",
    "model/19_dataset",
    "model/20_measure",
    "model/21_indicator",
    "model/23_standard",
    "model/30_dataset_period",
    "model/31_period",
    "model/32_reported",
    "model/40_measure_value",
    "model/50_measure_wide",
)


PERIOD, REPORTED = "model/31_period", "model/32_reported"
# What goes by dataset and quarter beside the stored cells themselves; the periods are of all.
BY_QUARTER = (
    "model/30_dataset_period",
    REPORTED,
    "model/33_area_report",
    "model/40_measure_value",
    "model/50_measure_wide",
    "model/60_area_indicator",
    "model/70_published_observation",
)
# A value that is given, unlike one of the table of periods, tells which blocks need not be read.
_QUARTER_BEFORE = """quarter_before(period, quarters) as
    (4 * try_cast(left(period, 4) as integer) + try_cast(right(period, 1) as integer)
        - 1 - quarters) // 4
    || 'Q'
    || (4 * try_cast(left(period, 4) as integer) + try_cast(right(period, 1) as integer)
        - 1 - quarters) % 4 + 1"""
_FILES = {"areas": "areas.csv", "pilot_counties": "pilot_counties.csv"}


def build(
    db: duckdb.DuckDBPyConnection, catalogue: Catalogue, *, measures_only: bool = False
) -> None:
    """Build the model over the table `observation` that is already there.

    With `measures_only` it stops where the checks of an upload have what they need.
    """
    db.execute("set preserve_insertion_order = false")  # builds faster; questions sort their rows
    define_formulas(db, catalogue)
    _run(db, catalogue, MEASURE_MODEL if measures_only else queries.names("model"))


def build_lasting(db: duckdb.DuckDBPyConnection, catalogue: Catalogue) -> None:
    """Build what no stored cell changes: areas, groups, the catalogue and its formulas."""
    define_formulas(db, catalogue)
    _run(db, catalogue, [n for n in queries.names("model") if n not in (*BY_QUARTER, PERIOD)])


def build_quarters(
    db: duckdb.DuckDBPyConnection, wanted: Collection[Quarter] | None = None
) -> None:
    """Build what goes by dataset and quarter over the table `observation`, beside what is lasting.

    With `wanted` the other quarters in `observation` are there for the flows of these alone.
    """
    for name in sorted((*BY_QUARTER, PERIOD)):
        queries.run(name, db)
        if name == REPORTED and wanted is not None:
            queries.run("laid/leave_alone", db, quarters=["/".join(each) for each in wanted])


def table_of(name: str) -> str:
    """The table that a part of the model makes."""
    return name.partition("_")[2]


def fingerprint(catalogue: Catalogue) -> str:
    """A mark of all that a model follows from besides the stored cells, and of how it is built."""
    parts = [duckdb.__version__, *_formulas(catalogue), *_catalogue_tables(catalogue).values()]
    parts += [queries.text(name) for name in (*queries.names("model"), *queries.names("laid"))]
    parts += [(REFERENCE / name).read_text("utf-8") for name in _FILES.values()]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _run(db: duckdb.DuckDBPyConnection, catalogue: Catalogue, names: Iterable[str]) -> None:
    files = {key: str(REFERENCE / name) for key, name in _FILES.items()}
    values = {**files, **_catalogue_tables(catalogue)}
    for name in names:
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
    for text in _formulas(catalogue):
        db.execute(f"create or replace macro {text}")


def _formulas(catalogue: Catalogue) -> list[str]:
    """Each macro's name, parameters and body."""
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
    made = [_QUARTER_BEFORE]
    for macro, chosen, branches in (
        ("indicator_numerators(measures)", "measures.dataset_id", numerators),
        ("indicator_denominators(measures)", "measures.dataset_id", denominators),
        ("rule_holds(rule, measures)", "rule", rules),
    ):
        cases = " ".join(f"when '{key}' then {text}" for key, text in branches.items())
        made.append(f"{macro} as " + (f"case {chosen} {cases} end" if cases else "null"))
    return made


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
        "townships": _townships(),
        "datasets": json.dumps(datasets),
        "measures": json.dumps(measures),
        "indicators": json.dumps(indicators),
        "indicator_measures": json.dumps(used),
        "standards": json.dumps(list(_standards(catalogue))),
    }


@cache
def _townships() -> str:
    return json.dumps([
        {
            "area_code": each.code, "area_name": each.name, "area_name_en": each.name_en,
            "county_code": each.county_code, **dict(each.denominators),
        }
        for each in townships.load().values()
    ])  # fmt: skip


def _measures(indicator: Indicator) -> set[str]:
    sides = [indicator.numerator] + ([indicator.denominator] if indicator.denominator else [])
    return {ref.measure for side in sides for ref in formula.references(side)}


def _standards(catalogue: Catalogue) -> Iterable[dict[str, object]]:
    for dataset in catalogue.datasets.values():
        for measure in dataset.measures:
            if measure.kind == "standard":
                key = {"dataset_id": dataset.id, "measure_id": measure.id}
                yield from (key | dataclasses.asdict(each) for each in standards.of(measure))
