"""Two indicators of all areas against each other, some of them named; no line of best fit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from app import formats, palette
from app.catalogue import Indicator
from app.charts.shared import (
    axis_room,
    compact,
    finite,
    labels_of,
    no_data_note,
    pale_dots,
    records_of,
    span,
    target_label,
    target_of,
    value_axis,
)
from app.i18n import t
from app.lettering import BODY, SMALL, Caption, Key, drawn, frame, shorten

_HEIGHT = 400
_NAME = 96  # px for the name beside a point
_TITLE = 250  # px for the name of an axis


def scatter(
    points: pd.DataFrame,
    x: Indicator,
    y: Indicator,
    caption: Caption,
    series: Mapping[str, palette.Series],
    lines: tuple[float | None, float | None],
    selected: str | None = None,
) -> go.Figure:
    """A point for each area that has both values, in grey but for those of `series`.

    `points`: area_code, area_name, city_name, x, y. `lines` are where the thin lines stand, upright
    and across: the target where an indicator has one, else the median. A click gives the area's
    code as `customdata[0]`.
    """
    lang = caption.lang
    seen = points[points["x"].notna() & points["y"].notna()]
    named = seen["area_code"].isin(list(series))
    ranges = [
        span([*map(float, seen[name]), at]) for name, at in zip(("x", "y"), lines, strict=True)
    ]
    data = [_others(seen[~named], x, y, selected, lang)]
    for code, look in series.items():
        own = seen[seen["area_code"] == code]
        if len(own):
            place = _place(own, seen[named & (seen["area_code"] != code)], ranges)
            data.append(_named(own, x, y, look, place, lang))
    layout = frame(
        caption, _HEIGHT, left=axis_room(*ranges[1]) + 26, right=14, above=8, below=52,
        key=_key(points, x, y, series, lines, lang),
    )  # fmt: skip
    if seen.empty:
        layout["annotations"].append(no_data_note(lang))
    layout |= {
        "shapes": [] if seen.empty else _thin_lines(*lines),
        "xaxis": _axis(x, *ranges[0], lang),
        "yaxis": _axis(y, *ranges[1], lang),
    }
    return drawn(data, layout)


def _axis(indicator: Indicator, low: float, high: float, lang: str) -> dict[str, Any]:
    title = {"text": shorten(indicator.label(lang), _TITLE, BODY), "font": {"size": BODY}}
    return value_axis(indicator.unit, low, high) | {"title": title, "showline": True}


def _others(
    rows: pd.DataFrame, x: Indicator, y: Indicator, selected: str | None, lang: str
) -> dict[str, Any]:
    return {
        "type": "scatter", "mode": "markers", "name": "others",
        "x": [compact(v) for v in rows["x"]], "y": [compact(v) for v in rows["y"]],
        "marker": pale_dots(rows["area_code"], selected),
        "cliponaxis": False,
        "customdata": facts(rows, (x, y), lang), "hovertemplate": _hover(x, y, lang),
    }  # fmt: skip


def _named(
    rows: pd.DataFrame, x: Indicator, y: Indicator, look: palette.Series,
    place: str, lang: str,
) -> dict[str, Any]:  # fmt: skip
    name = shorten(str(rows["area_name"].iloc[0]), _NAME, SMALL)
    return {
        "type": "scatter", "mode": "markers+text", "name": str(rows["area_name"].iloc[0]),
        "x": [compact(float(rows["x"].iloc[0]))], "y": [compact(float(rows["y"].iloc[0]))],
        "text": [f" {name} "], "textposition": place,
        "textfont": {"size": SMALL, "color": look.ink},
        "marker": {"size": 12, "color": look.colour, "symbol": look.symbol,
                   "line": {"color": palette.SELECTED, "width": 1}},
        "cliponaxis": False,
        "customdata": facts(rows, (x, y), lang), "hovertemplate": _hover(x, y, lang),
    }  # fmt: skip


def _place(own: pd.DataFrame, others: pd.DataFrame, ranges: list[tuple[float, float]]) -> str:
    """Where the name of a point stands: inwards, and away from a named point above or below it."""
    x, y = float(own["x"].iloc[0]), float(own["y"].iloc[0])
    (left, right), (low, high) = ranges
    near = others[
        ((others["y"] - y).abs() < 0.05 * (high - low))
        & ((others["x"] - x).abs() < 0.4 * (right - left))
    ]
    side = "left" if x > (left + right) / 2 else "right"
    if near.empty:
        return f"middle {side}"
    above = (near["y"] > y) | ((near["y"] == y) & (near["area_code"] < own["area_code"].iloc[0]))
    return f"{'bottom' if above.any() else 'top'} {side}"


def facts(rows: pd.DataFrame, indicators: tuple[Indicator, ...], lang: str) -> list[list[str]]:
    """Code, name, city and the values of each area, for hover; columns x and y in this order."""
    return [
        [
            str(row["area_code"]), str(row["area_name"]), str(row["city_name"]),
            *(
                formats.value(finite(row[name]), i.unit, lang, decimals=i.decimals)
                for name, i in zip(("x", "y"), indicators, strict=False)
            ),
        ]
        for row in records_of(rows)
    ]  # fmt: skip


def _hover(x: Indicator, y: Indicator, lang: str) -> str:
    return (
        "<b>%{customdata[1]}</b> %{customdata[2]}"
        f"<br>{y.short(lang)} <b>%{{customdata[4]}}</b>"
        f"<br>{x.short(lang)} <b>%{{customdata[3]}}</b><extra></extra>"
    )


def _thin_lines(upright: float | None, across: float | None) -> list[dict[str, Any]]:
    """The lines at a value of each indicator, over the whole plot."""
    whole = [
        {"x0": upright, "x1": upright, "yref": "paper", "y0": 0, "y1": 1},
        {"y0": across, "y1": across, "xref": "paper", "x0": 0, "x1": 1},
    ]
    look = {"color": palette.TARGET_LINE, "width": 1, "dash": "dot"}
    return [
        {"type": "line", "line": look, **place}
        for place, at in zip(whole, (upright, across), strict=True)
        if at is not None
    ]


def _key(
    points: pd.DataFrame, x: Indicator, y: Indicator, series: Mapping[str, palette.Series],
    lines: tuple[float | None, float | None], lang: str,
) -> list[Key]:  # fmt: skip
    """Where the lines stand, and which mark is whose, of those without both values too."""
    upright, across = lines
    key = [] if across is None else [_line_key(y, across, "┄", lang)]
    if upright is not None:
        key.append(_line_key(x, upright, "┊", lang))
    names = labels_of(points, "area_code", "area_name")
    return key + [
        Key(f"{look.sign} {names[code]}", look.ink)
        for code, look in series.items()
        if code in names
    ]


def _line_key(indicator: Indicator, at: float, sign: str, lang: str) -> Key:
    if target_of(indicator) is not None:
        told = target_label(indicator, lang)
    else:
        value = formats.value(at, indicator.unit, lang, decimals=indicator.decimals)
        told = t("compare.median", lang, value=value)
    return Key(f"{sign} {indicator.short(lang)} {told}", palette.MUTED)
