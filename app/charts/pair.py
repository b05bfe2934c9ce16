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
    one_if_equal,
    plain,
    records_of,
    row_axis,
    row_height,
    row_name,
    span,
    target_label,
    target_of,
    value_axis,
)
from app.i18n import t
from app.lettering import BODY, Caption, Key, drawn, frame, text_width

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
    wide = ordered(rows, indicators)
    records = records_of(wide)
    known = int(wide["complete"].sum())
    values = [[finite(row[name]) for row in records] for name in ("first", "second")]
    texts = [
        _padded(
            [
                formats.value(v, unit, lang, str(row[status]), indicator.decimals, with_unit=False)
                for v, row in zip(column, records, strict=True)
            ]
        )
        for indicator, column, status in zip(
            indicators, values, ("first_status", "second_status"), strict=True
        )
    ]
    targets = [target_of(indicator) for indicator in indicators]
    low, high = span([v for v in [*values[0], *values[1], *targets] if v is not None], unit)
    names = [row_name({**row, "rank": None}, lang, selected) for row in records]
    chosen = one_if_equal([2 if code == selected else 0 for code in wide["area_code"]])
    data: list[dict[str, Any]] = [joins(values[0], values[1])]
    for index in (1, 0):
        data.append(
            {
                "type": "scatter",
                "mode": "markers",
                "name": indicators[index].short(lang),
                "x": [compact(v) for v in values[index]],
                "y0": 0,
                "dy": 1,
                "marker": {
                    "symbol": _SYMBOLS[index],
                    "size": _SIZES[index],
                    "color": _COLOURS[index],
                    "line": {"color": palette.SELECTED, "width": chosen},
                },
                "cliponaxis": False,
                "hoverinfo": "skip",
            }
        )
    data.append(
        {
            "type": "scatter",
            "mode": "text",
            "x": [compact(high)] * len(records),
            "y0": 0,
            "dy": 1,
            "text": [f"{_FIGURE_SPACE}{one}  {other}" for one, other in zip(*texts, strict=True)],
            "textposition": "middle right",
            "cliponaxis": False,
            "hoverinfo": "skip",
        }
    )
    told = _facts(records, indicators, lang)
    data += [
        click_rows(told[:known], 0, low, high, _hover(indicators, lang, difference=True)),
        click_rows(told[known:], known, low, high, _hover(indicators, lang)),
    ]
    widths = [max((text_width(x, BODY) for x in column), default=0) for column in texts]
    left = round(max((text_width(plain(n), BODY) for n in names), default=0)) + 8 + DOT_STANDOFF
    right = round(sum(widths)) + 2 * _GAP + 10
    plot = max(len(records), 1) * row_height(len(records))
    key = _key(indicators, targets, len(records) - known, lang)
    layout = frame(caption, plot, left=left, right=right, above=22, below=4, key=key)
    middles = (_GAP + widths[0] / 2, 2 * _GAP + widths[0] + widths[1] / 2)
    layout["annotations"] += [
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
    layout |= {
        "barmode": "overlay",
        "shapes": [line(x=x) for x in dict.fromkeys(targets) if x is not None and records],
        "xaxis": value_axis(unit, low, high) | {"side": "top", "nticks": 4, "tickangle": 0},
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
    for name, frame_ in (("first", one), ("second", other)):
        observed = frame_["status"] == "observed"
        wide[name] = frame_["value"].where(observed)
        wide[f"{name}_status"] = frame_["status"]
        wide[f"{name}_target"] = frame_["target_status"]
    both = wide[["first", "second"]]
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


def _padded(texts: list[str]) -> list[str]:
    longest = max(map(len, texts), default=0)
    return [text.rjust(longest, _FIGURE_SPACE) for text in texts]


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
                for name, indicator in zip(("first", "second"), indicators, strict=True)
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
