"""How all areas are spread on one indicator: a dot each, none upon another, some of them named."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from app import formats, palette
from app.catalogue import Indicator
from app.charts.scatter import facts
from app.charts.shared import (
    compact,
    no_data_note,
    span,
    status_key,
    target_label,
    target_of,
    value_axis,
)
from app.i18n import t
from app.lettering import SMALL, Caption, Key, drawn, frame, shorten, text_width

_WIDTH = 300  # px of the plot on a phone, for which the dots are laid out
_DOT, _TALLEST, _LEAST = 8, 360, 72  # px of a dot, of the swarm at most, at least
_LABEL = 16  # px of a row of names
_NAME = 110  # px of a name


class Spread(NamedTuple):
    """Lower quartile, median and upper quartile (definition 7 of Hyndman and Fan)."""

    low: float
    median: float
    high: float


def spread(values: Sequence[float]) -> Spread | None:
    """Median and quartiles; None for no values."""
    if not len(values):
        return None
    return Spread(*(float(v) for v in np.quantile(np.asarray(values), [0.25, 0.5, 0.75])))


def layers(values: Sequence[float], apart: float) -> list[int]:
    """For values in order, how far from the middle each dot lies: 0, 1, -1, 2, -2 and so on.

    A dot takes the layer nearest the middle whose last dot is at least `apart` away.
    """
    last = np.full(len(values), -np.inf)
    found = []
    for value in values:
        place = int(np.argmax(last <= value - apart))
        last[place] = value
        found.append((place + 1) // 2 * (1 if place % 2 else -1))
    return found


def swarm(
    points: pd.DataFrame,
    indicator: Indicator,
    caption: Caption,
    series: Mapping[str, palette.Series],
    middle: Spread | None,
    selected: str | None = None,
) -> go.Figure:
    """A dot for each area with a value, in grey but for those of `series`, which are named above.

    Those of them without a value are named in the key.

    `points`: area_code, area_name, city_name, x, status. The `middle` and the target are lines. A
    click gives the area's code as `customdata[0]`.
    """
    lang, unit = caption.lang, indicator.unit
    seen = points[points["x"].notna()].sort_values(["x", "area_code"])
    values = [float(v) for v in seen["x"]]
    target = target_of(indicator)
    low, high = span([*values, target])
    scale = _WIDTH / (high - low)
    layer = layers(values, (_DOT + 0.5) / scale)
    rows = max((abs(n) for n in layer), default=0) * 2 + 1
    tall = min(max(rows * (_DOT + 1), _LEAST), _TALLEST)
    step = min(_DOT + 1, tall / rows)
    seen = seen.assign(at=[n * step for n in layer])
    named = seen[seen["area_code"].isin(list(series))]
    labels, used = _labels(named, series, indicator, low, scale, tall / 2, lang)
    edges = [2.5 if code == selected else 1 for code in seen["area_code"]]
    data: list[dict[str, Any]] = [
        {
            "type": "scatter", "mode": "markers", "name": "areas",
            "x": [compact(v) for v in seen["x"]], "y": [compact(v) for v in seen["at"]],
            "marker": {"size": _DOT, "color": palette.OUTSIDE_BORDER,
                       "line": {"color": palette.GREY, "width": edges}},
            "cliponaxis": False,
            "customdata": facts(seen, (indicator,), lang), "hovertemplate": _hover(indicator, lang),
        }
    ]  # fmt: skip
    shapes: list[dict[str, Any]] = []
    for label in labels:
        look = series[label["code"]]
        shapes.append(
            _upright(label["x"], look.colour, "solid")
            | {"yref": "y", "y0": label["at"], "y1": label["y"]}
        )
        data.append(_mark(seen[seen["area_code"] == label["code"]], label, look, indicator, lang))
    across = {"yref": "y", "y0": -tall / 2 - 4, "y1": tall / 2 + 4}  # not through the names
    key: list[Key] = []
    if middle is not None:
        for at, dash in zip(middle, ("dot", "solid", "dot"), strict=True):
            shapes.append(_upright(at, palette.MUTED, dash) | across)
        key = _key(middle, indicator, lang)
    if target is not None and values:
        shapes.append(_upright(target, palette.TARGET_LINE, "dash", 1.5) | across)
        key.append(Key("╌ " + target_label(indicator, lang)))
    key += status_key(points[points["status"] != "observed"], indicator, lang)
    absent = points[points["x"].isna() & points["area_code"].isin(list(series))]
    for row in absent.to_dict("records"):  # of those chosen, who has no dot
        mark = formats.mark(str(row["status"]), lang)
        key.append(Key(f"{row['area_name']} {mark}", series[str(row["area_code"])].ink))
    height = round(tall + used * _LABEL + 8)
    layout = frame(caption, height, left=14, right=14, above=4, below=24, key=key)
    if not values:
        layout["annotations"].append(no_data_note(lang))
    layout |= {
        "shapes": shapes,
        "xaxis": value_axis(unit, low, high) | {"showline": True, "tickangle": 0},
        "yaxis": {"range": [-tall / 2 - 4, tall / 2 + used * _LABEL + 4], "visible": False},
    }
    return drawn(data, layout)


def _labels(
    named: pd.DataFrame, series: Mapping[str, palette.Series], indicator: Indicator, low: float,
    scale: float, top: float, lang: str,
) -> tuple[list[dict[str, Any]], int]:  # fmt: skip
    """Where the names stand above the dots, in rows so that none lies on another; how many rows."""
    ends: list[list[tuple[float, float]]] = []
    labels = []
    for row in named.to_dict("records"):
        code = str(row["area_code"])
        value = formats.value(
            row["x"], indicator.unit, lang, decimals=indicator.decimals,
            with_unit=indicator.unit == "percent",
        )  # fmt: skip
        text = f"{shorten(str(row['area_name']), _NAME, SMALL)} {value}"
        at = (row["x"] - low) * scale
        wide = text_width(text, SMALL) + 8
        right = at < _WIDTH / 2
        begin, end = (at, at + wide) if right else (at - wide, at)
        place = next(
            (i for i, taken in enumerate(ends) if all(end < a or begin > b for a, b in taken)),
            len(ends),
        )
        if place == len(ends):
            ends.append([])
        ends[place].append((begin, end))
        labels.append(
            {"code": code, "x": row["x"], "at": row["at"], "y": top + 8 + place * _LABEL,
             "text": text, "side": "right" if right else "left"}
        )  # fmt: skip
    return labels, len(ends)


def _mark(
    row: pd.DataFrame, label: dict[str, Any], look: palette.Series, indicator: Indicator, lang: str
) -> dict[str, Any]:
    own = facts(row, (indicator,), lang)
    return {
        "type": "scatter", "mode": "markers+text", "name": str(row["area_name"].iloc[0]),
        "x": [compact(label["x"])] * 2, "y": [compact(label["at"]), compact(label["y"])],
        "text": ["", label["text"]], "textposition": f"middle {label['side']}",
        "textfont": {"size": SMALL, "color": look.ink},
        "marker": {"size": [12, 0], "opacity": 1, "color": look.colour, "symbol": look.symbol,
                   "line": {"color": palette.SELECTED, "width": 1}},
        "cliponaxis": False, "customdata": own * 2, "hovertemplate": _hover(indicator, lang),
    }  # fmt: skip


def _key(middle: Spread, indicator: Indicator, lang: str) -> list[Key]:
    low, median, high = (
        formats.value(v, indicator.unit, lang, decimals=indicator.decimals) for v in middle
    )
    return [
        Key("│ " + t("compare.median", lang, value=median), palette.MUTED),
        Key("┊ " + t("compare.quartiles", lang, low=low, high=high), palette.MUTED),
    ]


def _upright(at: float, colour: str, dash: str, width: float = 1) -> dict[str, Any]:
    return {
        "type": "line", "x0": at, "x1": at, "yref": "paper", "y0": 0, "y1": 1, "layer": "below",
        "line": {"color": colour, "width": width, "dash": dash},
    }  # fmt: skip


def _hover(indicator: Indicator, lang: str) -> str:
    return (
        "<b>%{customdata[1]}</b> %{customdata[2]}"
        f"<br>{indicator.short(lang)} <b>%{{customdata[3]}}</b><extra></extra>"
    )
