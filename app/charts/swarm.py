"""How all areas are spread on one indicator: a dot each, none upon another, some of them named."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from app import formats, palette
from app.catalogue import Indicator
from app.charts.scatter import facts
from app.charts.shared import (
    DOT,
    compact,
    no_data_note,
    pale_dots,
    records_of,
    short_value,
    span,
    status_key,
    target_label,
    target_of,
    value_axis,
)
from app.i18n import t
from app.lettering import SMALL, Caption, Key, drawn, frame, shorten, text_width

_WIDTH = 300  # px of the plot on a phone, for which the dots are laid out
_TALLEST, _LEAST = 360, 72  # px of the swarm at most, at least
_LABEL = 16  # px of a row of names
_NAME = 110  # px of a name


@dataclass(frozen=True)
class _Name:
    """A name above the dots: its `text` begins at `x` and goes to one `side`.

    `at` and `y` are px from the middle up to the dot and up to the name.
    """

    code: str
    text: str
    side: Literal["left", "right"]
    x: float
    at: float
    y: float


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
    lang = caption.lang
    seen = points[points["x"].notna()].sort_values(["x", "area_code"])
    target = None if seen.empty else target_of(indicator)
    low, high = span([*map(float, seen["x"]), target_of(indicator)])
    scale = _WIDTH / (high - low)
    seen, tall = _laid(seen, scale)
    edge = tall / 2 + 4  # px from the middle
    named = seen[seen["area_code"].isin(list(series))]
    names, rows = _names(named, indicator, low, scale, edge + 4, lang)
    data = [_areas(seen, indicator, selected, lang)]
    data += [
        _mark(seen[seen["area_code"] == name.code], name, series[name.code], indicator, lang)
        for name in names
    ]
    layout = frame(
        caption, round(tall + rows * _LABEL + 8), left=14, right=14, above=4, below=24,
        key=_key(points, indicator, series, middle, lang),
    )  # fmt: skip
    if seen.empty:
        layout["annotations"].append(no_data_note(lang))
    layout |= {
        "shapes": [
            *(
                _upright(each.x, series[each.code].colour, "solid", each.at, each.y)
                for each in names
            ),
            *_lines(middle, target, edge),
        ],
        "xaxis": value_axis(indicator.unit, low, high) | {"showline": True, "tickangle": 0},
        "yaxis": {"range": [-edge, edge + rows * _LABEL], "visible": False},
    }
    return drawn(data, layout)


def _laid(seen: pd.DataFrame, scale: float) -> tuple[pd.DataFrame, float]:
    """The areas with the place of each dot in px from the middle, `at`; how tall all are in px.

    `scale` is px of one of the values, which are in order.
    """
    layer = layers([float(value) for value in seen["x"]], (DOT + 0.5) / scale)
    rows = max((abs(n) for n in layer), default=0) * 2 + 1
    tall = min(max(rows * (DOT + 1), _LEAST), _TALLEST)
    step = min(DOT + 1, tall / rows)
    return seen.assign(at=[n * step for n in layer]), tall


def _names(
    named: pd.DataFrame, indicator: Indicator, low: float, scale: float, lowest: float, lang: str
) -> tuple[list[_Name], int]:
    """The names above the dots, in rows so that none lies on another; how many rows.

    The lowest row is `lowest` px above the middle.
    """
    taken: list[list[tuple[float, float]]] = []
    names = []
    for row in records_of(named):
        name = shorten(str(row["area_name"]), _NAME, SMALL)
        text = f"{name} {short_value(row['x'], indicator, lang)}"
        at = (row["x"] - low) * scale
        wide = text_width(text, SMALL) + 8
        right = at < _WIDTH / 2
        begin, end = (at, at + wide) if right else (at - wide, at)
        place = _row_for(taken, begin, end)
        names.append(
            _Name(
                code=str(row["area_code"]), text=text, side="right" if right else "left",
                x=row["x"], at=row["at"], y=lowest + place * _LABEL,
            )
        )  # fmt: skip
    return names, len(taken)


def _row_for(taken: list[list[tuple[float, float]]], begin: float, end: float) -> int:
    """The first row of names with room between two places, which is then taken; else a new row."""
    for place, others in enumerate(taken):
        if all(end < left or begin > right for left, right in others):
            others.append((begin, end))
            return place
    taken.append([(begin, end)])
    return len(taken) - 1


def _areas(
    seen: pd.DataFrame, indicator: Indicator, selected: str | None, lang: str
) -> dict[str, Any]:
    """The dots of all areas."""
    return {
        "type": "scatter", "mode": "markers", "name": "areas",
        "x": [compact(v) for v in seen["x"]], "y": [compact(v) for v in seen["at"]],
        "marker": pale_dots(seen["area_code"], selected),
        "cliponaxis": False,
        "customdata": facts(seen, (indicator,), lang), "hovertemplate": _hover(indicator, lang),
    }  # fmt: skip


def _mark(
    row: pd.DataFrame, name: _Name, look: palette.Series, indicator: Indicator, lang: str
) -> dict[str, Any]:
    """The mark of an area upon its dot, and its name above."""
    own = facts(row, (indicator,), lang)
    return {
        "type": "scatter", "mode": "markers+text", "name": str(row["area_name"].iloc[0]),
        "x": [compact(name.x)] * 2, "y": [compact(name.at), compact(name.y)],
        "text": ["", name.text], "textposition": f"middle {name.side}",
        "textfont": {"size": SMALL, "color": look.ink},
        "marker": {"size": [12, 0], "opacity": 1, "color": look.colour, "symbol": look.symbol,
                   "line": {"color": palette.SELECTED, "width": 1}},
        "cliponaxis": False, "customdata": own * 2, "hovertemplate": _hover(indicator, lang),
    }  # fmt: skip


def _lines(middle: Spread | None, target: float | None, edge: float) -> list[dict[str, Any]]:
    """The lines of quartiles, median and target over the dots, but not through the names."""
    lines = [
        _upright(at, palette.MUTED, dash, -edge, edge)
        for at, dash in zip(middle or (), ("dot", "solid", "dot"), strict=False)
    ]
    if target is not None:
        lines.append(_upright(target, palette.TARGET_LINE, "dash", -edge, edge, width=1.5))
    return lines


def _upright(
    at: float, colour: str, dash: str, low: float, high: float, width: float = 1
) -> dict[str, Any]:
    return {
        "type": "line", "x0": at, "x1": at, "yref": "y", "y0": low, "y1": high, "layer": "below",
        "line": {"color": colour, "width": width, "dash": dash},
    }  # fmt: skip


def _key(
    points: pd.DataFrame, indicator: Indicator, series: Mapping[str, palette.Series],
    middle: Spread | None, lang: str,
) -> list[Key]:  # fmt: skip
    """What the lines are, how many areas have no value, and which of the named ones have none."""
    key = [] if middle is None else _middle_key(middle, indicator, lang)
    if indicator.target is not None and points["x"].notna().any():
        key.append(Key("╌ " + target_label(indicator, lang)))
    key += status_key(points[points["status"] != "observed"], indicator, lang)
    absent = points[points["x"].isna() & points["area_code"].isin(list(series))]
    for row in records_of(absent):
        mark = formats.mark(str(row["status"]), lang)
        key.append(Key(f"{row['area_name']} {mark}", series[str(row["area_code"])].ink))
    return key


def _middle_key(middle: Spread, indicator: Indicator, lang: str) -> list[Key]:
    low, median, high = (
        formats.value(v, indicator.unit, lang, decimals=indicator.decimals) for v in middle
    )
    return [
        Key("│ " + t("compare.median", lang, value=median), palette.MUTED),
        Key("┊ " + t("compare.quartiles", lang, low=low, high=high), palette.MUTED),
    ]


def _hover(indicator: Indicator, lang: str) -> str:
    return (
        "<b>%{customdata[1]}</b> %{customdata[2]}"
        f"<br>{indicator.short(lang)} <b>%{{customdata[3]}}</b><extra></extra>"
    )
