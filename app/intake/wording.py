"""How much room a text takes in the cells of a workbook, counted in digits and lines."""

from __future__ import annotations

import math
import unicodedata


def width(text: str) -> int:
    """The width of a text in digits; a Chinese character is as wide as two."""
    return sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in text)


def lines(text: str, room: float) -> int:
    """The lines a text takes in a cell of some digits' width; at least one."""
    return sum(max(1, math.ceil(width(line) / room)) for line in text.splitlines() or [""])


def longest_word(text: str) -> int:
    """The width of the longest word that can't be broken; Chinese can be broken anywhere."""
    return max((width(word) for word in text.split() if width(word) == len(word)), default=0)
