"""The entries of the dictionary in one language: every indicator and measure of the catalogue."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from app import formats, formula, formula_words, notice, standards
from app.catalogue import Catalogue, Dataset, Indicator, Measure
from app.formula import Reference
from app.i18n import LANGUAGES, t

# How the periods of measures are told, in the order in which an entry tells them
_PERIODS = ("quarter", "to_date", "end", "year", "minimum")


@dataclass(frozen=True)
class Standard:
    """A provincial minimum with its source; `area_class` is empty where it holds everywhere."""

    measure: str
    year: int
    area_class: str
    value: float
    unit: str
    status: str
    source: str


@dataclass(frozen=True)
class Target:
    """A target as a reader sees it: value with unit, year, source."""

    value: str
    year: str
    source: str


@dataclass(frozen=True)
class Used:
    """A measure as an indicator uses it; `id` is that of its entry."""

    id: str
    label: str
    definition: str
    unit: str
    kind: str


@dataclass(frozen=True)
class Named:
    """Another entry by its id and name."""

    id: str
    label: str


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What an indicator and a measure have in common.

    `names` are all names of the entry in both languages, `related` those of what belongs to it.
    """

    id: str
    label: str
    label_zh: str
    label_en: str
    dataset_id: str
    dataset: str
    clause: str
    clause_text: str
    definition: str
    unit: str
    reported_by: str
    standards: tuple[Standard, ...]
    names: tuple[str, ...]
    related: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class IndicatorEntry(Entry):
    """An indicator: how it is computed, for which time, against what."""

    short: str
    formula: str
    direction: str
    period: str
    grouping: str
    weighted: bool
    target: Target | None
    caveat: str | None
    measures: tuple[Used, ...]


@dataclass(frozen=True, kw_only=True)
class MeasureEntry(Entry):
    """A measure: what is reported, and which indicators use it. Its id has the dataset's before."""

    kind: str
    used_by: tuple[Named, ...]


@dataclass(frozen=True, eq=False)
class Dictionary:
    """All entries in one language, in the order of the notice's clauses."""

    lang: str
    indicators: tuple[IndicatorEntry, ...]
    measures: tuple[MeasureEntry, ...]

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The indicators, then the measures."""
        return (*self.indicators, *self.measures)

    def of(self, name: str) -> tuple[Entry, ...]:
        """The entries under an id; a measure's own id may be that of several datasets."""
        exact = tuple(entry for entry in self.entries if entry.id == name)
        return exact or tuple(m for m in self.measures if m.id.partition(".")[2] == name)

    def only(self, entries: Iterable[Entry]) -> Dictionary:
        """The dictionary of some entries alone."""
        ids = {entry.id for entry in entries}
        return Dictionary(
            self.lang,
            tuple(i for i in self.indicators if i.id in ids),
            tuple(m for m in self.measures if m.id in ids),
        )


@cache
def load(catalogue: Catalogue, lang: str) -> Dictionary:
    """The dictionary of a catalogue in one language."""
    datasets = catalogue.datasets.values()
    return Dictionary(
        lang,
        tuple(_indicator(catalogue, d, i, lang) for d in datasets for i in d.indicators),
        tuple(_measure(catalogue, d, m, lang) for d in datasets for m in d.measures),
    )


def measure_entry(dataset: Dataset, measure_id: str) -> str:
    """The id of a measure's entry."""
    return f"{dataset.id}.{measure_id}"


def _indicator(
    catalogue: Catalogue, dataset: Dataset, indicator: Indicator, lang: str
) -> IndicatorEntry:
    references = _references(indicator)
    used = [m for m in dataset.measures if m.id in {ref.measure for ref in references}]
    weights = _weights(dataset, indicator)
    minimums = [m for m in used if Reference(m.id, "minimum") in references]
    return IndicatorEntry(
        id=indicator.id,
        label=indicator.label(lang),
        label_zh=indicator.label.zh,
        label_en=indicator.label.en,
        dataset_id=dataset.id,
        dataset=dataset.label(lang),
        clause=dataset.clause,
        clause_text=dataset.clause_text(lang),
        definition=indicator.definition(lang),
        unit=catalogue.unit(indicator.unit).label(lang),
        reported_by=_reported_by(dataset, lang),
        standards=tuple(s for m in minimums for s in _standards(catalogue, m, lang)),
        names=tuple(
            [indicator.id, *map(indicator.label, LANGUAGES), *map(indicator.short, LANGUAGES)]
        ),
        related=tuple(
            [dataset.id, *map(dataset.label, LANGUAGES)]
            + [name for m in used for name in (m.id, *map(m.label, LANGUAGES))]
        ),
        short=indicator.short(lang),
        formula=formula_words.in_words(indicator, dataset, lang),
        direction=t(f"direction.{indicator.direction}", lang),
        period=_period(dataset, references, lang),
        grouping=_grouping(indicator, weights, lang),
        weighted=bool(weights),
        target=_target(indicator, lang),
        caveat=indicator.caveat(lang) if indicator.caveat else None,
        measures=tuple(
            Used(
                measure_entry(dataset, m.id), m.label(lang), m.definition(lang),
                catalogue.unit(m.unit).label(lang), _kind(m, lang),
            )
            for m in used
        ),
    )  # fmt: skip


