"""Whether the entries of a dataset agree with each other, with the units and the targets."""

from __future__ import annotations

from app import formula, townships
from app.catalogue.dataset import Dataset
from app.catalogue.whole import Catalogue
from app.catalogue.yaml_file import File, Place


def require(dataset: Dataset, catalogue: Catalogue, file: File) -> None:
    """Raise CatalogueInvalid unless a dataset is sound."""
    if dataset.level == "township" and not townships.load():
        message = f"townships report, and there is no {townships.FILE} beside areas.csv"
        raise file.error(("level",), message)
    _names(dataset, file)
    _measures(dataset, catalogue, file)
    _indicators(dataset, catalogue, file)
    _rules(dataset, catalogue, file)
    for index, name in enumerate(dataset.headline):
        if name not in {i.id for i in dataset.indicators}:
            raise file.error(("headline", index), f"no indicator {name} in {dataset.id}")
    _plans(dataset, catalogue, file)


def _names(dataset: Dataset, file: File) -> None:
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


def _measures(dataset: Dataset, catalogue: Catalogue, file: File) -> None:
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
        if measure.protected and (dataset.level == "city" or dataset.items):
            message = "only what a county reports in one row is protected"
            raise file.error(("measures", index, "protected"), message)


def _indicators(dataset: Dataset, catalogue: Catalogue, file: File) -> None:
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
        numerator: Place = ("indicators", index, "numerator")
        _formula(indicator.numerator, numerator, dataset, catalogue, file)
        if indicator.denominator is not None:
            denominator: Place = ("indicators", index, "denominator")
            _formula(indicator.denominator, denominator, dataset, catalogue, file)


def _rules(dataset: Dataset, catalogue: Catalogue, file: File) -> None:
    for index, rule in enumerate(dataset.rules):
        holds: Place = ("rules", index, "holds")
        _formula(rule.holds, holds, dataset, catalogue, file, comparison=True)
        if rule.measure not in {m.id for m in dataset.measures}:
            raise file.error(("rules", index, "measure"), f"no measure {rule.measure}")


def _formula(
    text: str, place: Place, dataset: Dataset, catalogue: Catalogue, file: File, *,
    comparison: bool = False,
) -> None:  # fmt: skip
    """Check that a formula is in the grammar and asks of each measure what its kind can answer."""
    try:
        used, wanted = formula.references(text), formula.targets(text)
    except formula.FormulaInvalid as error:
        raise file.error(place, str(error)) from error
    if formula.is_comparison(text) != comparison:
        wanted_form = "a rule is one comparison" if comparison else "no comparison here"
        raise file.error(place, f"{wanted_form}: {text}")
    if not used:
        raise file.error(place, f"names no measure: {text}")
    measures = {m.id: m for m in dataset.measures}
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


def _plans(dataset: Dataset, catalogue: Catalogue, file: File) -> None:
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
