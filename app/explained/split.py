"""The change of a group's figure, taken apart into what each county adds to it; draws nothing.

The figures are those published, the parts those of queries/change_contribution.sql: they add up.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

import pandas as pd

from app import catalogue, formula, periods, reads
from app.catalogue import Indicator
from app.serving import Serving

QUARTER, YEAR = "quarter", "year"  # what a change can be since
Kind = Literal["both", "entered", "left"]
KINDS: tuple[Kind, ...] = ("both", "entered", "left")  # counties that have a part in the change
BOTH, ENTERED, LEFT = KINDS


@dataclass(frozen=True)
class Figure:
    """What is published of a group in a quarter; no value where nothing can be computed.

    `valued` are the counties of it that have a value of their own.
    """

    period: str
    value: float | None
    valued: int
    expected: int
    sample: bool


@dataclass(frozen=True)
class Told:
    """The earlier figure as it was told before the data of the later quarter began to come."""

    value: float
    vintage: int


@dataclass(frozen=True)
class Split:
    """A change and its parts; `why_not` says why there are none.

    `rows` is the frame of `reads.change_contributions`, the largest part first.
    """

    indicator: Indicator
    before: Figure
    after: Figure
    told: Told | None
    rows: pd.DataFrame
    why_not: str = ""

    @property
    def total(self) -> float:
        """The later published figure minus the earlier one as it is known now."""
        assert self.before.value is not None and self.after.value is not None
        return self.after.value - self.before.value

    @property
    def revision(self) -> float:
        """The earlier figure as it is known now minus as it was first told."""
        assert self.before.value is not None
        return self.before.value - self.told.value if self.told else 0.0

    @property
    def sample(self) -> bool:
        """Whether these are sample data."""
        return self.after.sample or self.before.sample

    def of(self, kind: str) -> pd.DataFrame:
        """The counties of a kind."""
        return self.rows[self.rows["kind"] == kind]

    def part(self, kind: str, column: str = "contribution") -> float:
        """What the counties of a kind add to the change."""
        return math.fsum(self.of(kind)[column].dropna())

    def revised(self) -> pd.DataFrame:
        """The counties whose earlier figures were corrected, came late or were taken back."""
        return self.rows[self.rows["revised"]]


def base_of(period: str, since: str) -> str:
    """The quarter that a change is since: the one before, or the same of the year before."""
    return periods.shift(period, -4 if since == YEAR else -1)


def cumulative(indicator: Indicator) -> bool:
    """Whether it is made of amounts since 1 January, which begin anew with each year."""
    dataset = catalogue.load().dataset_of[indicator.id]
    sides = [side for side in (indicator.numerator, indicator.denominator) if side]
    return any(
        ref.qualifier != "quarter" and dataset.measure(ref.measure).kind == "flow"
        for side in sides
        for ref in formula.references(side)
    )


def split(
    source: Serving,
    indicator: Indicator,
    period: str,
    base: str,
    group: tuple[str, str],
    lang: str,
    earlier: Callable[[bool], tuple[Serving, int] | None],
) -> Split:
    """Take the change of a group (level and code) since a base period apart.

    `earlier` gives the dataset as it was known just before the sample (true) or real data of the
    period began to come, and that vintage; None where nothing was known.
    """
    level, code = group
    trend = reads.group_trend(source, indicator.id, [f"{level}/{code}"], lang)
    before, after = _figure(trend, base), _figure(trend, period)
    hidden = source.outside and _is_hidden(source, indicator, (base, period), group, lang)
    why_not = "hidden" if hidden else _why_not(before, after)
    if why_not:
        return Split(indicator, before, after, None, pd.DataFrame(), why_not)
    before, after = (_counted(source, each, indicator, group) for each in (before, after))
    told, known = _told(indicator, base, before.sample, group, lang, earlier(after.sample))
    rows = reads.change_contributions(source, indicator.id, period, base, level, code, lang, known)
    if told is not None and not rows["revised"].any():
        told = None
    return Split(indicator, before, after, told, rows)


def _figure(trend: pd.DataFrame, period: str) -> Figure:
    found = trend[trend["period"] == period]
    if found.empty:
        return Figure(period, None, 0, 0, False)
    row = found.iloc[0]
    value = None if pd.isna(row["value"]) else float(row["value"])
    return Figure(period, value, 0, int(row["areas_expected"]), bool(row["sample"]))


def _counted(
    source: Serving, figure: Figure, indicator: Indicator, group: tuple[str, str]
) -> Figure:
    """The figure with the number of counties that have a value, as its headline tells it."""
    headline = reads.headline(source, [indicator.id], figure.period, *group)[indicator.id]
    return replace(figure, valued=int(headline["areas_valued"]))


def _is_hidden(
    source: Serving,
    indicator: Indicator,
    wanted: tuple[str, str],
    group: tuple[str, str],
    lang: str,
) -> bool:
    """Whether the figure of the group or of one of its counties is withheld in a quarter."""
    for period in wanted:
        whole = reads.headline(source, [indicator.id], period, *group)[indicator.id]["status"]
        counties = reads.county_values(source, [indicator.id], period, *group, lang)["status"]
        if whole == "suppressed" or (counties == "suppressed").any():
            return True
    return False


def _why_not(before: Figure, after: Figure) -> str:
    if after.value is None:
        return "no_value"
    if before.value is None:
        return "no_base"
    return "kinds_differ" if before.sample != after.sample else ""


def _told(
    indicator: Indicator, base: str, sample: bool, group: tuple[str, str], lang: str,
    earlier: tuple[Serving, int] | None,
) -> tuple[Told | None, pd.DataFrame | None]:  # fmt: skip
    """The earlier figure as first told with what was known of its counties, if there was one."""
    if earlier is None:
        return None, None
    source, vintage = earlier
    level, code = group
    trend = reads.group_trend(source, indicator.id, [f"{level}/{code}"], lang)
    figure = _figure(trend, base)
    if figure.value is None or figure.sample != sample:
        return None, None
    known = reads.told_values(source, indicator.id, base, level, code)
    return Told(figure.value, vintage), known
