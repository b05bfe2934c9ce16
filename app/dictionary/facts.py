"""An entry as lines under headings, the same in a file and on the command line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app import formats, notice
from app.dictionary.entries import Dictionary, Entry, IndicatorEntry, MeasureEntry, Standard
from app.i18n import t


@dataclass(frozen=True)
class Fact:
    """What an entry says under one heading."""

    key: str
    heading: str
    lines: tuple[str, ...]


def facts(entry: Entry, lang: str) -> list[Fact]:
    """Everything an entry says, heading by heading; a heading with nothing to say is absent."""
    found = []
    for key, lines in _facts(entry, lang):
        if told := tuple(line for line in lines if line):
            found.append(Fact(key, t(f"dictionary.{key}", lang), told))
    return found


def _facts(entry: Entry, lang: str) -> Iterator[tuple[str, Sequence[str]]]:
    yield "id", [entry.id]
    if lang != "en":
        yield "label_en", [entry.label_en]
    yield "definition", [entry.definition]
    if isinstance(entry, IndicatorEntry):
        yield "formula", [entry.formula]
    yield "unit", [entry.unit]
    if isinstance(entry, MeasureEntry):
        yield "kind", [entry.kind]
    if isinstance(entry, IndicatorEntry):
        yield "direction", [entry.direction]
        yield "period", [entry.period]
        yield "grouping", [entry.grouping]
        yield "target", [target(entry, lang)]
        yield "caveat", [entry.caveat or ""]
    yield "dataset", [entry.dataset]
    yield "reported_by", [entry.reported_by]
    yield "clause", [clause(entry, lang)]
    if isinstance(entry, IndicatorEntry):
        yield "measures", measures(entry, lang)
    if isinstance(entry, MeasureEntry):
        yield "used_by", [used_by(entry, lang)]
    yield "standards", [standard(each, lang) for each in entry.standards]


def target(entry: IndicatorEntry, lang: str) -> str:
    """The target with its year and source, or that there is none."""
    if entry.target is None:
        return t("page.no_target", lang)
    return t(
        "page.target_source", lang, value=entry.target.value, when=entry.target.year,
        source=entry.target.source,
    )  # fmt: skip


def clause(entry: Entry, lang: str) -> str:
    """The clause of the notice that asks for an entry, with its words."""
    return t(
        "page.clause_text", lang, clause=notice.number(entry.clause, lang), text=entry.clause_text
    )


def measures(entry: IndicatorEntry, lang: str) -> list[str]:
    """The measures an indicator uses, one a line."""
    return [
        t(
            "dictionary.measure_line", lang, label=each.label, unit=each.unit, kind=each.kind,
            definition=each.definition,
        )
        for each in entry.measures
    ]  # fmt: skip


def used_by(entry: MeasureEntry, lang: str) -> str:
    """The indicators that use a measure, or that none does."""
    named = t("finding.and", lang).join(each.label for each in entry.used_by)
    return named or t("dictionary.unused", lang)


def standard(each: Standard, lang: str) -> str:
    """A provincial minimum with its source."""
    return t(
        "dictionary.standard_line", lang, year=each.year, measure=each.measure, unit=each.unit,
        area_class=f" {each.area_class}" if each.area_class else "",
        value=amount(each.value), source=each.source,
    )  # fmt: skip


def amount(value: float) -> str:
    """A standard as it is set, to the tenth of a yuan where it has one."""
    return formats.number(value, 0 if float(value).is_integer() else 1)


def all_standards(dictionary: Dictionary) -> list[Standard]:
    """Every provincial minimum that a measure of the dictionary is held against."""
    own = [s for entry in dictionary.measures for s in entry.standards]
    used = [s for entry in dictionary.indicators for s in entry.standards]
    return list(dict.fromkeys(own + used))
