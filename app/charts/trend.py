"""The trend: groups of areas over the periods, on one indicator."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from app import palette
from app.catalogue import Indicator
from app.charts.lines import Point, before_traces, line_look, line_trace, points_of
from app.charts.quarter_axis import quarter_axis
from app.charts.shared import (
    axis_room,
    compact,
    finite,
    line,
    no_data_note,
    note_at,
    short_value,
    span,
    target_label,
    target_of,
    value_axis,
)
from app.i18n import t
from app.lettering import LEADING, SMALL, Caption, Key, drawn, frame, shorten, wrap

LABEL_ROOM = 92  # px for the name at the end of a line
TREND_HEIGHT = 300
_SYMBOLS = (0, 1, 2, 5, 17, 3)  # circle, square, diamond, triangle, star, cross
_TICKS = 4  # quarters that are named, at most
_DASHES = {"east": "solid", "west": "dot", "north": "dashdot", "delta": "longdashdot"}


@dataclass(frozen=True)
class _Group:
    """A group as it is drawn; `bold` says that it stands out by its name."""

    code: str
    level: str
    name: str
    points: list[Point]
    look: dict[str, Any]
    bold: bool


@dataclass(frozen=True)
class _End:
    """What stands at the end of a line, beside its last value."""

    value: float
    lines: list[str]
    colour: str
    bold: bool


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
    lang = caption.lang
    order = sorted(rows["period"].unique())
    groups = _groups(rows, order, scope, selected, series)
    corrected = [] if before is None else _corrected(groups, before, order, indicator, before_name)
    data = [line_trace(g.points, g.name, g.look, indicator, lang) for g in groups] + corrected
    known = [v for v in map(finite, rows["value"]) if v is not None]
    known += [float(v) for trace in corrected for v in trace["y"] if v is not None]
    target = target_of(indicator)
    low, high = span([*known, target])
    shapes, notes = _turns(rows, order, lang)
    if target is not None and known:
        shapes = [line(y=target), *shapes]
        notes = [_target_note(target_label(indicator, lang), target, data, low, high), *notes]
    if not known:
        notes.append(no_data_note(lang))
    hollow = any(point.partial for group in groups for point in group.points)
    layout = frame(
        caption, TREND_HEIGHT, left=axis_room(low, high) + 8, right=LABEL_ROOM, above=8, below=38,
        key=[*told, *([Key(before_name, palette.MUTED)] if corrected else [])],
        note=t("figure.partial", lang) if hollow else "",
    )  # fmt: skip
    ends = _ends(groups, indicator, lang, wrapped=series is None)
    layout["annotations"] += [*notes, *_end_labels(ends, low, high)]
    layout |= {
        "shapes": shapes,
        "xaxis": quarter_axis(order, _ticks(order), lang, end=0.8),
        "yaxis": value_axis(indicator.unit, low, high) | {"range": [low, high]},
    }
    return drawn(data, layout)


def _groups(
    rows: pd.DataFrame, order: Sequence[str], scope: str | None, selected: str | None,
    series: Mapping[str, palette.Series] | None,
) -> list[_Group]:  # fmt: skip
    """The groups as they are drawn, the most prominent last and so above the others."""
    groups = [group for _, group in rows.groupby("group_code", sort=False)]
    groups.sort(key=lambda group: _prominence(group.iloc[0], scope, selected))
    found = []
    for index, group in enumerate(groups):
        first = group.iloc[0]
        code = str(first["group_code"])
        look = (
            _line_look(first, index, scope, selected) if series is None else line_look(series[code])
        )
        bold = _prominence(first, scope, selected) > 1
        points = points_of(group, order)
        found.append(_Group(code, first["level"], str(first["group_name"]), points, look, bold))
    return found


def _corrected(
    groups: Sequence[_Group], before: pd.DataFrame, order: Sequence[str], indicator: Indicator,
    name: str,
) -> list[dict[str, Any]]:  # fmt: skip
    """The lines of the groups as they were before a correction."""
    traces: list[dict[str, Any]] = []
    for group in groups:
        same = (before["group_code"] == group.code) & (before["level"] == group.level)
        earlier = points_of(before[same], order)
        traces += before_traces(earlier, group.points, group.look["color"], indicator, name)
    return traces


def _ticks(order: Sequence[str]) -> Sequence[str]:
    """The quarters that are named: the last and, of many, some at even distances before it."""
    return order[::-1][:: max(1, math.ceil(len(order) / _TICKS))][::-1]


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


def _ends(groups: Sequence[_Group], indicator: Indicator, lang: str, wrapped: bool) -> list[_End]:
    """What stands at the end of each line: its name, cut or in up to two lines, and its value.

    It is cut where there are as many as eight lines.
    """
    ends = []
    for group in groups:
        last = next((p.value for p in reversed(group.points) if p.value is not None), None)
        if last is None:
            continue
        room = LABEL_ROOM - 8
        name = wrap(group.name, room, SMALL) if wrapped else [shorten(group.name, room, SMALL)]
        lines = [*name[:2], short_value(last, indicator, lang)]
        ends.append(_End(last, lines, group.look["color"], group.bold))
    return ends


def _end_labels(ends: Sequence[_End], low: float, high: float) -> list[dict[str, Any]]:
    """Names at the right end of the lines, moved apart where they would overlap."""
    scale = TREND_HEIGHT / (high - low)
    placed = sorted(ends, key=lambda end: end.value)
    natural = [(end.value - low) * scale for end in placed]
    moved = _apart(natural, [len(end.lines) * SMALL * LEADING / 2 for end in placed])
    labels = []
    for end, place, middle in zip(placed, natural, moved, strict=True):
        text = "<br>".join(end.lines)
        labels.append(
            {
                "text": f"<b>{text}</b>" if end.bold else text,
                "font": {"size": SMALL, "color": palette.ink_of(end.colour)},
                "align": "left",
                "showarrow": False,
                "borderpad": 0,
                "x": 1,
                "xref": "paper",
                "xanchor": "left",
                "xshift": 4,
                "y": compact(end.value),
                "yanchor": "middle",
                "yshift": round(middle - place),
            }
        )
    return labels


def _apart(places: Sequence[float], half: Sequence[float]) -> list[float]:
    """Middles in px from below, from low to high, so that none of `half` a height overlap."""
    middle = list(places)
    for i in range(1, len(middle)):
        middle[i] = max(middle[i], middle[i - 1] + half[i - 1] + half[i] + 2)
    if middle:
        middle[-1] = min(middle[-1], TREND_HEIGHT + 4 - half[-1])
    for i in reversed(range(len(middle) - 1)):
        middle[i] = min(middle[i], middle[i + 1] - half[i + 1] - half[i] - 2)
    return middle


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


def _turns(
    rows: pd.DataFrame, order: Sequence[str], lang: str
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The lines where sample data ends and real data begins, and what they are called."""
    known = rows[rows["value"].notna()]
    kinds = {str(p): set(g["sample"].astype(bool)) for p, g in known.groupby("period")}
    there = [period for period in order if period in kinds]
    places = [
        (order.index(one) + order.index(other)) / 2
        for one, other in pairwise(there)
        if kinds[one] == {True} and kinds[other] == {False}
    ]
    look = {"line": {"color": palette.MUTED, "width": 1, "dash": "dot"}}
    name = f"← {t('figure.sample', lang)} "
    return (
        [line(x=place) | look for place in places],
        [note_at(name, x=place, xanchor="right", y=0, yref="paper") for place in places],
    )
