"""From one figure to another: what each county adds, as bars that hang one on the other."""

from __future__ import annotations

import html
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import plotly.graph_objects as go

from app import formats, palette
from app.catalogue import Indicator
from app.charts.shared import (
    NAME_ROOM,
    click_rows,
    compact,
    room_for,
    row_axis,
    row_texts,
    short_value,
    top_axis,
)
from app.i18n import t
from app.lettering import BODY, Caption, Key, drawn, frame, shorten

_ROW = 24  # px
_DIGITS = 12  # of a place on the axis: bars must meet


@dataclass(frozen=True)
class Step:
    """One row: a figure (`level`), or what is added to the one above it.

    `kind` is level, both, entered, left or revision; `amount` the figure itself or what is added;
    `code` the county a click selects; `told` the lines of its hover text.
    """

    kind: Literal["level", "both", "entered", "left", "revision"]
    name: str
    amount: float
    code: str = ""
    told: Sequence[str] = field(default=())


def waterfall(
    steps: Sequence[Step],
    indicator: Indicator,
    caption: Caption,
    decimals: int,
    selected: str | None = None,
    note: str = "",
) -> go.Figure:
    """The steps from top to bottom; a level is a diamond, a step a bar from the level before it.

    What counties that are not in both figures add is hollow; a revision is grey. The axis does not
    begin at zero, since a change is small beside its figure. `decimals` are those of a step.
    """
    lang = caption.lang
    ends = _ends(steps)
    low, high = _span([place for pair in ends for place in pair])
    names = [_name(step, selected) for step in steps]
    texts = [_text(step, indicator, decimals, lang) for step in steps]
    told = [[step.code, "<br>".join(_hover(step))] for step in steps]
    data = [
        _joins(ends),
        _bars(steps, ends, indicator),
        _diamonds({row: ends[row][1] for row, step in enumerate(steps) if step.kind == "level"}),
        row_texts(
            [high] * len(steps), [f" {text}" for text in texts],
            textfont={"color": [_ink(step, indicator) for step in steps]},
        ),
        click_rows(told, 0, low, high, "%{customdata[1]}<extra></extra>"),
    ]  # fmt: skip
    layout = frame(
        caption, len(steps) * _ROW, left=room_for(map(_bare, names)) + 12,
        right=room_for(map(_bare, texts)) + 14, above=22, below=4,
        key=_key(steps, indicator, lang), note=note,
    )  # fmt: skip
    layout |= {
        "barmode": "overlay",
        "xaxis": top_axis(indicator.unit, low, high)
        | {"range": [low, high], "exponentformat": "none"},
        "yaxis": row_axis(names),
    }
    return drawn(data, layout)


def _ends(steps: Sequence[Step]) -> list[tuple[float, float]]:
    """Where each row begins and ends; a level is both."""
    ends: list[tuple[float, float]] = []
    for step in steps:
        before = ends[-1][1] if ends else 0.0
        ends.append(
            (step.amount, step.amount) if step.kind == "level" else (before, before + step.amount)
        )
    return ends


def _span(places: Sequence[float]) -> tuple[float, float]:
    low, high = min(places), max(places)
    air = (high - low) * 0.06 or abs(high) * 0.01 or 1.0
    digits = max(0, 2 - math.floor(math.log10(air)))  # enough for a small change of a large figure
    return round(low - air, digits), round(high + air, digits)


def _joins(ends: Sequence[tuple[float, float]]) -> dict[str, Any]:
    """A thin line from the end of each row down to the next."""
    x: list[float | int | None] = []
    y: list[float | None] = []
    for row, (_, end) in enumerate(ends[:-1]):
        x += [compact(end, _DIGITS), compact(end, _DIGITS), None]
        y += [row, row + 1, None]
    return {
        "type": "scatter",
        "mode": "lines",
        "x": x,
        "y": y,
        "connectgaps": False,
        "line": {"color": palette.BORDER, "width": 1},
        "hoverinfo": "skip",
    }


