"""The catalogue: what is reported (datasets, measures, rules) and what is read (indicators).

One YAML file a dataset in data/catalogue, beside units.yaml and checks.yaml. An unknown key, a
wrong unit, a formula naming an absent measure or a missing translation is an error with file and
line.
"""

from __future__ import annotations

import string
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

import queries
from app import areas, formula, settings
from app.errors import CatalogueInvalid, UnknownName

Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
Filled = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
M = TypeVar("M", bound=BaseModel)
_COMMON = {"units.yaml", "checks.yaml"}  # the files of the catalogue that are no dataset
Clause = Literal["一", "二", "三", "四", "五", "六", "七", "八", "九", "十"]
Limits = dict[Identifier, Annotated[float, Field(ge=0)]]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)


class Text(_Strict):
    """One text in both languages."""

    zh: Filled
    en: Filled

    def __call__(self, lang: str) -> str:
        """The text in one language."""
        return self.en if lang == "en" else self.zh


class Unit(_Strict):
    """A unit: its label, and whether only whole numbers make sense in it."""

    label: Text
    whole: bool
    decimals: int = Field(ge=0, le=4)


class ByClass(_Strict):
    """A provincial minimum that goes by class of area.

    `area` is the column of the areas that holds the class, empty where it is not known;
    `standard` is what the names in standards.yaml have before `_class_` and the class.
    """

    area: Literal["dibao_class"]
    standard: Identifier


class Measure(_Strict):
    """A reported number.

    `reference` names the column of the areas that stands in where it is empty;
    `constant_within_year` marks what is set once a year, so that a change of it is doubtful.
    A standard is held against the minimum of its own name in standards.yaml unless `by_class`.
    A choice is stored as the place of what was chosen in `choices`, from 1; a date as yyyymmdd; a
    text as its number (app/intake/texts.py). `only` names the items that have the measure.
    """

    id: Identifier
    label: Text
    unit: str
    kind: Literal["stock", "flow", "standard", "choice", "date", "text"]
    choices: dict[Identifier, Text] = {}
    only: list[Identifier] | None = None
    definition: Text
    minimum: float = 0
    maximum: float | None = None
    reference: Identifier | None = None
    constant_within_year: bool = False
    by_class: ByClass | None = None

    @property
    def required(self) -> bool:
        """Whether a file must have a column for it."""
        return self.reference is None

    @property
    def numeric(self) -> bool:
        """Whether it is an amount, so that it can be added up or compared."""
        return self.kind in ("stock", "flow", "standard")

    def place(self, choice: str) -> int:
        """The number that stands for a choice."""
        return list(self.choices).index(choice) + 1


class Item(_Strict):
    """What an area reports several rows of in a quarter, such as a task; each has its clause."""

    id: Identifier
    label: Text
    clause: Clause
    definition: Text


class Rule(_Strict):
    """A comparison that every row must satisfy; `measure` is the column a finding points at."""

    id: Identifier
    severity: Literal["error", "warning"]
    holds: str
    measure: Identifier
    message: Text


class Check(_Strict):
    """A check of every upload: queries/checks/<id>.sql returns the offending rows.

    `limits` are handed to the SQL as $values; the message takes the columns of the query, {area}
    and {measure}. One that gives way says nothing of a cell that another finding points at.
    """

    severity: Literal["error", "warning"]
    label: Text
    message: Text
    limits: Limits = {}
    gives_way: bool = False


class Usual(_Strict):
    """Where a county's indicator lies unless a unit is wrong: bounds of a check, no fact."""

    low: float
    high: float


class Target(_Strict):
    """A value to reach by the end of a year (`year: each` for one that holds in every year).

    `quarter` is the quarter of the year from which it is judged.
    """

    value: float
    year: int | Literal["each"]
    quarter: int = Field(default=4, ge=1, le=4)
    source: Text


class Indicator(_Strict):
    """A figure computed from measures: factor × Σ numerator / Σ denominator at every level.

    Without a denominator it is the sum of the numerators. A percentage of a whole stays within
    100 unless it `may_exceed_100`.
    """

    id: Identifier
    label: Text
    short: Text
    unit: str
    direction: Literal["higher", "lower", "none"]
    numerator: str
    denominator: str | None = None
    factor: float = 1
    decimals: int | None = Field(default=None, ge=0, le=4)
    definition: Text
    caveat: Text | None = None
    target: Target | None = None
    may_exceed_100: bool = False
    usual: Usual | None = None


