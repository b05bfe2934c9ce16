"""Sentences made from figures by templates: what is printed agrees with what is traced.

Nothing is said that the figures do not carry: a missing base is named, a change over fewer areas
says over how many, and what has no direction is neither good nor bad.
"""

from __future__ import annotations

from collections.abc import Sequence

from app import findings, formats
from app.briefing.facts import BEFORE, OPEN, REACHED, Before, Fact, Rank, no_base
from app.briefing.parts import Piece, Quantity, Told
from app.briefing.phrases import sentence, text, told
from app.briefing.wording import (
    areas_of,
    count,
    distance,
    gap,
    name,
    place,
    target,
    target_year,
    value,
    when,
)


def statement(fact: Fact, place: str = "", *, dated: bool = True, short: bool = False) -> Told:
    """What the figure is, of how many areas, or why there is none."""
    lang = fact.lang
    label = name(fact.indicator, lang, short=short)
    said = {"place": place, "indicator": label, "when": when(fact) if dated else ""}
    where = "of_place" if place else "alone"
    if not fact.known:
        return told(f"{where}.{fact.status}", lang, **said)
    return told(f"{where}.value", lang, **said, value=value(fact), coverage=coverage(fact))


def coverage(fact: Fact) -> Told:
    """How many areas have a value, where some of a group have none."""
    if not fact.partial:
        return ()
    number = fact.number(formats.number(fact.valued), "areas_valued", float(fact.valued))
    word = areas_of(fact.valued, fact.reporters, fact.lang)
    return told("coverage", fact.lang, reporting=number, areas=word)


def changes(fact: Fact) -> list[Told]:
    """Clauses on the change on the quarter and the year before, or why there is none."""
    if not fact.known:
        return []
    reasons = {before: no_base(fact, before) for before in BEFORE}
    if reasons["previous"] == reasons["year"] == "missing":
        return [told("no_base.both", fact.lang)]
    return [clause for before in BEFORE if (clause := change(fact, before))]


def change(fact: Fact, before: Before) -> Told:
    """The clause on one change; nothing is said of what is never compared."""
    lang, base, reason = fact.lang, fact.base(before), no_base(fact, before)
    since = text(f"since.{before}", lang)
    if reason is not None:
        word = text(f"{fact.reporters}_noun", lang)
        return told(f"no_base.{before}.{reason}", lang, areas=word)
    amount = base.change
    assert amount is not None
    indicator = fact.indicator
    shown = formats.rounded(amount, formats.decimals_of(indicator.unit, indicator.decimals))
    quantity: Quantity = "change_previous" if before == "previous" else "change_year"
    if shown == 0:
        same = fact.number(text("same", lang), quantity, amount)
        clause = told("unmoved", lang, beside=text(f"beside.{before}", lang), same=same)
    else:
        number = fact.number(distance(amount, indicator, lang), quantity, amount)
        verb = findings.verb(indicator, shown > 0, lang)
        clause = told("moved", lang, since=since, verb=verb, amount=number)
    if fact.level == "county" or base.matched == fact.reporting == base.reporting:
        return clause
    if base.matched == fact.reporting:  # those of the figure itself; more or others were known then
        return told("same_areas", lang, moved=clause)
    matched = count(fact, base.matched, f"with_{before}")
    word = areas_of(base.matched, fact.reporters, lang)
    return told("like_for_like", lang, count=matched, areas=word, moved=clause)


def against_target(fact: Fact) -> Told:
    """How far from its target a figure is; a target before its year is only a distance."""
    aim, lang = fact.indicator.target, fact.lang
    if aim is None or fact.gap is None or fact.target_status == "none":
        return ()
    if fact.target_status == REACHED:
        return told("target.met_zero", lang) if aim.value == 0 else told(
            "target.met", lang, target=target(fact)
        )  # fmt: skip
    if aim.value == 0:  # the figure itself is the distance
        return told(f"target.zero_{'not_due' if fact.target_status == OPEN else 'due'}", lang)
    side = "lower" if fact.indicator.direction == "lower" else "higher"
    values: dict[str, Piece] = {"target": target(fact), "gap": gap(fact)}
    if fact.target_status != OPEN:
        return told(f"target.{side}_due", lang, **values)
    if aim.year == "each":
        return told(f"target.{side}_of_year", lang, **values)
    return told(f"target.{side}_not_due", lang, **values, year=target_year(fact))


def ranked(fact: Fact, rank: Rank, among: str) -> Told:
    """The place in a group; `among` is its name in words."""
    lang = fact.lang
    of_count = count(fact, rank.count, "ranked", within=rank.within)
    return told("ranked", lang, rank=place(fact, rank), count=of_count, among=among)


def whole(fact: Fact, where: str = "", *, dated: bool = True, ranks: Sequence[Told] = ()) -> Told:
    """A sentence with all that is to be said of a figure."""
    clauses = [statement(fact, where, dated=dated), *changes(fact), against_target(fact), *ranks]
    return sentence(*clauses, lang=fact.lang)
