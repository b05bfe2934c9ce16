"""What one cell says: a number, missing, not applicable, or something that is none of these."""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, partial

from app import spellings
from app.catalogue import Measure
from app.i18n import LANGUAGES, t
from app.intake import units
from app.intake.tables import Cell, Uncalculated
from app.spellings import normal

_DASHES = {
    "\u2014",
    "\u2013",
    "\u2212",
    "\u2010",
    "-",
    "--",
    "\u2014\u2014",
    "/",
    "\\",
    "\u2026",
    "...",
}
_DASHES |= {"\u2026\u2026", "......", "---", "//", "\u2015"}
_GROUPS = re.compile(r"[+-]?[0-9]{1,3}([,\u00a0\u2009\u202f])[0-9]{3}(\1[0-9]{3})*(\.[0-9]+)?")
_NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)(e[+-]?[0-9]+)?", re.IGNORECASE)
_WITH_UNIT = re.compile(r"[+-]?[0-9][0-9,]*(\.[0-9]+)?\s*(\D{1,12})")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9:.]+)?|[0-9]{2}:[0-9]{2}:[0-9]{2}")
_EXCEL_ERRORS = (
    "#DIV/0!",
    "#N/A",
    "#NAME?",
    "#NULL!",
    "#NUM!",
    "#REF!",
    "#VALUE!",
    "#SPILL!",
    "#CALC!",
)
_UNSEEN = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"))
_PERCENT = "percent"
_LONGEST = 64  # no number is written longer


@dataclass(frozen=True)
class Reading:
    """A cell's value and status, or the rule it breaks; `message` then tells, or what was read."""

    value: float | None = None
    status: str = "reported"
    rule: str = ""
    message: str = ""


class Reader:
    """Reads the cells of one measure's column."""

    def __init__(self, measure: Measure, unit_is_whole: bool, factor: Decimal, lang: str) -> None:
        self.minimum = measure.minimum
        self.maximum = math.inf if measure.maximum is None else measure.maximum
        self.whole = unit_is_whole
        self.plain = factor == units.ONE  # a number may be taken as it stands
        self._percent = measure.unit == _PERCENT
        self._factor, self._lang = factor, lang

    def read(self, cell: Cell) -> Reading:
        """What a cell says."""
        if is_blank(cell):
            return Reading(status="missing")
        if isinstance(cell, Uncalculated):
            return self._wrong(
                "formula_without_value", t("check.formula_without_value", self._lang)
            )
        if isinstance(cell, bool):
            return self._wrong("not_a_number", t("check.not_a_number", self._lang))
        if isinstance(cell, int | float):
            return self._number(f"{cell:.15g}" if isinstance(cell, float) else str(cell), "")
        return self._text(str(cell))

    def _text(self, written: str) -> Reading:
        text = unicodedata.normalize("NFKC", written.translate(_UNSEEN)).strip()
        if says_missing(written):
            return Reading(status="missing", message=t("check.read_as_missing", self._lang))
        if normal(text) in _not_applicable():
            return Reading(status="not_applicable")
        plain = _halved(written) if len(written) < _LONGEST else ""
        if groups := _GROUPS.fullmatch(plain):
            plain = plain.replace(groups[1], "")
        if self._percent and plain[-1:] == "%":
            plain = plain[:-1].rstrip()
        if not _NUMBER.fullmatch(plain):
            return self._wrong("not_a_number", self._told(text))
        return self._number(plain, plain if plain != written else "")

    def _number(self, digits: str, noted: str) -> Reading:
        number = float(digits)
        if not self.plain and math.isfinite(number):
            number = float(Decimal(digits) * self._factor)
        if not math.isfinite(number):
            return self._wrong("not_finite", t("check.not_finite", self._lang))
        if self.whole and not number.is_integer():
            number = float(f"{number:.15g}")  # as Excel shows it: 0.1 + 0.2 is 0.3
        if number < self.minimum:
            told = t("check.below_minimum", self._lang, bound=f"{self.minimum:g}")
            return self._wrong("below_minimum", told)
        if number > self.maximum:
            told = t("check.above_maximum", self._lang, bound=f"{self.maximum:g}")
            return self._wrong("above_maximum", told)
        if self.whole and not number.is_integer():
            return self._wrong("fraction", t("check.fraction", self._lang))
        told = t("check.read_as_number", self._lang, number=noted) if noted else ""
        return Reading(number, message=told)

    def _told(self, text: str) -> str:
        """Why a text is no number, as closely as one can tell."""
        say = partial(t, lang=self._lang)
        if text.upper() in _EXCEL_ERRORS:
            return say("check.formula_error", error=text.upper())
        if len(text) < _LONGEST:
            if _DATE.fullmatch(text):
                return say("check.date_for_number")
            if match := _WITH_UNIT.fullmatch(text):
                return say("check.number_with_unit", unit=match[2].strip())
        return say("check.not_a_number")

    @staticmethod
    def _wrong(rule: str, message: str) -> Reading:
        return Reading(rule=rule, message=message)


def is_blank(cell: Cell) -> bool:
    """Whether nothing is in a cell but blanks."""
    return cell is None or (
        isinstance(cell, str)
        and not isinstance(cell, Uncalculated)
        and not cell.translate(_UNSEEN).strip()
    )


def says_missing(cell: Cell) -> bool:
    """Whether a text stands for nothing reported: a dash, 无 or the like."""
    if not isinstance(cell, str) or len(cell) > _LONGEST:
        return False
    return cell.strip() in _DASHES or normal(cell) in _missing()


def says_not_applicable(cell: Cell) -> bool:
    """Whether a text says that a cell does not apply."""
    return isinstance(cell, str) and len(cell) <= _LONGEST and normal(cell) in _not_applicable()


def _halved(text: str) -> str:
    """A number's text in half-width characters, its no-break spaces kept: they part thousands."""
    text = text.translate(_UNSEEN).strip().lstrip("'\u2018\u2019`")
    kept = "\u00a0\u2009\u202f"
    return "".join(c if c in kept else unicodedata.normalize("NFKC", c) for c in text)


@cache
def _missing() -> frozenset[str]:
    said = {normal(t("value.none", lang)) for lang in LANGUAGES}
    return spellings.words("missing") | said | {normal(dash) for dash in _DASHES}


@cache
def _not_applicable() -> frozenset[str]:
    said = {normal(t("value.not_applicable", lang)) for lang in LANGUAGES}
    return spellings.words("not_applicable") | said