class Dataset(_Strict):
    """What is reported each quarter, one row an area, with the indicators computed from it.

    `level` is who reports. With `items` there is a row for each area and item, and the formulas are
    worked out row by row, then added up over the items. A cell is then named item.measure.
    `checks` changes limits of a check for this dataset, or switches it off (`off`).
    """

    id: Identifier
    label: Text
    clause: Clause
    clause_text: Text
    definition: Text
    level: areas.Level = "county"
    items: list[Item] = []
    measures: list[Measure] = Field(min_length=1)
    rules: list[Rule] = []
    indicators: list[Indicator] = Field(min_length=1)
    headline: list[Identifier] = Field(min_length=1, max_length=6)
    checks: dict[Identifier, Limits | Literal[False]] = {}

    def measure(self, measure_id: str) -> Measure:
        """One measure by its id, or by the name of one of its cells."""
        return self.cells[measure_id] if "." in measure_id else self._measures[measure_id]

    @cached_property
    def _measures(self) -> dict[str, Measure]:
        return {measure.id: measure for measure in self.measures}

    @cached_property
    def cells(self) -> dict[str, Measure]:
        """The measures by the names under which their cells are stored.

        With items, a measure of each that has it, named item.measure and labelled with both.
        """
        if not self.items:
            return self._measures
        return {
            f"{item.id}.{m.id}": m.model_copy(
                update={
                    "label": Text(
                        zh=f"{item.label.zh}·{m.label.zh}", en=f"{item.label.en}: {m.label.en}"
                    )
                }
            )
            for item in self.items
            for m in self.measures
            if m.only is None or item.id in m.only
        }

    @cached_property
    def clauses(self) -> frozenset[str]:
        """The clauses of the notice that the dataset answers."""
        return frozenset(item.clause for item in self.items) or frozenset([self.clause])


@dataclass(frozen=True, eq=False)  # one catalogue is another only if it is the same object
class Catalogue:
    """All datasets, indicators and checks by id, in the order of the files."""

    units: dict[str, Unit]
    datasets: dict[str, Dataset]
    indicators: dict[str, Indicator]
    dataset_of: dict[str, Dataset]
    checks: dict[str, Check]

    def dataset(self, dataset_id: str) -> Dataset:
        """One dataset; raise UnknownName with the ones that exist."""
        if dataset_id not in self.datasets:
            names = ", ".join(self.datasets)
            raise UnknownName("error.unknown_dataset", name=dataset_id, names=names)
        return self.datasets[dataset_id]

    def indicator(self, indicator_id: str) -> Indicator:
        """One indicator; raise UnknownName with the ones that exist."""
        if indicator_id not in self.indicators:
            names = ", ".join(self.indicators)
            raise UnknownName("error.unknown_indicator", name=indicator_id, names=names)
        return self.indicators[indicator_id]

    def unit(self, name: str) -> Unit:
        """One unit by its id."""
        return self.units[name]

    def checks_of(self, dataset: Dataset) -> dict[str, Check]:
        """The checks in force for a dataset, with the limits that hold there."""
        found = {}
        for name, check in self.checks.items():
            changed = dataset.checks.get(name, {})
            if changed is not False:
                found[name] = check.model_copy(update={"limits": {**check.limits, **changed}})
        return found


@cache
def load(folder: Path = settings.CATALOGUE) -> Catalogue:
    """Load and check every file of the catalogue; raise CatalogueInvalid with file and line."""
    units_file = _File(folder / "units.yaml")
    units = {
        name: units_file.model(Unit, entry, (name,)) for name, entry in units_file.data.items()
    }
    checks = _checks(_File(folder / "checks.yaml"))
    datasets: dict[str, Dataset] = {}
    indicators: dict[str, Indicator] = {}
    dataset_of: dict[str, Dataset] = {}
    files: dict[str, _File] = {}
    for path in sorted(p for p in folder.glob("*.yaml") if p.name not in _COMMON):
        file = _File(path)
        dataset = file.model(Dataset, file.data, ())
        if dataset.id != path.stem:
            raise file.error(("id",), f"the id must be the file's name, {path.stem}")
        datasets[dataset.id], files[dataset.id] = dataset, file
        for index, indicator in enumerate(dataset.indicators):
            if indicator.id in indicators:
                raise file.error(("indicators", index, "id"), f"{indicator.id} exists already")
            indicators[indicator.id] = indicator
            dataset_of[indicator.id] = dataset
    order = sorted(datasets.values(), key=lambda d: ("一二三四五六七八九十".index(d.clause), d.id))
    catalogue = Catalogue(units, {d.id: d for d in order}, indicators, dataset_of, checks)
    for dataset in order:
        _check_dataset(dataset, catalogue, files[dataset.id])
        _check_changes(dataset, catalogue, files[dataset.id])
    return catalogue


