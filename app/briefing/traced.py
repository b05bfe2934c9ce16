"""Traces in words: what a number is of, where, when and from which vintage."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from app import audience, catalogue, formats, periods, scopes
from app.briefing.parts import Briefing, Number, Trace
from app.i18n import LANGUAGES, t

_POINTS = ("change_previous", "change_year", "gap")


def indicator(trace: Trace, lang: str) -> str:
    """The name of the indicator or dataset; its id where the catalogue no longer has it."""
    known, name = catalogue.load(), trace.indicator
    if name in known.indicators:
        return known.indicators[name].label(lang)
    return known.datasets[name].label(lang) if name in known.datasets else name


def area(trace: Trace, lang: str) -> str:
    """The name of the area."""
    return _group(f"{trace.level}/{trace.area_code}", lang)


def within(trace: Trace, lang: str) -> str:
    """The name of the group in which a rank or a count was taken; empty for other numbers."""
    if trace.within.startswith("peers/"):
        county = _group(trace.within.replace("peers/", "county/"), lang)
        return t("native.peers", lang, county=county)
    return _group(trace.within, lang) if trace.within else ""


def period(trace: Trace, lang: str) -> str:
    """The quarter in words."""
    return periods.label(trace.period, lang) if trace.period else ""


def quantity(trace: Trace, lang: str) -> str:
    """What of the indicator the number is."""
    return t(f"native.quantity.{trace.quantity}", lang)


def what(trace: Trace, lang: str) -> str:
    """The same with what was counted, and in which group a rank or a count was taken."""
    kind, _, place = trace.of.partition("_at_")  # of a rank at which some are left out
    told = t(f"native.counted.{kind}", lang, place=place) if kind else quantity(trace, lang)
    return t("native.what", lang, what=told, group=within(trace, lang)) if trace.within else told


def unit(trace: Trace, lang: str) -> str:
    """The unit of the number; empty for a count or a part, whose unit is not the indicator's."""
    found = catalogue.load().indicators.get(trace.indicator)
    if found is None or trace.of or trace.quantity not in ("value", "target", *_POINTS):
        return ""
    if found.unit == "percent" and trace.quantity in _POINTS:
        return t("format.points", lang)
    return catalogue.load().unit(found.unit).label(lang)


def decimals(trace: Trace) -> int:
    """The decimals with which the number is printed unless its text says so."""
    found = catalogue.load().indicators.get(trace.indicator)
    if found is None or trace.of or trace.quantity not in ("value", "target", *_POINTS):
        return 0
    return formats.decimals_of(found.unit, found.decimals)


def value(number: Number, lang: str) -> float | None:
    """The unrounded value; None where a mark is printed instead, so that none is given away."""
    amount = number.trace.value
    if amount is None or not math.isfinite(amount):
        return None
    marks = {formats.mark(status, each) for status in formats.MARKS for each in LANGUAGES}
    return None if number.shown.strip() in marks else amount


def exact(amount: float) -> str:
    """An amount with all the digits that it is known to."""
    return f"{amount:.15g}".replace("-", "\N{MINUS SIGN}")


def mark(briefing: Briefing) -> str:
    """For whom the briefing is."""
    return audience.mark(briefing.hidden_below, briefing.request.lang)


def facts(briefing: Briefing, numbers: Iterable[Number] = (), most: int = 3) -> str:
    """Source, vintage and for whom it is in one line.

    The source is what the numbers were reported in, of which at most so many are named.
    """
    lang, known = briefing.request.lang, catalogue.load().dataset_of
    found = dict.fromkeys(
        known[n.trace.indicator].label(lang) for n in numbers if n.trace.indicator in known
    )
    vintage = t("export.vintage", lang, vintage=briefing.vintage)
    vintage = t("export.origin", lang, vintage=vintage, mark=mark(briefing))
    if not found:
        return f"{periods.label(briefing.request.period, lang)} · {vintage}"
    names = t("native.and", lang).join(list(found)[:most])
    if len(found) > most:
        names = t("native.several", lang, names=names, count=len(found))
    return t("caption.footer", lang, dataset=names, vintage=vintage)


def told(numbers: Iterable[Number], lang: str) -> list[str]:
    """The traces of numbers as lines: what they have in common, then the number of each area."""
    lines: dict[tuple[str, ...], list[str]] = {}
    for number in numbers:
        trace = number.trace
        common = [indicator(trace, lang), trace.indicator, what(trace, lang)]
        common += [period(trace, lang), t("export.vintage", lang, vintage=trace.vintage)]
        amount = value(number, lang)
        unrounded = "" if amount is None else t("native.exact", lang, value=exact(amount))
        each = t(
            "native.number", lang, area=area(trace, lang), code=trace.area_code,
            shown=number.shown, exact=unrounded,
        )  # fmt: skip
        lines.setdefault(tuple(filter(None, common)), []).append(each)
    return [
        t("native.trace", lang, what=" · ".join(common), numbers=t("native.next", lang).join(each))
        for common, each in lines.items()
    ]


def noted(numbers: Sequence[Number], lang: str) -> list[str]:
    """The notes of a slide: the traces of its numbers, or that it has none."""
    if not numbers:
        return [t("native.no_numbers", lang)]
    return [t("native.traces", lang), *told(numbers, lang)]


def _group(group: str, lang: str) -> str:
    """The name of level/code; the code where there is no such area any more."""
    try:
        return scopes.group_name(group, lang)
    except (KeyError, IndexError):
        return group.partition("/")[2]
