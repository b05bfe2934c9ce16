"""The trend: groups of areas over the periods, on one indicator."""

from __future__ import annotations

import html
import math
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from app import formats, palette
from app.catalogue import Indicator
from app.charts.quarter_axis import quarter_axis
from app.charts.shared import (
    axis_room,
    compact,
    finite,
    line,
    no_data_note,
    note_at,
    one_if_equal,
    printed,
    records_of,
    span,
    target_label,
    target_of,
    value_axis,
)
from app.i18n import t
from app.lettering import (
    LEADING,
    SMALL,
    Caption,
    Key,
    drawn,
    frame,
    shorten,
    wrap,
)

LABEL_ROOM = 92  # px for the name at the end of a line
TREND_HEIGHT = 300
_SYMBOLS = (0, 1, 2, 5, 17, 3)  # circle, square, diamond, triangle, star, cross
_DASHES = {"east": "solid", "west": "dot", "north": "dashdot", "delta": "longdashdot"}


def trend(
    rows: pd.DataFrame,
    indicator: Indicator,
    caption: Caption,
    scope: str | None = None,
    selected: str | None = None,
    before: pd.DataFrame | None = None,
    before_name: str = "",
    told: Sequence[Key] = (),
    series: Mapping[str, palette.Series] | None = None,
) -> go.Figure:
    """A line for each group over the periods, named at its end.

    `rows` is the trend frame: group_code, group_name, level, period, value, areas_reporting,
    areas_expected, sample. A region keeps its colour, the province is black and dashed, the group
    `scope` is thick, `selected` is drawn above the others. A line breaks where a value is missing
    and where sample data ends; a point is hollow where some areas of the group have not reported.
    `before` is the frame of some of the groups before a correction, which `before_name` names in
    the key: a dotted line with crosses where it reads otherwise than the line of the group. `told`
    is what else the key says, such as what a test makes of the lines.
    With `series` each group looks as it says by its code, and all are alike in weight.
    """
    lang, unit = caption.lang, indicator.unit
    order = sorted(rows["period"].unique())
    groups = [g for _, g in rows.groupby("group_code", sort=False)]
    groups.sort(key=lambda g: _prominence(g.iloc[0], scope, selected))
    data, ends, hollow = [], [], False
    corrected: list[dict[str, Any]] = []
    for index, group in enumerate(groups):
        first = group.iloc[0]
        look = (
            line_look(series[str(first["group_code"])])
            if series is not None
            else _line_look(first, index, scope, selected)
        )
        points = points_of(group, order)
        hollow = hollow or any(p["partial"] for p in points)
        data.append(line_trace(points, str(first["group_name"]), look, indicator, lang))
        if before is not None:
            same = (before["group_code"] == first["group_code"]) & (
                before["level"] == first["level"]
            )
            earlier = points_of(before[same], order)
            corrected += _before_traces(earlier, points, look, indicator, before_name)
        last = next((p for p in reversed(points) if p["value"] is not None), None)
        if last is not None:
            name = wrap(str(first["group_name"]), LABEL_ROOM - 8, SMALL)
            if series is not None:  # as many as eight: one line each
                name = [shorten(str(first["group_name"]), LABEL_ROOM - 8, SMALL)]
            shown = formats.value(last["value"], unit, lang, decimals=indicator.decimals)
            number = shown if unit == "percent" else shown.split(" ")[0]
            if lang == "zh" and unit != "percent":
                number = formats.value(
                    last["value"], unit, lang, decimals=indicator.decimals, with_unit=False
                )
            bold = _prominence(first, scope, selected) > 1
            ends.append((last["value"], [*name[:2], number], look["color"], bold))

    data += corrected
    known = [v for v in (finite(v) for v in rows["value"]) if v is not None]
    known += [float(v) for trace in corrected for v in trace["y"] if v is not None]
    target = target_of(indicator)
    low, high = span([*known, target])
    shapes: list[dict[str, Any]] = []
    annotations: list[dict[str, Any]] = []
    if target is not None and known:
        shapes.append(line(y=target))
        annotations.append(_target_note(target_label(indicator, lang), target, data, low, high))
    for last, first_real in _turns(rows, order):
        place = (order.index(last) + order.index(first_real)) / 2
        shapes.append(line(x=place) | {"line": {"color": palette.MUTED, "width": 1, "dash": "dot"}})
        annotations.append(
            note_at(
                "← " + t("figure.sample", lang) + " ", x=place, xanchor="right", y=0, yref="paper"
            )
        )
    if not known:
        annotations.append(no_data_note(lang))
    annotations += _end_labels(ends, low, high, len(order) - 1)
    ticks = order[::-1][:: max(1, math.ceil(len(order) / 4))][::-1]
    left = axis_room(low, high) + 8
    note = t("figure.partial", lang) if hollow else ""
    key = [*told, *([Key(before_name, palette.MUTED)] if corrected else [])]
    layout = frame(
        caption, TREND_HEIGHT, left=left, right=LABEL_ROOM, above=8, below=38, key=key, note=note
    )
    layout["annotations"] += annotations
    layout |= {
        "shapes": shapes,
        "xaxis": quarter_axis(order, ticks, lang, end=0.8),
        "yaxis": value_axis(unit, low, high) | {"range": [low, high]},
    }
    return drawn(data, layout)


