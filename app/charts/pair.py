"""Two indicators of one unit beside each other: two marks a county, joined by a line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from app import formats, palette
from app.catalogue import Indicator
from app.charts.shared import (
    DOT_STANDOFF,
    click_rows,
    compact,
    finite,
    joins,
    line,
    outline,
    plain,
    records_of,
    room_for,
    row_axis,
    row_marks,
    row_name,
    row_texts,
    rows_height,
    span,
    target_label,
    target_of,
    top_axis,
)
from app.i18n import t
from app.lettering import BODY, Caption, Key, drawn, frame, text_width

_SIDES = ("first", "second")  # the columns of the two
_COLOURS = (palette.SEQUENTIAL[4], palette.SEQUENTIAL[2])
_SYMBOLS = ("circle", "diamond")
_SIGNS = ("●", "◆")
_SIZES = (9, 12)  # px; the second lies below the first and shows where they meet
_GAP = 8  # px before each column of numbers
_FIGURE_SPACE = "\u2007"  # as wide as a digit


def pair(
    rows: Mapping[str, pd.DataFrame],
    indicators: Sequence[Indicator],
    caption: Caption,
    selected: str | None = None,
) -> go.Figure:
    """Both indicators of every county, whoever is behind first; those that lack one come after.

    `rows` holds the county frame of each of the two by its id. Where both are better higher the
    lower of the two decides the order, where both are better lower the higher one, and elsewhere
    the difference. Every row answers a click with the area's code as `customdata[0]`.
    """
    lang, unit = caption.lang, indicators[0].unit
    records = records_of(ordered(rows, indicators))
    known = sum(row["complete"] for row in records)
    values = [[finite(row[side]) for row in records] for side in _SIDES]
    targets = [target_of(indicator) for indicator in indicators]
    low, high = span([*values[0], *values[1], *targets])
    names = [row_name({**row, "rank": None}, lang, selected) for row in records]
    numbers = [
        _numbers(records, side, indicator, lang)
        for side, indicator in zip(_SIDES, indicators, strict=True)
    ]
    told = _facts(records, indicators, lang)
    data = [
        joins(values[0], values[1]),
        *_marks(records, values, indicators, selected, lang),
        row_texts(
            [compact(high)] * len(records),
            [f"{_FIGURE_SPACE}{one}  {other}" for one, other in zip(*numbers, strict=True)],
        ),
        click_rows(told[:known], 0, low, high, _hover(indicators, lang, difference=True)),
        click_rows(told[known:], known, low, high, _hover(indicators, lang)),
    ]
    widths = [max((text_width(text, BODY) for text in column), default=0) for column in numbers]
    layout = frame(
        caption, rows_height(len(records)), left=room_for(map(plain, names)) + 8 + DOT_STANDOFF,
        right=round(sum(widths)) + 2 * _GAP + 10, above=22, below=4,
        key=_key(indicators, targets, len(records) - known, lang),
    )  # fmt: skip
    layout["annotations"] += _heads(widths)
    layout |= {
        "barmode": "overlay",
        "shapes": [line(x=x) for x in dict.fromkeys(targets) if x is not None and records],
        "xaxis": top_axis(unit, low, high),
        "yaxis": row_axis(names, DOT_STANDOFF),
    }
    return drawn(data, layout)


def ordered(rows: Mapping[str, pd.DataFrame], indicators: Sequence[Indicator]) -> pd.DataFrame:
    """A row a county with both values, in the order of the figure.

    Columns: area_code, area_name, city_name, first, second, their statuses and target statuses,
    difference (without sign) and complete (whether both are there).
    """
    one, other = (rows[indicator.id].set_index("area_code") for indicator in indicators)
    wide = one[["area_name", "city_name"]].copy()
    for name, frame_ in zip(_SIDES, (one, other), strict=True):
        observed = frame_["status"] == "observed"
        wide[name] = frame_["value"].where(observed)
        wide[f"{name}_status"] = frame_["status"]
        wide[f"{name}_target"] = frame_["target_status"]
    both = wide[list(_SIDES)]
    wide["difference"] = (wide["first"] - wide["second"]).abs()
    wide["complete"] = both.notna().all(axis=1)
    kind = order_of(indicators)
    if kind == "higher":
        wide["behind"] = both.min(axis=1)
    elif kind == "lower":
        wide["behind"] = -both.max(axis=1)
    else:
        wide["behind"] = -wide["difference"]
    wide["none"] = both.isna().all(axis=1)
    wide = wide.reset_index().sort_values(
        ["complete", "none", "behind", "difference", "area_code"],
        ascending=[False, True, True, False, True],
    )
    return wide.drop(columns=["behind", "none"]).reset_index(drop=True)


def order_of(indicators: Sequence[Indicator]) -> str:
    """What decides the order: `higher` or `lower` where both are better so, else `difference`."""
    directions = {indicator.direction for indicator in indicators}
    only = directions.pop() if len(directions) == 1 else "none"
    return "difference" if only == "none" else only


def _numbers(
    records: list[dict[str, Any]], side: str, indicator: Indicator, lang: str
) -> list[str]:
    """The column of numbers of one of the two, all as long as the longest."""
    texts = [
        formats.value(
            finite(row[side]), indicator.unit, lang, str(row[f"{side}_status"]),
            indicator.decimals, with_unit=False,
        )
        for row in records
    ]  # fmt: skip
    longest = max(map(len, texts), default=0)
    return [text.rjust(longest, _FIGURE_SPACE) for text in texts]


def _marks(
    records: list[dict[str, Any]], values: Sequence[list[float | None]],
    indicators: Sequence[Indicator], selected: str | None, lang: str,
) -> list[dict[str, Any]]:  # fmt: skip
    """The marks of both, those of the first above."""
    edge = outline((row["area_code"] for row in records), selected)
    return [
        row_marks(
            indicators[index].short(lang), values[index],
            {"symbol": _SYMBOLS[index], "size": _SIZES[index], "color": _COLOURS[index],
             "line": edge},
        )
        for index in (1, 0)
    ]  # fmt: skip


def _heads(widths: Sequence[float]) -> list[dict[str, Any]]:
    """The sign of each of the two above the middle of its column of numbers, `widths` px wide."""
    middles = (_GAP + widths[0] / 2, 2 * _GAP + widths[0] + widths[1] / 2)
    return [
        {
            "text": sign,
            "font": {"size": BODY, "color": colour},
            "showarrow": False,
            "borderpad": 0,
            "x": 1,
            "xref": "paper",
            "xanchor": "center",
            "xshift": round(middle),
            "y": 1,
            "yref": "paper",
            "yanchor": "bottom",
            "yshift": 1,
        }
        for sign, colour, middle in zip(_SIGNS, _COLOURS, middles, strict=True)
    ]


def _key(
    indicators: Sequence[Indicator], targets: list[float | None], incomplete: int, lang: str
) -> list[Key]:
    key = [
        Key(f"{sign} {indicator.short(lang)}", palette.ink_of(colour))
        for sign, colour, indicator in zip(_SIGNS, _COLOURS, indicators, strict=True)
    ]
    labels = [
        target_label(indicator, lang) if target is not None else ""
        for indicator, target in zip(indicators, targets, strict=True)
    ]
    if labels[0] and labels[0] == labels[1]:
        key.append(Key("┄ " + labels[0]))
    else:
        key += [
            Key(f"┄ {sign} {label}") for sign, label in zip(_SIGNS, labels, strict=True) if label
        ]
    key.append(Key(t(f"figure.order.{order_of(indicators)}", lang), palette.MUTED))
    if incomplete:
        sign = formats.mark("missing", lang)
        key.append(Key(t("figure.incomplete", lang, sign=sign, count=incomplete), palette.MUTED))
    return key


def _facts(
    records: list[dict[str, Any]], indicators: Sequence[Indicator], lang: str
) -> list[list[str]]:
    unit = indicators[0].unit
    return [
        [
            str(row["area_code"]),
            str(row["area_name"]),
            str(row["city_name"]),
            *(
                formats.value(
                    finite(row[name]), unit, lang, str(row[f"{name}_status"]), indicator.decimals
                )
                for name, indicator in zip(_SIDES, indicators, strict=True)
            ),
            formats.difference(finite(row["difference"]), unit, lang, indicators[0].decimals),
        ]
        for row in records
    ]


def _hover(indicators: Sequence[Indicator], lang: str, *, difference: bool = False) -> str:
    lines = ["<b>%{customdata[1]}</b> %{customdata[2]}"]
    lines += [
        f"{sign} {indicator.short(lang)} <b>%{{customdata[{index}]}}</b>"
        for index, (sign, indicator) in enumerate(zip(_SIGNS, indicators, strict=True), 3)
    ]
    if difference:
        lines.append(t("figure.hover.difference", lang, gap="%{customdata[5]}"))
    return "<br>".join(lines) + "<extra></extra>"