def _measure(catalogue: Catalogue, dataset: Dataset, measure: Measure, lang: str) -> MeasureEntry:
    using = [i for i in dataset.indicators if measure.id in {ref.measure for ref in _references(i)}]
    return MeasureEntry(
        id=measure_entry(dataset, measure.id),
        label=measure.label(lang),
        label_zh=measure.label.zh,
        label_en=measure.label.en,
        dataset_id=dataset.id,
        dataset=dataset.label(lang),
        clause=dataset.clause,
        clause_text=dataset.clause_text(lang),
        definition=measure.definition(lang),
        unit=catalogue.unit(measure.unit).label(lang),
        reported_by=_reported_by(dataset, lang),
        standards=tuple(_standards(catalogue, measure, lang)),
        names=(measure.id, measure_entry(dataset, measure.id), *map(measure.label, LANGUAGES)),
        related=(dataset.id, *map(dataset.label, LANGUAGES)),
        kind=_kind(measure, lang),
        used_by=tuple(Named(i.id, i.label(lang)) for i in using),
    )


def _references(indicator: Indicator) -> set[Reference]:
    return {ref for side in _sides(indicator) for ref in formula.references(side)}


def _sides(indicator: Indicator) -> list[str]:
    return [side for side in (indicator.numerator, indicator.denominator) if side]


def _weights(dataset: Dataset, indicator: Indicator) -> list[Measure]:
    """The measures that weight a standard, so that it can be computed for several areas."""
    rates = {m.id for m in dataset.measures if m.kind == "standard"}
    found = {w for side in _sides(indicator) for w in formula.multiplied_with(side, rates)}
    return [m for m in dataset.measures if m.id in found]


def _target(indicator: Indicator, lang: str) -> Target | None:
    if indicator.target is None:
        return None
    return Target(
        formats.target(indicator.target.value, indicator.unit, lang),
        formats.target_year(indicator.target.year, lang),
        indicator.target.source(lang),
    )


def _grouping(indicator: Indicator, weights: Sequence[Measure], lang: str) -> str:
    if indicator.denominator is None:
        return t("dictionary.grouping_sum", lang)
    if not weights:
        return t("dictionary.grouping_ratio", lang)
    named = t("finding.and", lang).join(m.label(lang) for m in weights)
    return t("dictionary.grouping_weighted", lang, measures=named)


def _period(dataset: Dataset, references: set[Reference], lang: str) -> str:
    """The time a figure is for: the state at the quarter's end, its own amount, year to date."""
    by_rule: dict[str, list[str]] = {}
    for measure in dataset.measures:
        for ref in sorted(references):
            if ref.measure == measure.id:
                by_rule.setdefault(_rule(ref, measure), []).append(measure.label(lang))
    if len(by_rule) == 1:
        return t(f"dictionary.period_{next(iter(by_rule))}", lang)
    return t("dictionary.then", lang).join(
        t(
            "dictionary.period_of", lang, rule=t(f"dictionary.period_{rule}", lang),
            measures=t("finding.and", lang).join(by_rule[rule]),
        )
        for rule in _PERIODS if rule in by_rule
    )  # fmt: skip


def _rule(reference: Reference, measure: Measure) -> str:
    if reference.qualifier in ("quarter", "minimum"):
        return reference.qualifier
    if measure.kind == "flow":
        return "to_date"
    return "year" if measure.constant_within_year else "end"


def _reported_by(dataset: Dataset, lang: str) -> str:
    """Who reports a dataset and how often: one row an area and quarter."""
    each = "item" if dataset.items else dataset.level
    return t(f"dictionary.reported_by_{each}", lang, dataset=dataset.label(lang))


def _kind(measure: Measure, lang: str) -> str:
    return t(f"template.kind_{measure.kind}", lang)


def _standards(catalogue: Catalogue, measure: Measure, lang: str) -> Iterable[Standard]:
    for each in standards.cited(measure):
        area_class = each.minimum.area_class
        yield Standard(
            measure.label(lang),
            each.minimum.year,
            t("dictionary.area_class", lang, area_class=area_class) if area_class else "",
            each.minimum.value,
            catalogue.unit(measure.unit).label(lang),
            t(f"dictionary.status.{each.status}", lang),
            each.citation(lang),
        )


def clause_title(clause: str, lang: str) -> str:
    """A clause of the notice with its title."""
    return t(
        "clause.heading",
        lang,
        clause=notice.number(clause, lang),
        title=notice.load().clause(clause).title(lang),
    )