def _prominence(row: pd.Series, scope: str | None, selected: str | None) -> int:
    if selected is not None and row["group_code"] == selected:
        return 3
    if scope is not None and row["group_code"] == scope:
        return 2
    return 1 if row["level"] == "province" else 0


def _region(row: pd.Series) -> str | None:
    colour = palette.region_colour(str(row["group_code"])) or palette.region_colour(
        str(row["group_name"])
    )
    return next((code for code, c in palette.REGIONS.items() if c == colour), None)


def _line_look(
    row: pd.Series, index: int, scope: str | None, selected: str | None
) -> dict[str, Any]:
    region, rank = _region(row), _prominence(row, scope, selected)
    look: dict[str, Any] = {"color": palette.GREY, "dash": "solid", "width": 2}
    look["symbol"] = _SYMBOLS[index % len(_SYMBOLS)]
    if region is not None:
        look |= {"color": palette.REGIONS[region], "dash": _DASHES[region]}
        look["symbol"] = _SYMBOLS[list(palette.REGIONS).index(region)]
    elif row["level"] == "province":
        look |= {"color": palette.PROVINCE, "dash": "dash", "symbol": 3}
    elif rank == 2:
        look |= {"color": palette.SCOPE, "symbol": 0}
    if rank == 3 and region is None and row["level"] != "province":
        look |= {"color": palette.COUNTY, "symbol": 17}
    if rank >= 2:
        look["width"] = 4
    return look


def line_look(look: palette.Series) -> dict[str, Any]:
    """How the line of one of several areas looks."""
    return {"color": look.colour, "dash": look.dash, "symbol": look.symbol, "width": 2}


def points_of(group: pd.DataFrame, order: Sequence[str]) -> list[dict[str, Any]]:
    """A point for each period, also where there is none: a gap is a gap."""
    by_period = {r["period"]: r for r in records_of(group)}
    nothing = {"value": None, "sample": None, "areas_reporting": 0, "areas_expected": 0}
    points = []
    for period in order:
        row = by_period.get(period, nothing)
        value = finite(row["value"])
        known = value is not None
        reporting, expected = int(row["areas_reporting"]), int(row["areas_expected"])
        points.append(
            {
                "period": period,
                "value": value,
                "sample": bool(row["sample"]) if known else None,
                "partial": known and reporting < expected,
                "coverage": f"{reporting}/{expected}" if known else "",
            }
        )
    return points


def line_trace(
    points: list[dict[str, Any]],
    name: str,
    look: dict[str, Any],
    indicator: Indicator,
    lang: str,
) -> dict[str, Any]:
    """The line of one group; it breaks where a value is missing and where sample data ends."""
    decimals = formats.decimals_of(indicator.unit, indicator.decimals)
    x: list[str] = []
    y: list[float | int | None] = []
    symbols: list[int] = []
    coverage: list[str] = []
    before: bool | None = None
    for point in points:
        value = point["value"]
        if value is not None:
            if before is not None and point["sample"] is not before:
                x, y = [*x, point["period"]], [*y, None]  # no line from sample to real
                symbols.append(look["symbol"])
                coverage.append("")
            before = point["sample"]
        x.append(point["period"])
        y.append(printed(value, decimals))
        symbols.append(look["symbol"] + (100 if point["partial"] else 0))
        coverage.append(point["coverage"])
    unit = "%" if indicator.unit == "percent" else ""
    told = t("figure.hover.coverage", lang, coverage="%{text}")
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "name": name,
        "x": x,
        "y": y,
        "connectgaps": False,
        "line": {"color": look["color"], "dash": look["dash"], "width": look["width"]},
        "marker": {
            "symbol": one_if_equal(symbols),
            "size": 9 if look["width"] > 2 else 7,
            "color": look["color"],
            "line": {"width": 1.5, "color": look["color"]},
        },
        "cliponaxis": False,
        "text": coverage,
        "hovertemplate": f"<b>{html.escape(name, quote=False)}</b><br>%{{x}} "
        f"%{{y:,.{decimals}f}}{unit}<br>{told}<extra></extra>",
    }


