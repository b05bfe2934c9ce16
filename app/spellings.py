"""Words and spellings of real workbooks, from data/reference/spellings.yaml."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from typing import Any

import yaml

from app.settings import REFERENCE

_BLANKS = re.compile("[\\s\u00ad\u200b-\u200f\u2060\ufeff]+")
_DOTS = str.maketrans(dict.fromkeys("\u2022\u2027\u22c5\u30fb", "\u00b7"))
_KEPT_LENGTH = 200


@cache
def load() -> dict[str, Any]:
    """All of the file."""
    text = (REFERENCE / "spellings.yaml").read_text("utf-8")
    loaded: dict[str, Any] = yaml.load(text, yaml.CSafeLoader)
    return loaded


@cache
def words(name: str) -> frozenset[str]:
    """One of its lists, as words are compared."""
    return frozenset(normal(word) for word in load()[name])


def normal(text: object) -> str:
    """A text as it is compared: half-width, lower case, without blanks, line and zero-width marks.

    None is an empty text.
    """
    if text is None:
        return ""
    text = str(text)
    return _normal(text) if len(text) > _KEPT_LENGTH else _remembered(text)


def _normal(text: str) -> str:
    return _BLANKS.sub("", unicodedata.normalize("NFKC", text)).translate(_DOTS).lower()


_remembered = lru_cache(1 << 16)(_normal)
