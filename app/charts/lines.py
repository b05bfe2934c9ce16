"""Lines over the quarters: the points of a group of areas, and how their line is drawn."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from app import formats, palette
from app.catalogue import Indicator
from app.charts.shared import finite, one_if_equal, printed, records_of
from app.i18n import t

_HOLLOW = 100  # what plotly adds to the number of a symbol that is hollow


@dataclass(frozen=True)
class Point:
    """The figure of one quarter; `sample` is None where there is no value.

    `partial` says that not all areas of the group have reported, `coverage` how many have.
    """

    period: str
    value: float | None = None
    sample: bool | None = None
    partial: bool = False
    coverage: str = ""


def points_of(group: pd.DataFrame, order: Sequence[str]) -> list[Point]:
    """A point for each period, also where there is none: a gap is a gap."""
    by_period = {row["period"]: _point(row) for row in records_of(group)}
    return [by_period.get(period) or Point(period) for period in order]


def _point(row: dict[str, Any]) -> Point:
    value = finite(row["value"])
    if value is None:
        return Point(row["period"])
    reporting, expected = int(row["areas_reporting"]), int(row["areas_expected"])
    return Point(
        row["period"], value, bool(row["sample"]), reporting < expected, f"{reporting}/{expected}"
    )


def line_look(look: palette.Series) -> dict[str, Any]:
    """How the line of one of several areas looks."""
    return {"color": look.colour, "dash": look.dash, "symbol": look.symbol, "width": 2}


def line_trace(
    points: Sequence[Point],
    name: str,
    look: dict[str, Any],
    indicator: Indicator,
    lang: str,
) -> dict[str, Any]:
    """The line of one group; it breaks where a value is missing and where sample data ends."""
    decimals = formats.decimals_of(indicator.unit, indicator.decimals)
    drawn = _broken(points)
    told = t("figure.hover.coverage", lang, coverage="%{text}")
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "name": name,
        "x": [point.period for point in drawn],
        "y": [printed(point.value, decimals) for point in drawn],
        "connectgaps": False,
        "line": {"color": look["color"], "dash": look["dash"], "width": look["width"]},
        "marker": {
            "symbol": one_if_equal(
                [look["symbol"] + (_HOLLOW if point.partial else 0) for point in drawn]
            ),
            "size": 9 if look["width"] > 2 else 7,
            "color": look["color"],
            "line": {"width": 1.5, "color": look["color"]},
        },
        "cliponaxis": False,
        "text": [point.coverage for point in drawn],
        "hovertemplate": f"<b>{html.escape(name, quote=False)}</b><br>"
        f"{_value_told(indicator)}<br>{told}<extra></extra>",
    }


def _broken(points: Sequence[Point]) -> list[Point]:
    """The points with a gap where sample data ends, so that no line runs on to real data."""
    drawn: list[Point] = []
    kind: bool | None = None
    for point in points:
        if point.sample is not None:
            if kind is not None and kind is not point.sample:
                drawn.append(Point(point.period))
            kind = point.sample
        drawn.append(point)
    return drawn


def _value_told(indicator: Indicator) -> str:
    """Quarter and value of a point for its hover text."""
    decimals = formats.decimals_of(indicator.unit, indicator.decimals)
    return f"%{{x}} %{{y:,.{decimals}f}}{'%' if indicator.unit == 'percent' else ''}"


def before_traces(
    earlier: Sequence[Point],
    points: Sequence[Point],
    colour: str,
    indicator: Indicator,
    name: str,
) -> list[dict[str, Any]]:
    """A dotted line through the points that read otherwise before, from and to their neighbours.

    None where all read alike. Sample data is no earlier state of real data.
    """
    decimals = formats.decimals_of(indicator.unit, indicator.decimals)
    shown = [printed(point.value, decimals) for point in earlier]
    differs = [
        value is not None
        and now.value is not None
        and then.sample is now.sample
        and value != printed(now.value, decimals)
        for value, then, now in zip(shown, earlier, points, strict=True)
    ]
    if not any(differs):
        return []
    near = _near(differs, [point.sample for point in earlier])
    return [
        {
            "type": "scatter",
            "mode": "lines+markers",
            "name": name,
            "x": [point.period for point in earlier],
            "y": [value if drawn else None for value, drawn in zip(shown, near, strict=True)],
            "connectgaps": False,
            "line": {"color": colour, "dash": "dot", "width": 1.5},
            "marker": {
                "symbol": "x-thin",
                "size": [9 if differ else 0 for differ in differs],
                "line": {"width": 2, "color": colour},
            },
            "cliponaxis": False,
            "hovertemplate": f"{html.escape(name, quote=False)}<br>"
            f"{_value_told(indicator)}<extra></extra>",
        }
    ]


def _near(differs: Sequence[bool], kinds: Sequence[bool | None]) -> list[bool]:
    """Which points differ or are beside one of their kind, sample or real, that does."""
    return [
        any(
            differs[other] and kinds[other] is kinds[place]
            for other in range(max(place - 1, 0), min(place + 2, len(differs)))
        )
        for place in range(len(differs))
    ]
