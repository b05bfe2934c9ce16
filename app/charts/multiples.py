"""Small multiples of a trend: a panel for each area on the same axes, the others behind in grey."""

from __future__ import annotations

import html
from collections.abc import Mapping
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from app import formats, palette
from app.catalogue import Indicator
from app.charts.lines import line_look, line_trace, points_of
from app.charts.shared import axis_room, compact, finite, span, target_label, target_of, value_axis
from app.i18n import t
from app.lettering import BODY, SMALL, Caption, Key, drawn, frame

_ACROSS = 2  # panels in a row: what a phone has room for
_PANEL, _HEAD, _FOOT = 96, 20, 18  # px of a panel, of the name above it, of the quarters below it
_BETWEEN = 0.06  # share of the width between two panels


def multiples(
    rows: pd.DataFrame, indicator: Indicator, caption: Caption, series: Mapping[str, palette.Series]
) -> go.Figure:
    """A panel for each group of a trend frame, in the order of `series`, on the same axes."""
    lang, unit = caption.lang, indicator.unit
    order = sorted(rows["period"].unique())
    groups = {str(code): g for code, g in rows.groupby("group_code", sort=False)}
    shown = [code for code in series if code in groups]
    lines = {
        code: line_trace(
            points_of(groups[code], order), str(groups[code]["group_name"].iloc[0]),
            line_look(series[code]), indicator, lang,
        )
        for code in shown
    }  # fmt: skip
    target = target_of(indicator)
    low, high = span([*map(finite, rows["value"]), target])
    down = -(-len(shown) // _ACROSS)
    block = _PANEL + _HEAD + _FOOT
    plot = max(down * block, block)
    data: list[dict[str, Any]] = []
    axes: dict[str, Any] = {}
    shapes: list[dict[str, Any]] = []
    names: list[dict[str, Any]] = []
    width = (1 - _BETWEEN * (_ACROSS - 1)) / _ACROSS
    for place, code in enumerate(shown):
        row, column = divmod(place, _ACROSS)
        left = column * (width + _BETWEEN)
        top = 1 - (row * block + _HEAD) / plot
        number = "" if place == 0 else str(place + 1)
        on = {"xaxis": f"x{number}", "yaxis": f"y{number}"}
        data.append(_behind([lines[c] for c in shown if c != code]) | on)
        data.append(lines[code] | on | {"marker": lines[code]["marker"] | {"size": 5}})
        axes[f"xaxis{number}"] = _quarters(order) | {
            "domain": [left, left + width], "anchor": f"y{number}",
        }  # fmt: skip
        axes[f"yaxis{number}"] = value_axis(unit, low, high) | {
            "domain": [top - _PANEL / plot, top], "anchor": f"x{number}", "nticks": 3,
            "range": [low, high], "showticklabels": column == 0,
        }  # fmt: skip
        if target is not None:
            dashed = {"color": palette.TARGET_LINE, "width": 1, "dash": "dash"}
            shapes.append(
                {"type": "line", "xref": f"x{number} domain", "yref": f"y{number}", "x0": 0,
                 "x1": 1, "y0": target, "y1": target, "line": dashed}
            )  # fmt: skip
        names.append(_name(groups[code], series[code], indicator, left, top, lang))
    key = [Key("┄ " + target_label(indicator, lang))] if target is not None else []
    key.append(Key(t("compare.others", lang), palette.MUTED))
    layout = frame(caption, plot, left=axis_room(low, high) + 8, right=8, above=2, below=4, key=key)
    layout["annotations"] += names
    return drawn(data, layout | axes | {"shapes": shapes})


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
    group: pd.DataFrame, look: palette.Series, indicator: Indicator, left: float, top: float,
    lang: str,
) -> dict[str, Any]:  # fmt: skip
    last = finite(group.sort_values("period")["value"].iloc[-1])
    value = formats.value(
        compact(last, 15), indicator.unit, lang, decimals=indicator.decimals,
        with_unit=indicator.unit == "percent",
    )  # fmt: skip
    name = html.escape(str(group["group_name"].iloc[0]), quote=False)
    return {
        "text": f"{look.sign} <b>{name}</b> {value}",
        "font": {"size": BODY, "color": look.ink}, "showarrow": False, "borderpad": 0,
        "x": left, "xref": "paper", "xanchor": "left", "y": top, "yref": "paper",
        "yanchor": "bottom",
    }  # fmt: skip