def _before_traces(
    earlier: list[dict[str, Any]],
    points: list[dict[str, Any]],
    look: dict[str, Any],
    indicator: Indicator,
    name: str,
) -> list[dict[str, Any]]:
    """A dotted line through the points that read otherwise before, from and to their neighbours.

    None where all read alike. Sample data is no earlier state of real data.
    """
    decimals = formats.decimals_of(indicator.unit, indicator.decimals)
    shown = [printed(point["value"], decimals) for point in earlier]
    differs = [
        value is not None
        and now["value"] is not None
        and then["sample"] is now["sample"]
        and value != printed(now["value"], decimals)
        for value, then, now in zip(shown, earlier, points, strict=True)
    ]
    if not any(differs):
        return []
    kinds = [point["sample"] for point in earlier]
    near = [
        any(
            differs[other] and kinds[other] is kinds[place]
            for other in range(max(place - 1, 0), min(place + 2, len(differs)))
        )
        for place in range(len(differs))
    ]
    unit = "%" if indicator.unit == "percent" else ""
    return [
        {
            "type": "scatter",
            "mode": "lines+markers",
            "name": name,
            "x": [point["period"] for point in earlier],
            "y": [value if drawn else None for value, drawn in zip(shown, near, strict=True)],
            "connectgaps": False,
            "line": {"color": look["color"], "dash": "dot", "width": 1.5},
            "marker": {
                "symbol": "x-thin",
                "size": [9 if differ else 0 for differ in differs],
                "line": {"width": 2, "color": look["color"]},
            },
            "cliponaxis": False,
            "hovertemplate": f"{html.escape(name, quote=False)}<br>%{{x}} "
            f"%{{y:,.{decimals}f}}{unit}<extra></extra>",
        }
    ]


def _end_labels(
    ends: list[tuple[float, list[str], str, bool]], low: float, high: float, last: int
) -> list[dict[str, Any]]:
    """Names at the right end of the lines, moved apart where they would overlap."""
    scale = TREND_HEIGHT / (high - low)
    placed = sorted(ends, key=lambda end: end[0])
    half = [len(lines) * SMALL * LEADING / 2 for _, lines, _, _ in placed]
    centre = [(value - low) * scale for value, *_ in placed]
    for i in range(1, len(placed)):
        centre[i] = max(centre[i], centre[i - 1] + half[i - 1] + half[i] + 2)
    if placed:
        centre[-1] = min(centre[-1], TREND_HEIGHT + 4 - half[-1])
    for i in reversed(range(len(placed) - 1)):
        centre[i] = min(centre[i], centre[i + 1] - half[i + 1] - half[i] - 2)
    labels = []
    for (value, lines, colour, bold), middle in zip(placed, centre, strict=True):
        text = "<br>".join(lines)
        labels.append(
            {
                "text": f"<b>{text}</b>" if bold else text,
                "font": {"size": SMALL, "color": palette.ink_of(colour)},
                "align": "left",
                "showarrow": False,
                "borderpad": 0,
                "x": 1,
                "xref": "paper",
                "xanchor": "left",
                "xshift": 4,
                "y": compact(value),
                "yanchor": "middle",
                "yshift": round(middle - (value - low) * scale),
            }
        )
    return labels


def _target_note(
    text: str, target: float, data: Sequence[Mapping[str, Any]], low: float, high: float
) -> dict[str, Any]:
    """The target's name at its line: at the left or right, above or below, clear of the points.

    Where no corner is clear, the one with the fewest points on it.
    """
    tall = (SMALL * LEADING + 6) / TREND_HEIGHT * (high - low)

    def covered(side: str, above: bool) -> int:
        bottom, top = (target, target + tall) if above else (target - tall, target)
        if top > high or bottom < low:
            return 1 + sum(len(trace["y"]) for trace in data)
        points = 0
        for trace in data:
            known = [y for y in trace["y"] if y is not None]
            near = (
                known[: (len(known) + 1) // 3]
                if side == "left"
                else known[-(len(known) + 1) // 3 :]
            )
            points += sum(bottom < y < top for y in near)
        return points

    corners = [("left", True), ("left", False), ("right", True), ("right", False)]
    side, above = min(corners, key=lambda corner: covered(*corner))
    return note_at(
        text, x=0 if side == "left" else 1, xref="paper", xanchor=side, y=target,
        yanchor="bottom" if above else "top",
    )  # fmt: skip


def _turns(rows: pd.DataFrame, order: Sequence[str]) -> list[tuple[str, str]]:
    """Neighbouring periods of which one is sample and the next is real."""
    known = rows[rows["value"].notna()]
    kinds = {str(p): set(g["sample"].astype(bool)) for p, g in known.groupby("period")}
    there = [p for p in order if p in kinds]
    return [(a, b) for a, b in pairwise(there) if kinds[a] == {True} and kinds[b] == {False}]
