"""The words of the target planner: amounts, paces, quarters, verdicts, costs."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from app import catalogue, formats, formula, periods
from app.catalogue import Indicator
from app.i18n import t
from app.planner import needs
from app.planner.needs import Aim, Need, Way

_MARKS = ("missing", "not_applicable", "suppressed")


def unit_of(indicator: Indicator) -> str:
    """The unit in which what is lacking is counted: that of the numerator."""
    dataset = catalogue.load().dataset_of[indicator.id]
    return dataset.measure(formula.leading(indicator.numerator)).unit


def way(indicator: Indicator, kind: Way, lang: str) -> str:
    """The word for what is done once for each unit."""
    assert indicator.plan is not None
    word = indicator.plan.added if kind == "added" else indicator.plan.within
    assert word is not None
    return word(lang)


def percentage(value: Decimal, lang: str) -> str:
    """A percentage that was typed in or is catalogued, with the decimals that it has."""
    return number(Fraction(value)) + catalogue.load().unit("percent").label(lang)


def number(value: Fraction | int) -> str:
    """A number with two decimals at most, and none that is zero."""
    shown = formats.rounded(float(value), 2)
    return formats.written(shown.quantize(1) if shown == shown.to_integral() else shown.normalize())


def amount(value: int | None, unit: str, lang: str, *, with_unit: bool = True) -> str:
    """A whole number in its unit, or the mark of a missing one."""
    return formats.value(value, unit, lang, with_unit=with_unit)


def pace(value: Fraction | None, lang: str) -> str:
    """A net growth a quarter with its sign, or that it can't be worked out."""
    if value is None:
        return t("planner.no_pace", lang)
    return ("+" if value > 0 else "") + number(value)


def each_quarter(need: Need, aim: Aim, lang: str) -> str:
    """The units of one quarter: one number, or the two between which they are spread."""
    if need.lacking is None:
        return mark(need, lang)
    return between(needs.spread(need.lacking, aim.quarters), lang)


def between(units: Sequence[int], lang: str) -> str:
    """The least and the most of several numbers, one where they are the same."""
    low, high = formats.number(min(units)), formats.number(max(units))
    return high if low == high else t("planner.from_to", lang, low=low, high=high)


def met(need: Need, aim: Aim, lang: str) -> str:
    """When the target is met at today's pace, in words where there is no quarter."""
    if need.verdict == "met":
        return t("planner.verdict.met", lang)
    if need.verdict in ("unknown", "impossible", *_MARKS):
        return mark(need, lang)
    if need.met_in is None:
        return t("planner.never", lang)
    quarter = needs.met_quarter(need, aim)
    return periods.label(quarter, lang) if quarter else t("planner.after", lang, year=aim.last)


def verdict(need: Need, lang: str) -> str:
    """Whether the pace suffices, or why that can't be said."""
    if need.verdict in _MARKS:
        return formats.mark(need.verdict, lang)
    return t(f"planner.verdict.{need.verdict}", lang)


def mark(need: Need, lang: str) -> str:
    """What stands in place of a number."""
    if need.verdict in _MARKS:
        return formats.mark(need.verdict, lang)
    if need.verdict == "unknown":
        return t("planner.no_pace", lang)
    return formats.mark("missing", lang)


def cost(lacking: int | None, unit_cost: Decimal | None) -> Decimal | None:
    """What the units cost in 万元 at the reader's own unit cost."""
    return None if lacking is None or unit_cost is None else lacking * unit_cost


def money(value: Decimal | None, lang: str) -> str:
    """An amount in 万元, or the mark of a missing one."""
    if value is None:
        return formats.mark("missing", lang)
    return number(Fraction(value))


def to_do(indicator: Indicator, kind: Way, lang: str) -> str:
    """The head of what is lacking, such as "yet to convert"."""
    return t("planner.to_do", lang, way=way(indicator, kind, lang))


def finding(need: Need, aim: Aim, indicator: Indicator, name: str, lang: str) -> str:
    """Whether the target is met in time at today's pace, in one line."""
    label = indicator.label(lang)
    if need.verdict in _MARKS:
        return t("planner.finding.none", lang, name=name, indicator=label)
    key: str = need.verdict
    if key == "short":
        key = "never" if need.met_in is None else "late"
    unit = catalogue.load().unit(unit_of(indicator)).label(lang)
    return t(
        f"planner.finding.{key}", lang, name=name, indicator=label,
        target=percentage(aim.target, lang), way=way(indicator, aim.way, lang),
        value=formats.value(need.share, indicator.unit, lang, decimals=indicator.decimals),
        deadline=periods.label(aim.deadline, lang), met=met(need, aim, lang),
        each=each_quarter(need, aim, lang), unit=unit,
    )  # fmt: skip
