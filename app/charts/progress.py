"""Who has moved in a year: last year's value and this year's of each county, joined by a line."""

from __future__ import annotations

from collections.abc import Sequence
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
from app.lettering import BODY, Caption, Key, drawn, frame, shorten

_KINDS = {
    "better": (palette.STATUSES["met"].ink, "solid"),
    "worse": (palette.STATUSES["missed"].ink, "dot"),
    "plain": (palette.GREY, "solid"),
}  # colour and dash of the line of a county
_REASON = 84  # px for why a county has no change


def progress(
    rows: pd.DataFrame,
    indicator: Indicator,
    caption: Caption,
    reasons: Sequence[str],
    selected: str | None = None,
) -> go.Figure:
    """The counties from the greatest gain to the greatest loss; those without a change come after.

    `rows` is the frame of reads.county_progress, `reasons` why each of its rows has no change.
    Without a direction the greatest change comes first and nothing is good or bad. Every row
    answers a click with the area's code as `customdata[0]`.
    """
    lang = caption.lang
    rows = ordered(rows.assign(reason=list(reasons)))
    records = records_of(rows)
    known = int(rows["change_year"].notna().sum())
    before, now = (
        [finite(row[name]) if place < known else None for place, row in enumerate(records)]
        for name in ("value_year", "value")
    )
    target = target_of(indicator)
    low, high = span([*before, *now, target])
    names = [
        row_name({**row, "rank": row["gain_rank"], "tied": row["gain_tied"]}, lang, selected)
        for row in records
    ]
    labels = [_change(row, indicator, lang) for row in records[:known]]
    labels += [shorten(str(row["reason"]), _REASON, BODY) for row in records[known:]]
    kinds = [_kind(row) for row in records]
    widths = [3 if row["area_code"] == selected else 1.5 for row in records]
    told = _facts(records, indicator, lang)
    data = [
        *_moves(before, now, kinds),
        *_marks(before, now, kinds, widths),
        row_texts([compact(high)] * len(records), [f" {label}" for label in labels]),
        click_rows(told[:known], 0, low, high, _hover(indicator, lang, moved=True)),
        click_rows(told[known:], known, low, high, _hover(indicator, lang)),
    ]
    layout = frame(
        caption, rows_height(len(records)), left=room_for(map(plain, names)) + 8 + DOT_STANDOFF,
        right=room_for(labels) + 14, above=20, below=4,
        key=_key(kinds[:known], len(records) - known, indicator, lang),
    )  # fmt: skip
    layout |= {
        "barmode": "overlay",
        "shapes": [line(x=target)] if target is not None and records else [],
        "xaxis": top_axis(indicator.unit, low, high),
        "yaxis": row_axis(names, DOT_STANDOFF),
    }
    return drawn(data, layout)


def _moves(
    before: list[float | None], now: list[float | None], kinds: list[str]
) -> list[dict[str, Any]]:
    """A line from one value to the other of each county, one trace a kind."""
    return [
        joins([v if k == kind else None for v, k in zip(before, kinds, strict=True)], now, *look)
        | {"name": kind}
        for kind, look in _KINDS.items()
    ]


def _marks(
    before: list[float | None], now: list[float | None], kinds: list[str], widths: list[float]
) -> list[dict[str, Any]]:
    """The marks of both years, hollow and filled, with edges of these widths in px."""
    ends = one_if_equal([_KINDS[kind][0] for kind in kinds])
    edge = {"color": ends, "width": one_if_equal(widths)}
    return [
        row_marks("before", before, {"size": 9, "color": palette.PAPER, "line": edge}),
        row_marks("now", now, {"size": 9, "color": ends, "line": edge}),
    ]


def ordered(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows from the greatest gain, or without gains the greatest change; then those without."""
    moved = rows["change_year"].notna()
    first = -rows["gain"] if rows["gain"].notna().any() else -rows["change_read"].abs()
    order = pd.DataFrame(
        {"last": ~moved, "first": first, "status": rows["status"] != "observed",
         "code": rows["area_code"]}
    )  # fmt: skip
    return rows.loc[order.sort_values(["last", "first", "status", "code"]).index]


def _kind(row: dict[str, Any]) -> str:
    gain = finite(row["gain"])
    if not gain:
        return "plain"
    return "better" if gain > 0 else "worse"


def _change(row: dict[str, Any], indicator: Indicator, lang: str) -> str:
    change = finite(row["change_year"])
    return formats.change(change, indicator.unit, lang, indicator.decimals, with_unit=False)


def _key(kinds: list[str], without: int, indicator: Indicator, lang: str) -> list[Key]:
    key = [Key(t("progress.key.marks", lang))]
    if indicator.direction != "none":
        key += [
            Key(t(f"progress.key.{kind}", lang, count=kinds.count(kind)), palette.ink_of(colour))
            for kind, (colour, _) in _KINDS.items()
        ]
    if indicator.target is not None:
        key.insert(0, Key("┄ " + target_label(indicator, lang)))
    if without:
        key.append(Key(t("progress.key.without", lang, count=without), palette.MUTED))
    return key


def _facts(records: list[dict[str, Any]], indicator: Indicator, lang: str) -> list[list[str]]:
    def value(row: dict[str, Any], name: str, status: str = "observed") -> str:
        return formats.value(finite(row[name]), indicator.unit, lang, status, indicator.decimals)

    return [
        [
            str(row["area_code"]), str(row["area_name"]), str(row["city_name"]),
            value(row, "value", str(row["status"])), value(row, "value_year"),
            formats.change(
                finite(row["change_year"]), indicator.unit, lang, indicator.decimals
            ),
            str(row["reason"]),
        ]
        for row in records
    ]  # fmt: skip


def _hover(indicator: Indicator, lang: str, *, moved: bool = False) -> str:
    lines = [
        "<b>%{customdata[1]}</b> %{customdata[2]}",
        f"{indicator.short(lang)} <b>%{{customdata[3]}}</b>",
    ]
    if moved:
        lines.append(
            t("progress.hover", lang, before="%{customdata[4]}", change="%{customdata[5]}")
        )
    else:
        lines.append("%{customdata[6]}")
    return "<br>".join(lines) + "<extra></extra>"
