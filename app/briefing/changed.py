"""What has become of the numbers of a briefing since it was made, and by which submissions."""

from __future__ import annotations

import dataclasses
import math
from typing import Any, Literal

from app import catalogue, formats, reads
from app.audience import PUBLIC
from app.briefing import content, phrases, touching
from app.briefing.content.about import PEERS
from app.briefing.ledger import Recorded
from app.briefing.parts import Briefing, Number, Trace
from app.briefing.touching import Submission
from app.catalogue import Indicator
from app.errors import DashboardError
from app.serving import Serving

Reason = Literal["submissions", "definition", "gone", "untold"]
# what a headline tells of a group, and how each of them is printed
_AMOUNTS = ("numerator", "denominator", "areas_reporting", "areas_valued", "areas_expected")
_DIFFERENCES = ("change_previous", "change_year", "gap")
_CLOSE = 1e-9  # relative: sums may come in another order


@dataclasses.dataclass(frozen=True)
class ChangedNumber:
    """A number of a briefing that is different now; `new` is None where there is none any more.

    `reason` is `submissions` where some are named, `definition` where a target or the formula is
    another, `gone` where the number can't be worked out any more, and `untold` where the text does
    not tell it any more and it can't be asked for by itself, such as how many were the last.
    """

    old: Number
    new: Number | None
    reason: Reason
    by: tuple[Submission, ...]

    @property
    def difference(self) -> float | None:
        """The new value minus the old one."""
        before, now = self.old.trace.value, self.new.trace.value if self.new else None
        return None if before is None or now is None else now - before


def since(recorded: Recorded, source: Serving, stamp: str) -> list[ChangedNumber]:
    """The numbers of a briefing that are different in a vintage, in the order of its text.

    `source` must be for whom the briefing is (`view.current`): an inside figure says nothing of a
    public one. Of a briefing for publication no note of a submission is told: it may tell numbers.
    Each is worked out as it was then: the same briefing is built anew, and what it does not tell
    any more is asked for by itself. At the same vintage a target may still be another one.
    """
    briefing = recorded.briefing
    assert source.outside == (briefing.request.audience == PUBLIC)
    told, built = _now(briefing, source, stamp)
    found = []
    touches = touching.between(briefing.vintage, source.vintage, stamp)
    for old in briefing.numbers():
        new, known = _now_told(old, told), True
        if new is None:
            new, known = _asked(old, source, briefing.request.lang)
        if new is not None and _same(old, new):
            continue
        by = touches.behind(old.trace)
        if source.outside:
            by = tuple(dataclasses.replace(s, note="", explanation="", file="") for s in by)
        reason: Reason = "submissions" if by else "definition"
        if new is None:
            reason = "gone" if known or not built else "untold"
        found.append(ChangedNumber(old, new, reason, by))
    return found


def decimals(trace: Trace) -> int:
    """How many decimals a difference of a number has: none of a count or a rank."""
    indicator = catalogue.load().indicators.get(trace.indicator)
    if indicator is None or trace.quantity in ("rank", "count", *_AMOUNTS):
        return 0
    return formats.decimals_of(indicator.unit, indicator.decimals)


def _now(briefing: Briefing, source: Serving, stamp: str) -> tuple[dict[Trace, list[Number]], bool]:
    """The numbers as they are told now, by what they are of; and whether it can be built at all."""
    try:
        built = content.build(briefing.request, source, stamp)
    except DashboardError:  # such as a quarter whose data were all taken back
        return {}, False
    told: dict[Trace, list[Number]] = {}
    for number in built.numbers():
        told.setdefault(_key(number.trace), []).append(number)
    return told, True


def _now_told(old: Number, told: dict[Trace, list[Number]]) -> Number | None:
    """The number in the place of an old one; of several the one that is as it was."""
    found = told.get(_key(old.trace), [])
    return next((number for number in found if _same(old, number)), found[0] if found else None)


def _key(trace: Trace) -> Trace:
    """What a number is of, whatever its vintage and value."""
    return dataclasses.replace(trace, vintage=0, value=None)


def _same(old: Number, new: Number) -> bool:
    before, now = old.trace.value, new.trace.value
    if before is None or now is None:
        return before is now and old.shown == new.shown
    return math.isclose(before, now, rel_tol=_CLOSE, abs_tol=_CLOSE)


def _asked(old: Number, source: Serving, lang: str) -> tuple[Number | None, bool]:
    """A number that the text does not tell any more, and whether it can be asked for by itself."""
    trace = old.trace
    indicator = catalogue.load().indicators.get(trace.indicator)
    if indicator is None:
        return None, False
    if trace.quantity == "target":
        return _target(old, indicator, source, lang)
    if trace.of:
        return None, False
    if trace.quantity == "rank":
        return _rank(trace, source, lang)
    if trace.quantity not in ("value", *_AMOUNTS, *_DIFFERENCES):
        return None, False
    read = reads.headline(source, [indicator.id], trace.period, trace.level, trace.area_code)
    row = read[indicator.id]
    amount, status = row[trace.quantity], str(row["status"])
    if amount is None and trace.value is not None:
        return None, True
    value = None if amount is None or status != "observed" else float(amount)
    shown = _shown(amount, trace.quantity, indicator, lang, status)
    return _anew(trace, source, shown, value), True


def _target(
    old: Number, indicator: Indicator, source: Serving, lang: str
) -> tuple[Number | None, bool]:
    """A target, or the year it is for, as the catalogue has it."""
    aim = indicator.target
    if aim is None:
        return None, True
    if old.trace.of == "year":
        year = None if aim.year == "each" else float(aim.year)
        return _anew(old.trace, source, formats.target_year(aim.year, lang), year), True
    shown = formats.target(aim.value, indicator.unit, lang)
    return _anew(old.trace, source, shown, aim.value), True


def _shown(amount: Any, quantity: str, indicator: Indicator, lang: str, status: str) -> str:
    if quantity in _DIFFERENCES:
        return formats.signed(amount, indicator.unit, lang, indicator.decimals)
    if quantity in _AMOUNTS:
        return formats.number(amount)
    return formats.value(amount, indicator.unit, lang, status, indicator.decimals)


def _rank(trace: Trace, source: Serving, lang: str) -> tuple[Number | None, bool]:
    """The place of an area in a group, as the county frame has it."""
    level, _, code = trace.within.partition("/")
    if level in ("", PEERS):  # counties that were picked, or those most alike: no group
        return None, False
    frame = reads.county_values(source, [trace.indicator], trace.period, level, code, lang)
    own = frame[(frame["area_code"] == trace.area_code) & frame["rank"].notna()]
    if own.empty:
        return None, True
    row = own.iloc[0]
    key = "tied_place" if row["tied"] else "place"
    shown = phrases.text(key, lang, rank=int(row["rank"]))
    return _anew(trace, source, shown, float(row["rank"])), True


def _anew(trace: Trace, source: Serving, shown: str, value: float | None) -> Number:
    return Number(shown, dataclasses.replace(trace, vintage=source.vintage, value=value))
