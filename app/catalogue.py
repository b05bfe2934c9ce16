"""The catalogue: what is reported (datasets, measures, rules) and what is read (indicators).

One YAML file a dataset in data/catalogue, beside units.yaml, checks.yaml and quality.yaml. An
unknown key, a wrong unit, a formula naming an absent measure or a missing translation is an error
with file and line.
"""

from __future__ import annotations

import string
from collections.abc import Mapping
from dataclasses import dataclass, replace
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
_COMMON = {
    "units.yaml",
    "checks.yaml",
    "quality.yaml",
}  # the files of the catalogue that are no dataset
Clause = Literal["一", "二", "三", "四", "五", "六", "七", "八", "九", "十"]
Place = tuple[str | int, ...]  # the way to an entry of a file: keys and positions
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
    """A unit: its label, and whether only whole numbers make sense in it.

    `one` is the English label of exactly one, where the label is a plural.
    """

    label: Text
    one: Filled | None = None
    whole: bool
    decimals: int = Field(ge=0, le=4)

    def counted(self, number: str, lang: str) -> str:
        """The label beside a number as it is printed: one bed, two beds."""
        alone = lang == "en" and number.lstrip("\N{MINUS SIGN}") == "1"
        return self.one if alone and self.one else self.label(lang)


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
    text as its number (app/intake/answers.py). `only` names the items that have the measure.
    `short` is its name in tight places of figures, else its label.
    `protected` counts children or disabled or ill persons: small counts are not for the public.
    """

    id: Identifier
    label: Text
    short: Text | None = None
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
    protected: bool = False

    @property
    def required(self) -> bool:
        """Whether a file must have a column for it."""
        return self.reference is None

    @property
    def name(self) -> Text:
        """Its name in tight places."""
        return self.short or self.label

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


class OutlierLimits(_Strict):
    """When an indicator is far from its own history or its peers: see quality.yaml."""

    quarters: int = Field(ge=1)
    few: int = Field(ge=3)
    own: float = Field(gt=0)
    among_peers: float = Field(gt=0)
    least_share: float = Field(ge=0)
    least_steps: float = Field(gt=0)
    least_points: float = Field(ge=0)


class RowLimits(_Strict):
    """When a whole row repeats that of the quarter before."""

    figures: int = Field(ge=1)


class RunLimits(_Strict):
    """When one measure has stood still for too long."""

    quarters: int = Field(ge=2)
    least: float = Field(gt=0)
    still: float = Field(ge=0, le=1)


class ZeroLimits(_Strict):
    """When a zero is doubtful."""

    quarters: int = Field(ge=1)
    few: int = Field(ge=1)
    least: float = Field(gt=0)
    zeros: float = Field(ge=0, le=1)


class Quality(_Strict):
    """The limits of what is doubtful among the stored, by queries/quality/<name>.sql."""

    outlier: OutlierLimits
    repeated_row: RowLimits
    repeated_run: RunLimits
    doubtful_zero: ZeroLimits


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


class Plan(_Strict):
    """What can be done to raise a share to a target, in a word for each way.

    `within`: one more counts in the numerator and the denominator stays; `added`: what is new
    counts in both. The words follow "yet to" and are counted in the unit of the numerator.
    """

    within: Text
    added: Text | None = None


class Indicator(_Strict):
    """A figure computed from measures: factor × Σ numerator / Σ denominator at every level.

    Without a denominator it is the sum of the numerators. A percentage of a whole stays within
    100 unless it `may_exceed_100`. One with a `plan` is on the page of the target planner.
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
    plan: Plan | None = None
    may_exceed_100: bool = False
    usual: Usual | None = None


class StandardsView(_Strict):
    """Each county's standards beside the provincial minimum of the year."""

    kind: Literal["standards"]
    measures: list[Identifier] = Field(min_length=1)


class GapsView(_Strict):
    """What each county lacks, most of the first indicator first."""

    kind: Literal["gaps"]
    indicators: list[Identifier] = Field(min_length=1, max_length=3)


class RemainingView(_Strict):
    """What each county has left to the whole of a percentage: denominator minus numerator.

    `left` is the heading, with {count} counties and {total}; `nothing` the one where nothing is
    left; `column` the head of the column, `note` a remark under the heading.
    """

    kind: Literal["remaining"]
    indicator: Identifier
    left: Text
    nothing: Text
    column: Text
    note: Text | None = None


class PartsView(_Strict):
    """How a whole divides into measures, in each group of areas."""

    kind: Literal["parts"]
    measures: list[Identifier] = Field(min_length=2, max_length=5)
    unit: str


