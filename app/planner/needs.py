"""What is lacking to a target, the pace that needs and when it is met: exact, without floats."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Literal

from app import periods

Way = Literal["within", "added"]  # as the catalogue's plans name them
Number = int | Fraction  # what was reported; whole as a rule, and then much quicker
WAYS: tuple[Way, ...] = ("within", "added")
WHOLE = Decimal(100)  # per cent; also the highest target
QUARTERS = 4  # over which the pace so far is measured
CAP = 10  # years; what is met later is not dated

Verdict = Literal[
    "met", "enough", "short", "unknown", "impossible", "missing", "not_applicable", "suppressed"
]


@dataclass(frozen=True)
class Aim:
    """What is to be reached: a percentage, by a quarter, counted from a quarter, in one way."""

    target: Decimal
    way: Way
    period: str
    deadline: str

    @property
    def quarters(self) -> int:
        """The quarters that are left."""
        return periods.between(self.period, self.deadline)

    @property
    def last(self) -> int:
        """The last year in which a target is said to be met."""
        return periods.year(self.period) + CAP


@dataclass(frozen=True)
class Need:
    """Where a county or a group stands, and what it needs.

    `lacking` is None where it can't be worked out or the way leads nowhere, `pace` where a year ago
    nothing comparable was reported; `met_in` is the number of quarters at that pace, None where it
    never gets there or is not known.
    """

    numerator: Number | None
    denominator: Number | None
    lacking: int | None
    pace: Fraction | None
    met_in: int | None
    verdict: Verdict

    @property
    def share(self) -> float | None:
        """The percentage today."""
        if self.numerator is None or not self.denominator:
            return None
        return float(Fraction(100 * self.numerator) / self.denominator)


def exact(value: float | None) -> Number | None:
    """A number as it was reported."""
    if value is None:
        return None
    return int(value) if float(value).is_integer() else Fraction(Decimal(repr(value)))


def lacking(numerator: Number, denominator: Number, target: Decimal, way: Way) -> int | None:
    """The fewest whole units with which the target is met; None where no number of them does.

    `within`: each raises the numerator alone; `added`: each raises both.
    """
    goal, whole = target.as_integer_ratio()
    whole *= 100
    short = goal * denominator - whole * numerator
    if short <= 0:
        return 0
    each = whole if way == "within" else whole - goal
    return -(-short // each) if each > 0 else None


def after(need: Need, units: Fraction, way: Way) -> float | None:
    """The percentage once so many units more are there, within 0 and the whole."""
    if need.numerator is None or need.denominator is None:
        return None
    whole = need.denominator + (units if way == "added" else 0)
    if not whole:
        return None
    share = Fraction(100 * (need.numerator + units)) / whole
    most = max(Fraction(100), Fraction(100 * need.numerator) / whole)
    return float(max(Fraction(), min(share, most)))


def spread(amount: int, quarters: int) -> list[int]:
    """Whole units for each quarter that add up to the amount, never behind an even pace."""
    done = [-(-amount * k // quarters) for k in range(quarters + 1)]
    return [late - early for early, late in pairwise(done)]


def pace(now: Number | None, before: Number | None) -> Fraction | None:
    """The mean net growth a quarter since a year before."""
    return None if now is None or before is None else Fraction(now - before) / QUARTERS


def needed(
    aim: Aim, numerator: Number | None, denominator: Number | None, status: Verdict | None,
    speed: Fraction | None,
) -> Need:  # fmt: skip
    """What a county or group needs; `status` says why there is no figure, None where there is."""
    if status is not None or numerator is None or denominator is None:
        return Need(numerator, denominator, None, None, None, status or "missing")
    gap = lacking(numerator, denominator, aim.target, aim.way)
    if gap is None:
        return Need(numerator, denominator, None, speed, None, "impossible")
    if gap == 0:
        return Need(numerator, denominator, 0, speed, 0, "met")
    if speed is None:
        return Need(numerator, denominator, gap, None, None, "unknown")
    met_in = math.ceil(gap / speed) if speed > 0 else None
    in_time = met_in is not None and met_in <= aim.quarters
    return Need(numerator, denominator, gap, speed, met_in, "enough" if in_time else "short")


def together(aim: Aim, parts: Sequence[tuple[Need, Fraction | None]]) -> Need:
    """A group as a whole: sums of what is known, with the pace of those whose pace is known.

    `parts` are the needs of its counties, each with its pace.
    """
    known = [(n.numerator, n.denominator) for n, _ in parts if n.numerator is not None]
    if not known:
        return needed(aim, None, None, "missing", None)
    numerator: Number = sum(num for num, _ in known)
    denominator: Number = sum(den for _, den in known if den is not None)
    paces = [speed for n, speed in parts if speed is not None and n.numerator is not None]
    speed = sum(paces, Fraction()) if paces else None
    return needed(aim, numerator, denominator, None if denominator else "not_applicable", speed)


def met_quarter(need: Need, aim: Aim) -> str | None:
    """The quarter in which the target is met at today's pace; None for none, or one too late."""
    if need.met_in is None or periods.year(aim.period) + need.met_in // 4 > aim.last + 1:
        return None
    quarter = periods.shift(aim.period, need.met_in)
    return quarter if periods.year(quarter) <= aim.last else None
