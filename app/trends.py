"""Trends that say what they are: rising, falling, none to be seen, or not to be told.

Tests of Mann (1945) and Kendall (1975), and the seasonal one of Hirsch, Slack and Smith (1982), in
queries/trend_test.sql; docs/decisions/0014 has the choice of spans and level.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import queries
from app.catalogue import Indicator
from app.i18n import t
from app.serving import Serving

KINDS = ("rising", "falling", "none", "untold")


class Trend(NamedTuple):
    """What the test says of one group: one of KINDS, and what it rests on.

    `quarters` have a value; `seasonal` tells that each was held against the same of other years.
    """

    kind: str
    seasonal: bool
    quarters: int
    score: int | None
    z: float | None

    def judged(self, indicator: Indicator) -> str:
        """`better` or `worse` by the indicator's direction; `plain` where there is neither."""
        if self.kind not in ("rising", "falling") or indicator.direction == "none":
            return "plain"
        return "better" if (self.kind == "rising") == (indicator.direction == "higher") else "worse"

    def sign(self, lang: str) -> str:
        """The arrow of the trend, the same in both languages."""
        return t(f"trend.sign_{self.kind}", lang)

    def words(self, indicator: Indicator, lang: str) -> str:
        """The trend in words, with good or bad where the direction says so."""
        return t(f"trend.{self.kind}_{self.judged(indicator)}", lang)


def tested(
    source: Serving, indicators: Sequence[str], period: str, groups: Sequence[str]
) -> dict[tuple[str, str], Trend]:
    """The trends of groups (given as level/code) up to a period, by group and indicator."""
    rows = queries.run(
        "trend_test", source.cursor(), indicators=list(indicators), period=period,
        groups=list(groups),
    ).fetchall()  # fmt: skip
    return {
        (f"{level}/{code}", indicator_id): Trend(kind, seasonal, quarters, score, z)
        for indicator_id, level, code, seasonal, quarters, score, z, kind in rows
    }