def _bars(
    steps: Sequence[Step], ends: Sequence[tuple[float, float]], indicator: Indicator
) -> dict[str, Any]:
    """A bar from beginning to end of each row; that of a level has no length."""
    return {
        "type": "bar",
        "orientation": "h",
        "x": [compact(end - begin, _DIGITS) for begin, end in ends],
        "base": [compact(begin, _DIGITS) for begin, _ in ends],
        "y0": 0,
        "dy": 1,
        "width": 0.66,
        "marker": {
            "color": [_fill(step, indicator) for step in steps],
            "line": {"color": [_edge(step, indicator) for step in steps], "width": 1.5},
        },
        "hoverinfo": "skip",
    }


def _diamonds(levels: Mapping[int, float]) -> dict[str, Any]:
    """The marks of the figures themselves, by their rows."""
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [compact(place, _DIGITS) for place in levels.values()],
        "y": list(levels),
        "marker": {"symbol": "diamond", "size": 11, "color": palette.INK},
        "cliponaxis": False,
        "hoverinfo": "skip",
    }


def verdict(amount: float, indicator: Indicator) -> str:
    """Whether a step is `good` or `bad`, or neither (empty)."""
    if indicator.direction == "none" or amount == 0:
        return ""
    return "good" if (amount > 0) == (indicator.direction == "higher") else "bad"


def _edge(step: Step, indicator: Indicator) -> str:
    if step.kind == "revision":
        return palette.GREY
    looks = {"good": palette.STATUSES["met"].ink, "bad": palette.STATUSES["missed"].fill}
    return looks.get(verdict(step.amount, indicator), palette.GREY)


def _fill(step: Step, indicator: Indicator) -> str:
    if step.kind in ("entered", "left"):
        return palette.PAPER
    if step.kind == "revision":
        return palette.GREY
    fills = {"good": palette.STATUSES["met"].fill, "bad": palette.STATUSES["missed"].fill}
    return fills.get(verdict(step.amount, indicator), palette.GREY)


def _ink(step: Step, indicator: Indicator) -> str:
    if step.kind in ("level", "revision"):
        return palette.INK
    inks = {"good": palette.STATUSES["met"].ink, "bad": palette.STATUSES["missed"].ink}
    return inks.get(verdict(step.amount, indicator), palette.INK)


def _name(step: Step, selected: str | None) -> str:
    name = html.escape(shorten(step.name, NAME_ROOM, BODY), quote=False)
    bold = step.kind == "level" or (step.code and step.code == selected)
    return f"<b>{name}</b>" if bold else name


def _text(step: Step, indicator: Indicator, decimals: int, lang: str) -> str:
    if step.kind != "level":
        return formats.part(step.amount, indicator.unit, lang, decimals, with_unit=False)
    return f"<b>{short_value(step.amount, indicator, lang)}</b>"


def _hover(step: Step) -> list[str]:
    told = [html.escape(line, quote=False) for line in step.told]
    return [f"<b>{html.escape(step.name, quote=False)}</b>", *told]


def _bare(text: str) -> str:
    return html.unescape(text.removeprefix("<b>").removesuffix("</b>"))


def _key(steps: Sequence[Step], indicator: Indicator, lang: str) -> list[Key]:
    seen = {verdict(s.amount, indicator) for s in steps if s.kind not in ("level", "revision")}
    looks = {
        "good": (palette.STATUSES["met"].fill, "explained.key.good"),
        "bad": (palette.STATUSES["missed"].fill, "explained.key.bad"),
    }
    key = [Key(t(text, lang), swatch=fill) for name, (fill, text) in looks.items() if name in seen]
    if indicator.direction == "none":
        key.append(Key(t("explained.key.neither", lang), swatch=palette.GREY))
    kinds = {step.kind for step in steps}
    if "revision" in kinds:
        key.append(Key(t("explained.key.revision", lang), swatch=palette.GREY))
    if kinds & {"entered", "left"}:
        key.append(Key(t("explained.key.hollow", lang), palette.MUTED))
    key.append(Key(t("explained.key.axis", lang), palette.MUTED))
    return key