class PairView(_Strict):
    """Two indicators of one unit beside each other, county by county."""

    kind: Literal["pair"]
    indicators: list[Identifier] = Field(min_length=2, max_length=2)


class FunnelView(_Strict):
    """Stages, each a part of the one before it."""

    kind: Literal["funnel"]
    measures: list[Identifier] = Field(min_length=2, max_length=4)


class TrendView(_Strict):
    """The chosen indicator over all quarters."""

    kind: Literal["trend"]


PageView = Annotated[
    StandardsView | GapsView | RemainingView | PartsView | PairView | FunnelView | TrendView,
    Field(discriminator="kind"),
]


class Dataset(_Strict):
    """What is reported each quarter, one row an area, with the indicators computed from it.

    `level` is who reports. With `items` there is a row for each area and item, and the formulas are
    worked out row by row, then added up over the items. A cell is then named item.measure.
    `views` stand on its page below map and ranking, two beside each other, in their order.
    `checks` changes limits of a check for this dataset, or switches it off (`off`). A report comes
    in time up to `due_days` after the end of its quarter; `lock_days` later its data are closed to
    analysts, and corrections need a reviewer.
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
    views: list[PageView] = Field(default=[TrendView(kind="trend")], min_length=1)
    checks: dict[Identifier, Limits | Literal[False]] = {}
    due_days: int | None = Field(default=None, ge=0, le=365)
    lock_days: int | None = Field(default=None, ge=0, le=3650)

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
    quality: Quality

    def dataset(self, dataset_id: str) -> Dataset:
        """One dataset; raise UnknownName with the ones that exist."""
        if dataset_id not in self.datasets:
            names = ", ".join(self.datasets)
            raise UnknownName("error.unknown_dataset", name=dataset_id, names=names)
        return self.datasets[dataset_id]

    def only(self, dataset_id: str) -> Catalogue:
        """The catalogue of one dataset alone."""
        dataset = self.dataset(dataset_id)
        return replace(
            self, datasets={dataset.id: dataset},
            indicators={i.id: i for i in dataset.indicators},
            dataset_of={i.id: dataset for i in dataset.indicators},
        )  # fmt: skip

    def indicator(self, indicator_id: str) -> Indicator:
        """One indicator; raise UnknownName with the ones that exist."""
        if indicator_id not in self.indicators:
            names = ", ".join(self.indicators)
            raise UnknownName("error.unknown_indicator", name=indicator_id, names=names)
        return self.indicators[indicator_id]

    def unit(self, name: str) -> Unit:
        """One unit by its id."""
        return self.units[name]

    @property
    def plannable(self) -> list[str]:
        """The indicators that can be planned for, by id."""
        return [name for name, indicator in self.indicators.items() if indicator.plan is not None]

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
    quality = _File(folder / "quality.yaml")
    doubts = quality.model(Quality, quality.data, ())
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
    order = sorted(datasets.values(), key=_order)
    catalogue = Catalogue(units, {d.id: d for d in order}, indicators, dataset_of, checks, doubts)
    for dataset in order:
        _check_dataset(dataset, catalogue, files[dataset.id])
        _check_plans(dataset, catalogue, files[dataset.id])
        _check_views(dataset, catalogue, files[dataset.id])
        _check_changes(dataset, catalogue, files[dataset.id])
    return catalogue


def _order(dataset: Dataset) -> tuple[bool, int, str]:
    """By the clauses of the notice; what runs through all of them comes last."""
    return len(dataset.clauses) > 1, "一二三四五六七八九十".index(dataset.clause), dataset.id


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
        counted = measure.kind in ("stock", "flow") and catalogue.units[measure.unit].whole
        if measure.protected and not (counted and measure.reference is None):
            raise file.error(("measures", index, "protected"), "only a reported count is protected")
        if measure.protected and (dataset.level != "county" or dataset.items):
            message = "only what a county reports in one row is protected"
            raise file.error(("measures", index, "protected"), message)

    def check(text: str, place: Place, *, comparison: bool = False) -> None:
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


def _check_plans(dataset: Dataset, catalogue: Catalogue, file: _File) -> None:
    """Check that what is to be planned for is a share of things counted at the quarter's end."""
    for index, indicator in enumerate(dataset.indicators):
        if indicator.plan is None:
            continue
        place: Place = ("indicators", index, "plan")
        if dataset.level != "county" or dataset.items:
            raise file.error(place, "a plan needs one row a county")
        if indicator.unit != "percent" or indicator.direction != "higher":
            raise file.error(place, "a plan needs a percentage, the higher the better")
        assert indicator.denominator is not None  # a percentage has one
        for side in (indicator.numerator, indicator.denominator):
            added = formula.summands(side)
            if added is None:
                raise file.error(place, f"a plan needs a measure or a sum of them: {side}")
            for name in added:
                measure = dataset.measure(name)
                if measure.kind != "stock":
                    raise file.error(place, f"a plan needs stocks, {name} is a {measure.kind}")
                if not catalogue.units[measure.unit].whole:
                    raise file.error(place, f"a plan needs whole numbers, {name} has none")


