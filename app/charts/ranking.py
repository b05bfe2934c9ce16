"""The ranking: all counties of the scope on one indicator."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from app import formats, palette
from app.catalogue import Indicator
from app.charts.shared import (
    click_rows,
    compact,
    facts,
    finite,
    hover,
    line,
    one_if_equal,
    plain,
    records_of,
    row_axis,
    row_height,
    row_name,
    status_key,
    target_label,
    target_of,
    value_axis,
)
from app.i18n import t
from app.lettering import BODY, Caption, Key, drawn, frame, text_width

_NAMED = 3  # counties that the key names


def ranking(
    rows: pd.DataFrame, indicator: Indicator, caption: Caption, selected: str | None = None
) -> go.Figure:
    """Bars of all counties from the first rank to the last; those without a value come after.

    `rows` is the county frame of one indicator and period. Bars take the colour and sign of the
    target status, or grey without direction. Every row, the empty ones too, answers a click with
    the area's code as `customdata[0]`.
    """
    lang, unit = caption.lang, indicator.unit
    rows = _ranked(rows, indicator)
    count, ranked = len(rows), int((rows["status"] == "observed").sum())
    records = records_of(rows)
    told = facts(rows, indicator, lang)
    values = [finite(v) if s == "observed" else None for v, s in _pairs(rows, "value", "status")]
    known = [v for v in values if v is not None]
    high = max([*known, target_of(indicator) or 0, 0]) or 1
    low = min([*known, 0])

    looks = [_look(row, indicator) for row in records]
    labels = [
        _bar_label(v, s, unit, lang, look.sign)
        for (v, s), look in zip(_pairs(rows, "value", "status"), looks, strict=True)
    ]
    names = [row_name(row, lang, selected) for row in records]
    left = round(max((text_width(plain(n), BODY) for n in names), default=0)) + 12
    right = round(max((text_width(x, BODY) for x in labels), default=0)) + 10

    plot = max(count, 1) * row_height(count)
    key = status_key(rows, indicator, lang)
    target = target_of(indicator)
    shapes = []
    if target is not None:
        key = [Key("┄ " + target_label(indicator, lang)), *key]
        shapes.append(line(x=target))
        key += _rounded(rows, indicator, lang)
    data = [
        {
            "type": "bar",
            "orientation": "h",
            "x": [compact(v) for v in values],
            "y0": 0,
            "dy": 1,
            "width": 0.72,
            "marker": {
                "color": one_if_equal([look.fill for look in looks]),
                "line": {
                    "color": palette.SELECTED,
                    "width": one_if_equal([2 if c == selected else 0 for c in rows["area_code"]]),
                },
            },
            "hoverinfo": "skip",
        },
        {
            "type": "scatter",
            "mode": "text",
            "x": [compact(high)] * count,
            "y0": 0,
            "dy": 1,
            "text": labels,
            "textposition": "middle right",
            "cliponaxis": False,
            "hoverinfo": "skip",
        },
        click_rows(told[:ranked], 0, low, high, hover(rows, indicator, lang)),
        click_rows(told[ranked:], ranked, low, high, hover(rows, indicator, lang, "missing")),
    ]
    layout = frame(caption, plot, left=left, right=right, above=20, below=4, key=key)
    layout |= {
        "barmode": "overlay",
        "shapes": shapes,
        "xaxis": value_axis(unit, low, high) | {"side": "top", "nticks": 0, "tickangle": 0},
        "yaxis": row_axis(names),
    }
    return drawn(data, layout)


def _ranked(rows: pd.DataFrame, indicator: Indicator) -> pd.DataFrame:
    observed = rows[rows["status"] == "observed"]
    if observed["rank"].notna().any():
        observed = observed.sort_values(["rank", "area_code"])
    else:
        ascending = indicator.direction == "lower"
        observed = observed.sort_values(["value", "area_code"], ascending=[ascending, True])
    rest = [
        rows[rows["status"] == name].sort_values("area_code")
        for name in ("suppressed", "not_applicable", "missing")
    ]
    parts = [part for part in (observed, *rest) if len(part)]
    return pd.concat(parts) if parts else rows


def _rounded(rows: pd.DataFrame, indicator: Indicator, lang: str) -> list[Key]:
    """Who is short of the target although the value as printed reads like it."""
    assert indicator.target is not None
    decimals = formats.decimals_of(indicator.unit, indicator.decimals)
    aim = formats.rounded(indicator.target.value, decimals)
    names = [
        str(row["area_name"])
        for row in records_of(rows)
        if row["status"] == "observed"
        and row["target_status"] not in ("met", "none")
        and formats.rounded(float(row["value"]), decimals) == aim
    ]
    if not names:
        return []
    named = t("figure.list", lang).join(names[:_NAMED])
    if len(names) > _NAMED:
        named = t("explained.and_more", lang, names=named, count=len(names))
    value = formats.value(float(aim), indicator.unit, lang, decimals=indicator.decimals)
    return [Key(t("figure.rounded_to_target", lang, names=named, value=value))]


def _look(row: Mapping[str, Any], indicator: Indicator) -> palette.Status:
    if row["status"] != "observed" or indicator.direction == "none":
        return palette.STATUSES["none"]
    return palette.STATUSES[str(row["target_status"])]


def _bar_label(value: Any, status: str, unit: str, lang: str, sign: str) -> str:
    text = formats.value(finite(value), unit, lang, status, with_unit=unit == "percent")
    return f" {text} {sign}".rstrip()


def _pairs(rows: pd.DataFrame, one: str, other: str) -> Iterable[tuple[Any, Any]]:
    return zip(rows[one], rows[other], strict=True)
