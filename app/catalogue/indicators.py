"""Figures computed from measures, with their targets and plans."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from app.catalogue.entry import Entry, Identifier, Text


class Usual(Entry):
    """Where a county's indicator lies unless a unit is wrong: bounds of a check, no fact."""

    low: float
    high: float


class Target(Entry):
    """A value to reach by the end of a year (`year: each` for one that holds in every year).

    `quarter` is the quarter of the year from which it is judged.
    """

    value: float
    year: int | Literal["each"]
    quarter: int = Field(default=4, ge=1, le=4)
    source: Text


class Plan(Entry):
    """What can be done to raise a share to a target, in a word for each way.

    `within`: one more counts in the numerator and the denominator stays; `added`: what is new
    counts in both. The words follow "yet to" and are counted in the unit of the numerator.
    """

    within: Text
    added: Text | None = None


class Indicator(Entry):
    """A figure computed from measures: factor × Σ numerator / Σ denominator at every level.

    Without a denominator it is the sum of the numerators. A percentage of a whole stays within
    100 unless it `may_exceed_100`. One with a `plan` is on the page of the target planner.
    """

    id: Identifier
    label: Text
    short: Text
    unit: str
    direction: Literal["higher", "lower", "none"]
    numerator: str
    denominator: str | None = None
    factor: float = 1
    decimals: int | None = Field(default=None, ge=0, le=4)
    definition: Text
    caveat: Text | None = None
    target: Target | None = None
    plan: Plan | None = None
    may_exceed_100: bool = False
    usual: Usual | None = None