def _checks(file: _File) -> dict[str, Check]:
    checks = {name: file.model(Check, entry, (name,)) for name, entry in file.data.items()}
    for name, check in checks.items():
        try:
            wanted = queries.parameters(f"checks/{name}")
        except KeyError:
            raise file.error((name,), f"there is no queries/checks/{name}.sql") from None
        if wanted != check.limits.keys():
            names = ", ".join(sorted(wanted)) or "none"
            raise file.error((name, "limits"), f"the limits of {name} are {names}")
        try:
            fields = [_fields(text) for text in (check.message.zh, check.message.en)]
        except ValueError as error:
            raise file.error((name, "message"), str(error)) from error
        if fields[0] != fields[1]:
            raise file.error((name, "message"), "the two messages take different values")
    return checks


def _fields(text: str) -> set[str]:
    """The names of the values a message takes."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def _check_changes(dataset: Dataset, catalogue: Catalogue, file: _File) -> None:
    """Check what a dataset changes of the checks of all."""
    for name, changed in dataset.checks.items():
        if name not in catalogue.checks:
            raise file.error(("checks", name), f"there is no check {name}")
        for limit in changed or {}:
            if limit not in catalogue.checks[name].limits:
                raise file.error(("checks", name, limit), f"{name} has no limit {limit}")


def _check_dataset(dataset: Dataset, catalogue: Catalogue, file: _File) -> None:
    measures = {m.id: m for m in dataset.measures}

    def unique(place: str, key: str, names: list[str]) -> None:
        for index, name in enumerate(names):
            if name in names[:index]:
                raise file.error((place, index, key), f"{name} is there twice")

    unique("measures", "id", [m.id for m in dataset.measures])
    unique("rules", "id", [r.id for r in dataset.rules])
    unique("items", "id", [i.id for i in dataset.items])
    unique("headline", "", dataset.headline)
    for lang in ("zh", "en"):
        unique("items", "label", [i.label(lang) for i in dataset.items])
        unique("measures", "label", [m.label(lang) for m in dataset.measures])
        unique("indicators", "label", [i.label(lang) for i in dataset.indicators])
    for index, measure in enumerate(dataset.measures):
        if measure.unit not in catalogue.units:
            raise file.error(("measures", index, "unit"), f"unknown unit {measure.unit}")
        if bool(measure.choices) != (measure.kind == "choice"):
            raise file.error(("measures", index, "kind"), "a choice, and nothing else, has choices")
        for item in measure.only or []:
            if item not in {each.id for each in dataset.items}:
                raise file.error(("measures", index, "only"), f"no item {item} in {dataset.id}")
        if measure.by_class is not None and measure.kind != "standard":
            raise file.error(("measures", index, "by_class"), "only a standard goes by class")

    def check(text: str, place: tuple[str | int, ...], *, comparison: bool = False) -> None:
        try:
            used, wanted = formula.references(text), formula.targets(text)
        except formula.FormulaInvalid as error:
            raise file.error(place, str(error)) from error
        if formula.is_comparison(text) != comparison:
            wanted_form = "a rule is one comparison" if comparison else "no comparison here"
            raise file.error(place, f"{wanted_form}: {text}")
        if not used:
            raise file.error(place, f"names no measure: {text}")
        for ref in sorted(used):
            if ref.measure not in measures:
                raise file.error(place, f"no measure {ref.measure} in {dataset.id}")
            measure = measures[ref.measure]
            kind = measure.kind
            if (ref.qualifier in ("chosen", "past", "given")) != (not measure.numeric):
                raise file.error(place, f"{ref.measure} is a {kind}: {text}")
            if ref.qualifier == "chosen" and ref.choice not in measure.choices:
                raise file.error(place, f"{ref.measure} has no choice {ref.choice}")
            if (ref.qualifier == "past") > (kind == "date"):
                raise file.error(place, f"past() needs a date, {ref.measure} is a {kind}")
            if (ref.qualifier == "quarter") > (kind == "flow"):
                raise file.error(place, f"quarter() needs a flow, {ref.measure} is a {kind}")
            if (ref.qualifier == "minimum") > (kind == "standard"):
                raise file.error(place, f"minimum() needs a standard, {ref.measure} is a {kind}")
        for name in sorted(wanted):
            if name not in catalogue.indicators or catalogue.indicators[name].target is None:
                raise file.error(place, f"{name} has no target")

    for index, indicator in enumerate(dataset.indicators):
        if indicator.unit not in catalogue.units:
            raise file.error(("indicators", index, "unit"), f"unknown unit {indicator.unit}")
        if (indicator.unit == "percent") != (indicator.factor == 100):
            raise file.error(("indicators", index), "factor 100 and the unit percent go together")
        if indicator.unit == "percent" and indicator.denominator is None:
            raise file.error(("indicators", index), "a percentage needs a denominator")
        if indicator.may_exceed_100 and indicator.unit != "percent":
            raise file.error(("indicators", index, "may_exceed_100"), "only a percentage may")
        if indicator.usual is not None and indicator.usual.low >= indicator.usual.high:
            raise file.error(("indicators", index, "usual"), "low must be below high")
        check(indicator.numerator, ("indicators", index, "numerator"))
        if indicator.denominator is not None:
            check(indicator.denominator, ("indicators", index, "denominator"))
    for index, rule in enumerate(dataset.rules):
        check(rule.holds, ("rules", index, "holds"), comparison=True)
        if rule.measure not in measures:
            raise file.error(("rules", index, "measure"), f"no measure {rule.measure}")
    for index, name in enumerate(dataset.headline):
        if name not in {i.id for i in dataset.indicators}:
            raise file.error(("headline", index), f"no indicator {name} in {dataset.id}")


class _UniqueKeys(yaml.CSafeLoader):
    """A loader that refuses a key given twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise yaml.constructor.ConstructorError(
                    None, None, "a key must be a name", key.start_mark
                )
            if key.value in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key {key.value} is given twice", key.start_mark
                )
            seen.add(key.value)
        return super().construct_mapping(node, deep)


