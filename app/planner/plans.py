"""The plan of a scope: every county's need, the group as a whole, the sum of its counties."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from app import reads
from app.catalogue import Indicator
from app.kept import kept
from app.planner import needs
from app.planner.needs import Aim, Need, Number, Verdict
from app.view import View

_SILENT: dict[str, Verdict] = {
    "missing": "missing", "not_applicable": "not_applicable", "suppressed": "suppressed",
}  # fmt: skip


@dataclass(frozen=True)
class County:
    """A county of the plan; `before` is its numerator a year before, None where not comparable."""

    code: str
    name: str
    city: str
    before: Number | None
    need: Need


@dataclass(frozen=True)
class Plan:
    """The plan of a scope, the counties that lack most first; `sample` marks sample data."""

    aim: Aim
    counties: tuple[County, ...]
    whole: Need
    sample: bool

    @cached_property
    def known(self) -> list[County]:
        """The counties that have a figure."""
        return [county for county in self.counties if county.need.verdict not in _SILENT]

    @cached_property
    def paced(self) -> list[County]:
        """The counties whose pace is known."""
        return [county for county in self.known if county.need.pace is not None]

    @cached_property
    def each(self) -> int | None:
        """The sum of what the counties lack, each by itself; None where one of them never can."""
        amounts = [county.need.lacking for county in self.known]
        return None if None in amounts or not amounts else sum(a for a in amounts if a is not None)

    @cached_property
    def quarters(self) -> list[int]:
        """What all counties need in each quarter until the deadline, added up."""
        spread = [needs.spread(c.need.lacking, self.aim.quarters) for c in self.known
                  if c.need.lacking]  # fmt: skip
        return [sum(units) for units in zip(*spread, strict=True)] or [0] * self.aim.quarters

    def of(self, code: str) -> County | None:
        """One county of the plan."""
        return next((county for county in self.counties if county.code == code), None)


def plan(view: View, indicator: Indicator, aim: Aim) -> Plan:
    """The plan of the scope for one indicator."""
    return _plan(view.on(indicator.id).without_county, aim)


@kept(256)
def _plan(view: View, aim: Aim) -> Plan:
    c = view.choices
    rows = reads.plan(view.source, c.indicator, aim.period, c.level, c.scope, c.lang)
    counties, parts = [], []
    for row in rows:
        now, before = needs.exact(row["numerator"]), needs.exact(row["numerator_before"])
        speed = needs.pace(now, before)
        status = _SILENT.get(row["status"])
        need = needs.needed(aim, now, needs.exact(row["denominator"]), status, speed)
        names = row["area_code"], row["area_name"], row["city_name"]
        counties.append(County(*names, before, need))
        parts.append((need, speed))
    counties.sort(key=lambda county: (county.need.lacking is None, -(county.need.lacking or 0)))
    whole = needs.together(aim, parts)
    return Plan(aim, tuple(counties), whole, any(row["sample"] for row in rows))
