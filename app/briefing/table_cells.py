"""Cells and heads of tables made from figures: the unit stands in the head."""

from __future__ import annotations

from app import catalogue, formats, palette
from app.briefing.facts import Before, Fact, Rank, basis, no_base
from app.briefing.parts import Quantity, Told
from app.briefing.phrases import merged, text, told
from app.briefing.wording import count, target, target_year
from app.catalogue import Indicator


def cell(fact: Fact) -> Told:
    """The figure without its unit, or the mark of why there is none."""
    indicator = fact.indicator
    shown = formats.value(
        fact.value, indicator.unit, fact.lang, fact.status, indicator.decimals, with_unit=False
    )
    return (fact.number(shown, "value", fact.value),)


def with_sign(shown: Told, fact: Fact) -> Told:
    """A cell with the sign of the verdict beside it."""
    sign = palette.STATUSES[fact.target_status].sign
    return merged([*shown, text("signed", fact.lang, sign=sign)]) if sign else shown


def change_cell(fact: Fact, before: Before) -> Told:
    """A change with ▲ or ▼; a mark where there is none or none is ever taken."""
    indicator, base, lang = fact.indicator, fact.base(before), fact.lang
    quantity: Quantity = "change_previous" if before == "previous" else "change_year"
    reason = no_base(fact, before)
    if reason is not None:
        never = fact.known and reason in ("cumulative", "not_applicable")
        mark = formats.mark("not_applicable" if never else "missing", lang)
        return (fact.number(mark, quantity),)
    shown = formats.change(base.change, indicator.unit, lang, indicator.decimals, with_unit=False)
    return (fact.number(shown, quantity, base.change),)


def target_cell(fact: Fact) -> Told:
    """The target and its year; nothing where there is none."""
    aim = fact.indicator.target
    if aim is None:
        return (text("no_target", fact.lang),)
    if aim.year == "each":
        return told("target_each", fact.lang, target=target(fact))
    return told("target_by", fact.lang, target=target(fact), year=target_year(fact))


def gap_cell(fact: Fact) -> Told:
    """The distance from the target with + or −, its verdict beside it."""
    if fact.gap is None:
        return ("",)
    indicator = fact.indicator
    shown = formats.signed(fact.gap, indicator.unit, fact.lang, indicator.decimals)
    return (fact.number(shown, "gap", fact.gap),)


def rank_cell(fact: Fact, rank: Rank | None) -> Told:
    """A place and of how many; a mark where there is no value, nothing without a direction."""
    if rank is None:
        if fact.indicator.direction == "none":
            return (text("no_rank", fact.lang),)
        return (
            formats.mark(fact.status if fact.status in formats.MARKS else "missing", fact.lang),
        )
    of_count = count(fact, rank.count, "ranked", within=rank.within)
    shown = text("tied_place" if rank.tied else "place", fact.lang, rank=rank.place)
    number = fact.number(shown, "rank", float(rank.place), within=rank.within)
    return told("place_of", fact.lang, rank=number, count=of_count)


def head(indicator: Indicator, lang: str) -> str:
    """An indicator with its unit and span, as the head of a row or column."""
    label = indicator.short(lang)
    of = basis(indicator.id)
    if of == "quarter" and text("quarter_word", lang) in label:
        of = "stock"  # the name says it
    unit = catalogue.load().unit(indicator.unit).label(lang)
    return text(f"head_{of}", lang, indicator=label, unit=unit)