def _check_views(dataset: Dataset, catalogue: Catalogue, file: _File) -> None:
    """Check that the views of a dataset's page show what it has and what goes together."""
    measures = {m.id: m for m in dataset.measures}
    indicators = {i.id: i for i in dataset.indicators}

    def known(key: str, names: list[str], have: Mapping[str, object], place: Place) -> None:
        for position, name in enumerate(names):
            if name not in have:
                word = key.removesuffix("s")
                raise file.error((*place, key, position), f"no {word} {name} in {dataset.id}")
            if name in names[:position]:
                raise file.error((*place, key, position), f"{name} is there twice")

    def alike(key: str, what: str, found: list[str], place: Place) -> None:
        for position, value in enumerate(found):
            if value != found[0]:
                raise file.error(
                    (*place, key, position), f"one {what} is wanted, not {found[0]} and {value}"
                )

    for index, view in enumerate(dataset.views):
        place: Place = ("views", index)
        match view:
            case StandardsView() | PartsView() | FunnelView():
                known("measures", view.measures, measures, place)
                kinds = [str(measures[name].kind) for name in view.measures]
                for position, kind in enumerate(kinds):
                    if (kind == "standard") != (view.kind == "standards"):
                        name = view.measures[position]
                        message = f"{name} is a {kind}, which no view {view.kind} shows"
                        raise file.error((*place, "measures", position), message)
                alike("measures", "kind", kinds, place)
                units = [measures[name].unit for name in view.measures]
                if isinstance(view, PartsView) and view.unit not in catalogue.units:
                    raise file.error((*place, "unit"), f"unknown unit {view.unit}")
                if isinstance(view, PartsView) and view.unit != units[0]:
                    message = f"{view.measures[0]} is in {units[0]}, not {view.unit}"
                    raise file.error((*place, "unit"), message)
                alike("measures", "unit", units, place)
            case GapsView() | PairView():
                known("indicators", view.indicators, indicators, place)
                alike("indicators", "unit", [indicators[i].unit for i in view.indicators], place)
            case RemainingView():
                if view.indicator not in indicators:
                    message = f"no indicator {view.indicator} in {dataset.id}"
                    raise file.error((*place, "indicator"), message)
                if indicators[view.indicator].unit != "percent":
                    message = f"{view.indicator} is no percentage of a whole"
                    raise file.error((*place, "indicator"), message)
                _check_texts(view, file, place)


def _check_texts(view: RemainingView, file: _File, place: Place) -> None:
    """Check that the heading takes the two numbers it is given, and the other texts none."""
    texts = {"left": view.left, "nothing": view.nothing, "column": view.column, "note": view.note}
    for key, text in texts.items():
        wanted = {"count", "total"} if key == "left" else set()
        for lang, words in (("zh", text.zh), ("en", text.en)) if text is not None else ():
            try:
                taken = _fields(words)
            except ValueError as error:
                raise file.error((*place, key, lang), str(error)) from error
            if taken != wanted:
                names = " and ".join(f"{{{name}}}" for name in sorted(wanted)) or "no value"
                raise file.error((*place, key, lang), f"{key} takes {names}")


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

    def model(self, model: type[M], data: object, place: Place) -> M:
        try:
            return model.model_validate(data)
        except ValidationError as error:
            first = error.errors()[0]
            where = place + self._steps(data, first["loc"])
            raise self.error(where, f"{'.'.join(map(str, where))}: {first['msg']}") from error

    def _steps(self, data: Any, loc: Place) -> Place:
        """The steps to an entry without those that name the kind that was tried there.

        That is in brackets for one of several types, and what `kind` says for a view.
        """
        steps: list[str | int] = []
        for step in loc:
            if "[" in str(step):
                continue
            if isinstance(data, dict):
                if step not in data and step == data.get("kind"):
                    continue
                data = data.get(step)
            elif isinstance(data, list) and isinstance(step, int):
                data = data[step]
            steps.append(step)
        return tuple(steps)

    def error(self, place: Place, problem: str) -> CatalogueInvalid:
        return CatalogueInvalid(f"{self.path.name}, line {self.line(place)}: {problem}")

    def line(self, place: Place) -> int:
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
