"""What a cell says that is no number: one of several choices, a date, or a text."""

from __future__ import annotations

import datetime as dt
import hashlib
import math
import re
import unicodedata
from abc import ABC, abstractmethod
from decimal import Decimal
from typing import Protocol

from rapidfuzz import fuzz, process

from app import formats
from app.catalogue import Measure, Unit
from app.i18n import LANGUAGES, t
from app.intake.cells import Reader, Reading, is_blank, says_missing, says_not_applicable
from app.intake.tables import Cell
from app.spellings import normal

LONGEST = 500  # characters of a text
_YEARS = range(2000, 2100)
_DAY = re.compile(
    r"([0-9]{4})(?:[-/.\u5e74])([0-9]{1,2})(?:[-/.\u6708])([0-9]{1,2})\u65e5?(?:t00:00:00)?"
)
_COMPACT = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_NEAR = 60


class CellReader(Protocol):
    """Reads the cells of one measure's column; `plain` numbers may be taken as they stand."""

    plain: bool
    whole: bool
    minimum: float
    maximum: float

    def read(self, cell: Cell) -> Reading: ...


def reader_of(
    measure: Measure, unit: Unit, factor: Decimal, texts: dict[float, str], lang: str
) -> CellReader:
    """The reader of a measure's column; the texts it meets are put into `texts`."""
    if measure.kind == "choice":
        return _Choice(measure, lang)
    if measure.kind == "date":
        return _Date(lang)
    if measure.kind == "text":
        return _Text(texts, lang)
    return Reader(measure, unit.whole, factor, lang)


def number_of(text: str) -> float:
    """The number under which a text is stored: the first 52 bits of its SHA-256, exact as a double.

    Two of a million texts would share one with a probability of one in nine thousand.
    """
    return float(int(hashlib.sha256(text.encode()).hexdigest()[:13], 16))


class _Answer(ABC):
    plain, whole, minimum, maximum = False, False, -math.inf, math.inf

    def __init__(self, lang: str) -> None:
        self._lang = lang

    def read(self, cell: Cell) -> Reading:
        """What a cell says."""
        if is_blank(cell):
            return Reading(status="missing")
        if says_missing(cell):
            return Reading(status="missing", message=t("check.read_as_missing", self._lang))
        if says_not_applicable(cell):
            return Reading(status="not_applicable")
        return self._said(cell)

    @abstractmethod
    def _said(self, cell: Cell) -> Reading:
        """What a cell says that is neither blank nor one of the words for nothing."""

    def _wrong(self, rule: str, **values: object) -> Reading:
        return Reading(rule=rule, message=t(f"check.{rule}", self._lang, **values))


class _Choice(_Answer):
    def __init__(self, measure: Measure, lang: str) -> None:
        super().__init__(lang)
        self._labels = [label(lang) for label in measure.choices.values()]
        self._places = {
            normal(name): float(place)
            for place, (choice, label) in enumerate(measure.choices.items(), start=1)
            for name in (choice, *(label(each) for each in LANGUAGES))
        }

    def _said(self, cell: Cell) -> Reading:
        written = normal(cell)
        if (place := self._places.get(written)) is not None:
            return Reading(place)
        near = process.extractOne(
            written, list(self._places), scorer=fuzz.ratio, score_cutoff=_NEAR
        )
        listed = t("check.and", self._lang).join(self._labels)
        if near is None:
            return self._wrong("not_a_choice", choices=listed)
        meant = self._labels[int(self._places[near[0]]) - 1]
        told = t("check.not_a_choice_near", self._lang, choices=listed, near=meant)
        return Reading(rule="not_a_choice", message=told)


class _Date(_Answer):
    def _said(self, cell: Cell) -> Reading:
        written = normal(f"{cell:.0f}" if isinstance(cell, float) else cell)
        match = _DAY.fullmatch(written) or _COMPACT.fullmatch(written)
        try:
            day = dt.date(*map(int, match.groups())) if match else None
        except ValueError:
            day = None
        if day is None or day.year not in _YEARS:
            return self._wrong("not_a_date")
        value = float(f"{day:%Y%m%d}")
        plain = normal(day.isoformat())
        told = "" if written.startswith(plain) else t(
            "check.read_as_date", self._lang, date=formats.date(value, self._lang)
        )  # fmt: skip
        return Reading(value, message=told)


class _Text(_Answer):
    def __init__(self, texts: dict[float, str], lang: str) -> None:
        super().__init__(lang)
        self._texts = texts

    def _said(self, cell: Cell) -> Reading:
        text = " ".join(unicodedata.normalize("NFC", str(cell)).split())
        text = "".join(c for c in text if unicodedata.category(c) not in ("Cc", "Cf", "Cs"))
        if len(text) > LONGEST:
            return self._wrong("text_too_long", most=LONGEST)
        value = number_of(text)
        self._texts[value] = text
        return Reading(value)
