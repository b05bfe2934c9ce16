"""How a county stands: a row an indicator, among its peers, in its scope, and over time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import queries
from app import catalogue, peers, trends
from app.catalogue import Dataset, Indicator
from app.peers import Peer
from app.scopes import Choices
from app.serving import Serving
from app.trends import Trend

LEADING = 2  # indicators of each dataset where not all are shown


@dataclass(frozen=True)
class Row:
    """One indicator of the county; ranks are places among those with a value, 1 the best.

    `told` has the columns of queries/county_profile.sql, `history` the last values by period.
    """

    indicator: Indicator
    told: dict[str, Any]
    trend: Trend
    history: dict[str, float]

    @property
    def known(self) -> bool:
        """Whether the county has a value this quarter."""
        return self.told["value"] is not None


@dataclass(frozen=True)
class Report:
    """The last report of a dataset: its period, vintage and explanation; None where there is none.

    `has_data` tells whether anyone has reported the dataset for the quarter shown.
    """

    dataset: Dataset
    period: str | None
    vintage: int | None
    explanation: str | None
    has_data: bool


@dataclass(frozen=True)
class Standing:
    """All that the profile of a county tells."""

    period: str
    rows: list[Row]
    reports: list[Report]
    peers: list[Peer]


def indicators(every: bool) -> list[str]:
    """The indicators of a profile: all that counties report, or the leading ones."""
    datasets = [d for d in catalogue.load().datasets.values() if d.level == "county"]
    if every:
        return [i.id for d in datasets for i in d.indicators]
    return [name for d in datasets for name in d.headline[:LEADING]]


def of(source: Serving, chosen: Choices, county: str, names: Sequence[str]) -> Standing:
    """Read how a county stands on some indicators, in their order."""
    known = catalogue.load()
    nearest = peers.of(source, county)
    asked = {"indicators": list(names), "period": chosen.period, "area_code": county}
    told = queries.rows(
        "county_profile", source.cursor(), **asked, peers=[p.area_code for p in nearest],
        level=chosen.level, group_code=chosen.scope,
    )  # fmt: skip
    told.sort(key=lambda row: names.index(row["indicator_id"]))
    group = f"county/{county}"
    tested = trends.tested(source, names, chosen.period, [group])
    history: dict[str, dict[str, float]] = {}
    for row in queries.rows("county_history", source.cursor(), **asked):
        history.setdefault(row["indicator_id"], {})[row["period"]] = row["value"]
    rows = [
        Row(
            known.indicator(row["indicator_id"]), row, tested[group, row["indicator_id"]],
            history.get(row["indicator_id"], {}),
        )
        for row in told
    ]  # fmt: skip
    return Standing(chosen.period, rows, _reports(source, chosen.period, county), nearest)


def _reports(source: Serving, period: str, county: str) -> list[Report]:
    known = catalogue.load()
    with_data = {
        row["dataset"] for row in queries.rows("periods", source.cursor())
        if row["period"] == period
    }  # fmt: skip
    found = {
        row["dataset_id"]: row
        for row in queries.rows("last_report", source.cursor(), area_code=county, period=period)
    }
    return [
        Report(d, row["period"], row["vintage"], row["explanation"], d.id in with_data)
        for d in known.datasets.values()
        if (row := found.get(d.id)) is not None
    ]
