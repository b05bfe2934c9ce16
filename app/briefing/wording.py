"""Indicators, spans and single numbers as they are worded in running text."""

from __future__ import annotations

from app import areas, formats, periods
from app.briefing.facts import Fact, Rank, basis
from app.briefing.parts import Number
from app.briefing.phrases import text
from app.catalogue import Indicator
from app.i18n import t


def name(indicator: Indicator, lang: str, *, short: bool = False) -> str:
    """An indicator in running text, with the span it is of where its name does not say so."""
    label = (indicator.short if short else indicator.label)(lang)
    label = label[:1].lower() + label[1:] if lang == "en" else label
    of = basis(indicator.id)
    said = text("quarter_word", lang) in label
    return label if of == "stock" or (of == "quarter" and said) else text(
        f"of_{of}", lang, indicator=label
    )  # fmt: skip


def when(fact: Fact) -> str:
    """Of which moment or span a figure is."""
    of = "quarter" if basis(fact.indicator.id) == "quarter" else "stock"
    return text(f"when_{of}", fact.lang, period=periods.label(fact.period, fact.lang))


def value(fact: Fact) -> Number:
    """The figure with its unit; a large amount of yuan in 万元 or 亿元."""
    unit, decimals = fact.indicator.unit, fact.indicator.decimals
    if unit == "yuan":
        shown = formats.in_text(fact.value, unit, fact.lang, fact.status)
    else:
        shown = formats.value(fact.value, unit, fact.lang, fact.status, decimals)
    return fact.number(shown, "value", fact.value)


def target(fact: Fact) -> Number:
    """The target with its unit."""
    aim = fact.indicator.target
    assert aim is not None
    shown = formats.target(aim.value, fact.indicator.unit, fact.lang)
    return fact.number(shown, "target", aim.value)


def target_year(fact: Fact) -> Number:
    """The year of a target that has one."""
    aim = fact.indicator.target
    assert aim is not None and aim.year != "each"
    shown = text("year", fact.lang, year=aim.year)
    return fact.number(shown, "target", float(aim.year), of="year")


def gap(fact: Fact) -> Number:
    """The distance from the target, without a sign; one that is not nothing is never printed 0."""
    assert fact.gap is not None
    indicator, lang = fact.indicator, fact.lang
    decimals = formats.decimals_of(indicator.unit, indicator.decimals)
    shown = distance(fact.gap, indicator, lang)
    if fact.gap != 0 and formats.rounded(fact.gap, decimals) == 0:
        least = formats.difference(10.0**-decimals, indicator.unit, lang, indicator.decimals)
        shown = text("less_than", lang, amount=least)
    return fact.number(shown, "gap", fact.gap)


def count(
    fact: Fact, amount: int, of: str, *, within: str = "", shown: str | None = None
) -> Number:
    """How many areas of the group something holds of."""
    return fact.number(
        formats.number(amount) if shown is None else shown, "count", float(amount),
        within=within, of=of,
    )  # fmt: skip


def areas_of(amount: int, reporters: areas.Level, lang: str) -> str:
    """The word for so many of those who report: 个县, 个市, county, counties."""
    return text(f"{reporters}_one" if amount == 1 else f"{reporters}_many", lang)


def place(fact: Fact, rank: Rank) -> Number:
    """A place as it is written, ties told."""
    shown = t("figure.tied" if rank.tied else "figure.rank", fact.lang, rank=rank.place)
    return fact.number(shown, "rank", float(rank.place), within=rank.within)


def distance(difference: float, indicator: Indicator, lang: str) -> str:
    """A difference without its sign; a large amount of yuan in 万元 or 亿元."""
    if indicator.unit == "yuan":
        return formats.in_text(abs(difference), indicator.unit, lang)
    return formats.difference(difference, indicator.unit, lang, indicator.decimals)
