"""The clauses of the notice, by the numerals they are cited by."""

from __future__ import annotations

from typing import Literal, get_args

Clause = Literal["一", "二", "三", "四", "五", "六", "七", "八", "九", "十"]


def place(clause: Clause) -> int:
    """Where a clause stands in the notice."""
    return get_args(Clause).index(clause)
