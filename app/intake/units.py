"""Units as headers write them: the catalogue's own, other words for them, and multiples as 万元."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache, lru_cache

from app import catalogue, spellings
from app.i18n import LANGUAGES

ONE = Decimal(1)
_BRACKETED = re.compile(r"(.*?)[(\[\u3010]([^()\[\]]*(?:\([^()]*\)[^()\[\]]*)?)[)\]\u3011]")
_BETWEEN = re.compile(r"[,;\u3001]")


def split(text: str) -> tuple[str, str]:
    """A normal header text as the name before its last brackets and the unit in them."""
    match = _BRACKETED.fullmatch(text)
    return (match[1], _bare(match[2])) if match else (_bare(text), "")


@lru_cache(maxsize=4096)  # a workbook asks thousands of times for a handful of words
def factor(written: str, unit_id: str, known: catalogue.Catalogue) -> Decimal | None:
    """What a figure in a written unit is to be multiplied by; None if it is another unit."""
    if not written or written in _words(unit_id, known):
        return ONE
    for word, times in _scales():
        rest = written.removeprefix(word)
        if rest != written and (not rest or rest in _words(unit_id, known)):
            return times
    return None


@lru_cache(maxsize=4096)
def is_unit(text: str, known: catalogue.Catalogue) -> bool:
    """Whether a normal text is nothing but a unit, in brackets or not."""
    name, written = split(text)
    unit = written if not name else name if not written else ""
    return bool(unit) and any(factor(unit, each, known) is not None for each in known.units)


def of_line(text: str) -> list[str]:
    """The units that a line above the header names, such as 单位：万元; of any other line none."""
    for word in sorted(spellings.words("unit_lines"), key=len, reverse=True):
        _, found, after = text.rpartition(f"{word}:")
        if found:
            return [_bare(each) for each in _BETWEEN.split(after.rstrip(").")) if each]
    return []


def _bare(text: str) -> str:
    """A text without 单位： before it."""
    for word in spellings.words("unit_lines"):
        text = text.removeprefix(f"{word}:")
    return text


def _words(unit_id: str, known: catalogue.Catalogue) -> frozenset[str]:
    labels = tuple(known.unit(unit_id).label(lang) for lang in LANGUAGES)
    return _normal_words(unit_id, labels)


@cache
def _normal_words(unit_id: str, labels: tuple[str, ...]) -> frozenset[str]:
    others = spellings.load()["units"].get(unit_id, [])
    return frozenset(spellings.normal(word) for word in (*labels, *others))


@cache
def _scales() -> list[tuple[str, Decimal]]:
    scales = {str(word): Decimal(times) for word, times in spellings.load()["scales"].items()}
    return sorted(scales.items(), key=lambda each: -len(each[0]))
