"""The ranking: all counties of the scope on one indicator."""

from __future__ import annotations

from collections.abc import Mapping
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
    outline,
    plain,
    records_of,
    room_for,
    row_axis,
    row_name,
    row_texts,
    rows_height,
    short_value,
    status_key,
    target_label,
    target_of,
    top_axis,
)
from app.i18n import t
from app.lettering import Caption, Key, drawn, frame

_NAMED = 3  # counties that the key names


def ranking(
    rows: pd.DataFrame, indicator: Indicator, caption: Caption, selected: str | None = None
) -> go.Figure:
    """Bars of all counties from the first rank to the last; those without a value come after.

    `rows` is the county frame of one indicator and period. Bars take the colour and sign of the
    target status, or grey without direction. Every row, the empty ones too, answers a click with
    the area's code as `customdata[0]`.
    """
    lang = caption.lang
    rows = _ranked(rows, indicator)
    records = records_of(rows)
    values = [finite(row["value"]) if row["status"] == "observed" else None for row in records]
    ranked = sum(row["status"] == "observed" for row in records)
    known = [value for value in values if value is not None]
    target = target_of(indicator)
    low, high = min([*known, 0]), max([*known, target or 0, 0]) or 1
    names = [row_name(row, lang, selected) for row in records]
    looks = [_look(row, indicator) for row in records]
    labels = [
        _bar_label(row, indicator, lang, look.sign)
        for row, look in zip(records, looks, strict=True)
    ]
    told = facts(rows, indicator, lang)
    data = [
        _bars(values, looks, outline(rows["area_code"], selected)),
        row_texts([compact(high)] * len(records), labels),
        click_rows(told[:ranked], 0, low, high, hover(rows, indicator, lang)),
        click_rows(told[ranked:], ranked, low, high, hover(rows, indicator, lang, "missing")),
    ]
    layout = frame(
        caption, rows_height(len(records)), left=room_for(map(plain, names)) + 12,
        right=room_for(labels) + 10, above=20, below=4, key=_key(rows, indicator, lang),
    )  # fmt: skip
    layout |= {
        "barmode": "overlay",
        "shapes": [] if target is None else [line(x=target)],
        "xaxis": top_axis(indicator.unit, low, high, ticks=0),
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


def _bars(
    values: list[float | None], looks: list[palette.Status], edge: dict[str, Any]
) -> dict[str, Any]:
    return {
        "type": "bar",
        "orientation": "h",
        "x": [compact(value) for value in values],
        "y0": 0,
        "dy": 1,
        "width": 0.72,
        "marker": {"color": one_if_equal([look.fill for look in looks]), "line": edge},
        "hoverinfo": "skip",
    }


def _key(rows: pd.DataFrame, indicator: Indicator, lang: str) -> list[Key]:
    """The target, how many counties have each status, and who only reads as if at the target."""
    key = status_key(rows, indicator, lang)
    if indicator.target is None:
        return key
    aim = Key("┄ " + target_label(indicator, lang))
    return [aim, *key, *_rounded(rows, indicator, lang)]


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


def _bar_label(row: Mapping[str, Any], indicator: Indicator, lang: str, sign: str) -> str:
    text = short_value(finite(row["value"]), indicator, lang, row["status"])
    return f" {text} {sign}".rstrip()
