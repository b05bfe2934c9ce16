"""Numbers as readers write them: rounding, units, signs of change, and marks for no number.

Missing, not applicable, suppressed and zero are four different things and look different.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import TypeGuard

from app import catalogue
from app.catalogue import Measure
from app.i18n import t

MARKS = ("missing", "not_applicable", "suppressed")
_PERCENT = "percent"
_MARKUP = re.compile(r"([!-/:-@\[-`{-~])")
_SCALES = {
    "zh": ((1e8, "hundred_million"), (1e4, "ten_thousand")),
    "en": ((1e9, "billion"), (1e6, "million")),
}


@lru_cache(65536)  # a page rounds the same figure for its map, its ranking and its table
def rounded(value: float, decimals: int = 0) -> Decimal:
    """Round half away from zero, as taught in school, to a number of decimals.

    The float is first read as the decimal it stands for (15 digits), so that 0.15 becomes 0.2 and
    100 × 1099 / 2000 becomes 55.0 at one decimal. Negative zero becomes zero.
    """
    exact = Decimal(f"{value:.15g}")
    result = exact.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    return result if result else abs(result)


def decimals_of(unit: str, decimals: int | None = None) -> int:
    """The decimals shown in a unit: its own unless told otherwise, at most one for a percentage."""
    shown = catalogue.load().unit(unit).decimals if decimals is None else decimals
    return min(shown, 1) if unit == _PERCENT else shown


def number(value: float, decimals: int = 0) -> str:
    """A number with thousands separators and a true minus sign."""
    return written(rounded(value, decimals))


def written(amount: Decimal) -> str:
    """A number that is rounded already, with thousands separators and a true minus sign."""
    return f"{amount:,f}".replace("-", "\N{MINUS SIGN}")


def plain(text: str) -> str:
    """Text from a file or a person as markdown that shows just that text."""
    return _MARKUP.sub(r"\\\1", " ".join(text.split()))


def mark(status: str, lang: str = "zh") -> str:
    """The mark that stands where there is no number: status missing, not_applicable, suppressed."""
    return t(f"format.{status}", lang)


def value(
    amount: float | None,
    unit: str,
    lang: str = "zh",
    status: str = "observed",
    decimals: int | None = None,
    with_unit: bool = True,
) -> str:
    """A value in its unit, or the mark of why there is none.

    `status` is observed, missing, not_applicable or suppressed; an observed value that is None,
    NaN or infinite reads as missing.
    """
    if status in MARKS:
        return mark(status, lang)
    if not _known(amount):
        return mark("missing", lang)
    text = number(amount, decimals_of(unit, decimals))
    return _with_unit(text, unit, lang) if with_unit else text


def target(amount: float, unit: str, lang: str = "zh") -> str:
    """A target, which is a round number: without the decimals of a measured value."""
    return value(amount, unit, lang, decimals=0 if float(amount).is_integer() else None)


def target_year(year: int | str, lang: str = "zh") -> str:
    """When a target is to be reached: by a year, or `each` year."""
    return t("page.each_year", lang) if year == "each" else t("page.by_year", lang, year=year)


def in_text(amount: float | None, unit: str, lang: str = "zh", status: str = "observed") -> str:
    """A value for running text and headlines: large amounts of yuan in 万元 and 亿元.

    Tables and files show every yuan: they use `value`.
    """
    if unit != "yuan" or status in MARKS or not _known(amount):
        return value(amount, unit, lang, status)
    label = catalogue.load().unit(unit).label(lang)
    for scale, name in _SCALES[lang]:
        if abs(amount) >= scale:
            text = number(amount / scale, 1)
            return t(
                "format.scaled", lang, number=text, scale=t(f"format.{name}", lang), unit=label
            )
    return value(amount, unit, lang)


def difference(
    amount: float | None,
    unit: str,
    lang: str = "zh",
    decimals: int | None = None,
    with_unit: bool = True,
) -> str:
    """A difference without sign: of two percentages in points (个百分点), else in the unit."""
    if not _known(amount):
        return mark("missing", lang)
    text = number(abs(amount), decimals_of(unit, decimals))
    if not with_unit:
        return text
    if unit == _PERCENT:
        points = t("format.points", lang)
        return t("format.number_unit", lang, number=text, unit=points)
    return _with_unit(text, unit, lang)


def change(
    amount: float | None,
    unit: str,
    lang: str = "zh",
    decimals: int | None = None,
    with_unit: bool = True,
) -> str:
    """A change with ▲ or ▼ and its amount; what rounds to zero is said to be unchanged.

    `amount` is the later value minus the earlier one; without a base it is None or NaN and reads
    `—`.
    """
    if not _known(amount):
        return mark("missing", lang)
    shown = rounded(amount, decimals_of(unit, decimals))
    if shown == 0:
        return t("format.unchanged", lang)
    sign = t("format.up" if shown > 0 else "format.down", lang)
    return sign + difference(amount, unit, lang, decimals, with_unit)


def signed(amount: float | None, unit: str, lang: str = "zh", decimals: int | None = None) -> str:
    """A distance with + or − and its amount, such as the one to a target."""
    if not _known(amount):
        return mark("missing", lang)
    shown = rounded(amount, decimals_of(unit, decimals))
    sign = "+" if shown > 0 else "\N{MINUS SIGN}" if shown < 0 else ""
    return sign + difference(amount, unit, lang, decimals)


def part_decimals(unit: str, decimals: int | None, of_ratio: bool) -> int:
    """The decimals of a part of a change: of a ratio one more than the whole has."""
    return decimals_of(unit, decimals) + of_ratio


def part(amount: float, unit: str, lang: str, decimals: int, with_unit: bool = True) -> str:
    """A part of a change with + or −, in as many decimals as told."""
    shown = rounded(amount, decimals)
    sign = "+" if shown > 0 else "\N{MINUS SIGN}" if shown < 0 else ""
    text = sign + written(abs(shown))
    if not with_unit:
        return text
    label = t("format.points", lang) if unit == _PERCENT else ""
    return (
        t("format.number_unit", lang, number=text, unit=label)
        if label
        else _with_unit(text, unit, lang)
    )


def date(value: float, lang: str = "zh") -> str:
    """A day that is stored as yyyymmdd."""
    year, month, day = int(value) // 10000, int(value) // 100 % 100, int(value) % 100
    return t("format.date", lang, year=year, month=month, day=day)


def answer(
    value: float, measure: Measure, texts: Mapping[float, str], lang: str | None = "zh"
) -> str | float:
    """What a stored number stands for: a choice, a day or a text; an amount stands for itself.

    Without a language as a program reads it: the choice's id, the day as 2023-12-31.
    """
    if measure.kind == "choice":
        choice = list(measure.choices)[int(value) - 1]
        return choice if lang is None else measure.choices[choice](lang)
    if measure.kind == "date":
        year, rest = divmod(int(value), 10000)
        plain = f"{year}-{rest // 100:02d}-{rest % 100:02d}"
        return plain if lang is None else date(value, lang)
    if measure.kind == "text":
        return texts.get(value, "")
    return value


def cell(decimals: int) -> str:
    """How a spreadsheet or a chart in a file writes a number with so many decimals."""
    return "#,##0" + ("." + "0" * decimals if decimals else "")


def _known(amount: float | None) -> TypeGuard[float]:
    return amount is not None and math.isfinite(amount)


def _with_unit(text: str, unit: str, lang: str) -> str:
    label = catalogue.load().unit(unit).counted(text, lang)
    if unit == _PERCENT:
        return text + label
    return t("format.number_unit", lang, number=text, unit=label)