class _File:
    """A YAML file that knows the line of each of its entries."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self.text = path.read_text("utf-8")
            self.data = yaml.load(self.text, _UniqueKeys) or {}
        except FileNotFoundError as error:
            raise CatalogueInvalid(f"{path.name}: no such file") from error
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 1
            raise CatalogueInvalid(f"{path.name}, line {line}: {error.problem}") from error
        except (yaml.YAMLError, UnicodeDecodeError) as error:
            raise CatalogueInvalid(f"{path.name}: not YAML in UTF-8: {error}") from error
        if not isinstance(self.data, dict):
            raise CatalogueInvalid(f"{path.name}, line 1: keys and values are wanted")

    def model(self, model: type[M], data: object, place: tuple[str | int, ...]) -> M:
        try:
            return model.model_validate(data)
        except ValidationError as error:
            first = error.errors()[0]
            # where one of several kinds may stand, the kind that was tried is a step in brackets
            where = place + tuple(step for step in first["loc"] if "[" not in str(step))
            raise self.error(where, f"{'.'.join(map(str, where))}: {first['msg']}") from error

    def error(self, place: tuple[str | int, ...], problem: str) -> CatalogueInvalid:
        return CatalogueInvalid(f"{self.path.name}, line {self.line(place)}: {problem}")

    def line(self, place: tuple[str | int, ...]) -> int:
        node = yaml.compose(self.text, yaml.CSafeLoader)
        line = 1
        for step in place:
            child = None
            if isinstance(node, yaml.MappingNode):
                for key, value in node.value:
                    if key.value == step:
                        line, child = key.start_mark.line + 1, value
            elif isinstance(node, yaml.SequenceNode) and isinstance(step, int):
                if step < len(node.value):
                    child = node.value[step]
                    line = child.start_mark.line + 1
            if child is None:
                break
            node = child
        return line
