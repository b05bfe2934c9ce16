"""Small multiples of a trend: a panel for each area on the same axes, the others behind in grey."""

from __future__ import annotations

import html
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from app import palette
from app.catalogue import Indicator
from app.charts.lines import line_look, line_trace, points_of
from app.charts.shared import (
    axis_room,
    compact,
    finite,
    short_value,
    span,
    target_label,
    target_of,
    value_axis,
)
from app.i18n import t
from app.lettering import BODY, SMALL, Caption, Key, drawn, frame

_ACROSS = 2  # panels in a row: what a phone has room for
_PANEL, _HEAD, _FOOT = 96, 20, 18  # px of a panel, of the name above it, of the quarters below it
_BLOCK = _PANEL + _HEAD + _FOOT
_BETWEEN = 0.06  # share of the width between two panels


@dataclass(frozen=True)
class _Panel:
    """Where a panel is: the number in its axes' names, its column, edges as shares of the plot."""

    number: str
    column: int
    left: float
    right: float
    bottom: float
    top: float


def multiples(
    rows: pd.DataFrame, indicator: Indicator, caption: Caption, series: Mapping[str, palette.Series]
) -> go.Figure:
    """A panel for each group of a trend frame, in the order of `series`, on the same axes."""
    lang = caption.lang
    order = sorted(rows["period"].unique())
    groups = {str(code): group for code, group in rows.groupby("group_code", sort=False)}
    shown = [code for code in series if code in groups]
    plot = max(-(-len(shown) // _ACROSS), 1) * _BLOCK
    panels = {code: _panel(place, plot) for place, code in enumerate(shown)}
    lines = {
        code: line_trace(
            points_of(groups[code], order), str(groups[code]["group_name"].iloc[0]),
            line_look(series[code]), indicator, lang,
        )
        for code in shown
    }  # fmt: skip
    target = target_of(indicator)
    low, high = span([*map(finite, rows["value"]), target])
    key = [Key("┄ " + target_label(indicator, lang))] if target is not None else []
    layout = frame(
        caption, plot, left=axis_room(low, high) + 8, right=8, above=2, below=4,
        key=[*key, Key(t("compare.others", lang), palette.MUTED)],
    )  # fmt: skip
    layout["annotations"] += [
        _name(groups[code], series[code], indicator, panel, lang) for code, panel in panels.items()
    ]
    for panel in panels.values():
        layout |= _axes(panel, order, indicator.unit, low, high)
    layout["shapes"] = [] if target is None else [_across(p, target) for p in panels.values()]
    return drawn([trace for code in shown for trace in _traces(code, panels[code], lines)], layout)


def _panel(place: int, plot: int) -> _Panel:
    """The panel at a place, counted row by row, of a plot so many px high."""
    row, column = divmod(place, _ACROSS)
    width = (1 - _BETWEEN * (_ACROSS - 1)) / _ACROSS
    left, top = column * (width + _BETWEEN), 1 - (row * _BLOCK + _HEAD) / plot
    number = "" if place == 0 else str(place + 1)
    return _Panel(number, column, left, left + width, top - _PANEL / plot, top)


def _axes(panel: _Panel, order: list[str], unit: str, low: float, high: float) -> dict[str, Any]:
    return {
        f"xaxis{panel.number}": _quarters(order)
        | {"domain": [panel.left, panel.right], "anchor": f"y{panel.number}"},
        f"yaxis{panel.number}": value_axis(unit, low, high)
        | {
            "domain": [panel.bottom, panel.top], "anchor": f"x{panel.number}", "nticks": 3,
            "range": [low, high], "showticklabels": panel.column == 0,
        },
    }  # fmt: skip


def _traces(code: str, panel: _Panel, lines: Mapping[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """The line of a group in its panel, above those of all the others."""
    on = {"xaxis": f"x{panel.number}", "yaxis": f"y{panel.number}"}
    own = lines[code]
    return [
        _behind([line for other, line in lines.items() if other != code]) | on,
        own | on | {"marker": own["marker"] | {"size": 5}},
    ]


def _across(panel: _Panel, target: float) -> dict[str, Any]:
    """The line of the target in a panel."""
    return {
        "type": "line", "xref": f"x{panel.number} domain", "yref": f"y{panel.number}", "x0": 0,
        "x1": 1, "y0": target, "y1": target,
        "line": {"color": palette.TARGET_LINE, "width": 1, "dash": "dash"},
    }  # fmt: skip


def _behind(lines: list[dict[str, Any]]) -> dict[str, Any]:
    x: list[Any] = []
    y: list[Any] = []
    for each in lines:
        x += [*each["x"], each["x"][-1] if each["x"] else None]
        y += [*each["y"], None]
    return {
        "type": "scatter", "mode": "lines", "name": "others", "x": x, "y": y, "connectgaps": False,
        "line": {"color": palette.OUTSIDE_BORDER, "width": 1}, "hoverinfo": "skip",
    }  # fmt: skip


def _quarters(order: list[str]) -> dict[str, Any]:
    ends = [order[0], order[-1]] if len(order) > 1 else order
    air = 0.14 * len(order)  # half a label of a panel on a phone
    return {
        "type": "category", "categoryorder": "array", "categoryarray": order,
        "range": [-air, len(order) - 1 + air], "tickvals": ends, "ticktext": ends,
        "showgrid": False, "showline": True, "tickangle": 0, "tickfont": {"size": SMALL},
    }  # fmt: skip


def _name(
    group: pd.DataFrame, look: palette.Series, indicator: Indicator, panel: _Panel, lang: str
) -> dict[str, Any]:
    """The name of a group with its last value, above its panel."""
    last = finite(group.sort_values("period")["value"].iloc[-1])
    name = html.escape(str(group["group_name"].iloc[0]), quote=False)
    return {
        "text": f"{look.sign} <b>{name}</b> {short_value(compact(last, 15), indicator, lang)}",
        "font": {"size": BODY, "color": look.ink}, "showarrow": False, "borderpad": 0,
        "x": panel.left, "xref": "paper", "xanchor": "left", "y": panel.top, "yref": "paper",
        "yanchor": "bottom",
    }  # fmt: skip
