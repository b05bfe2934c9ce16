"""The path to a target: a share so far, as it needs to grow, and as it grows at today's pace."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go

from app import formats, palette, periods
from app.charts.quarter_axis import quarter_axis
from app.charts.shared import line, no_data_note, note_at, printed, span, value_axis
from app.lettering import BODY, Caption, Key, drawn, frame, text_width

PATH_HEIGHT = 260
_TICKS = 5  # that fit a phone


@dataclass(frozen=True)
class Line:
    """A line of the figure: percentages by quarter, None where there is none."""

    name: str
    points: Sequence[tuple[str, float | None]]


def path(
    so_far: Line, needed: Line | None, at_pace: Line | None, target: float, label: str,
    caption: Caption,
) -> go.Figure:  # fmt: skip
    """Three lines over one axis of quarters, told apart by their strokes, and the target's line.

    `label` names the target's line.
    """
    lang = caption.lang
    strokes = [
        (each, stroke, colour)
        for each, stroke, colour in (
            (so_far, "solid", palette.SCOPE),
            (needed, "dash", palette.SEQUENTIAL[4]),
            (at_pace, "dot", palette.STATUSES["missed"].ink),
        )
        if each is not None
    ]
    named = {period for each, *_ in strokes for period, _ in each.points}
    first = min(named)
    order = [periods.shift(first, k) for k in range(periods.between(first, max(named)) + 1)]
    known = [value for each, *_ in strokes for _, value in each.points if value is not None]
    low, high = span([*known, target])
    high = max(high, target + 0.12 * (high - low))  # room for the target's name
    data = [_trace(each, stroke, colour) for each, stroke, colour in strokes]
    key = [
        Key(f"{palette.STROKES[stroke]} {each.name}", palette.ink_of(colour))
        for each, stroke, colour in strokes
    ]
    ticks = order[::-1][:: max(1, math.ceil(len(order) / _TICKS))][::-1]
    left = round(text_width(formats.number(high) + ".0%", BODY)) + 4
    layout = frame(caption, PATH_HEIGHT, left=left, right=22, above=8, below=38, key=key)
    layout["annotations"].append(note_at(label, x=0, xref="paper", xanchor="left", y=target))
    if not known:
        layout["annotations"].append(no_data_note(lang))
    layout |= {
        "shapes": [line(y=target)],
        "xaxis": quarter_axis(order, ticks, lang, end=0.7),
        "yaxis": value_axis("percent", low, high) | {"range": [low, high]},
    }
    return drawn(data, layout)


def _trace(each: Line, stroke: str, colour: str) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "name": each.name,
        "x": [period for period, _ in each.points],
        "y": [printed(value, 1) for _, value in each.points],
        "connectgaps": False,
        "line": {"color": colour, "dash": stroke, "width": 2.5},
        "marker": {"size": 6, "color": colour},
        "cliponaxis": False,
        "hovertemplate": f"<b>{each.name}</b><br>%{{x}} %{{y:,.1f}}%<extra></extra>",
    }
