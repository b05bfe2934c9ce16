"""Bars of what is lacking in each county, and of the parts of a whole in each group."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from app import formats, palette
from app.catalogue import Indicator
from app.charts.shared import (
    NAME_ROOM,
    compact,
    finite,
    labels_of,
    outline,
    plain,
    records_of,
    room_for,
    row_axis,
    row_name,
    row_texts,
    value_axis,
)
from app.i18n import t
from app.lettering import BODY, SMALL, Caption, Key, drawn, frame, shorten


def gap_bars(
    rows: Mapping[str, pd.DataFrame],
    indicators: Sequence[Indicator],
    caption: Caption,
    selected: str | None = None,
    limit: int | None = None,
) -> go.Figure:
    """What each county lacks, most first: a bar for each indicator, side by side.

    `rows` holds the county frame of each indicator by its id; at most three indicators. Counties
    that lack nothing are counted, those that have not reported are named. `limit` keeps the largest
    and says how many are left out.
    """
    lang = caption.lang
    first = rows[indicators[0].id]
    lacking = first[(first["status"] == "observed") & (first["value"] > 0)]
    lacking = lacking.sort_values(["value", "area_code"], ascending=[False, True])
    shown = lacking.head(limit) if limit else lacking
    names = [row_name({**row, "rank": None}, lang, selected) for row in records_of(shown)]
    fills = [palette.SEQUENTIAL[4 - 2 * place] for place in range(len(indicators))]
    data = [
        _gaps(rows[each.id], each, list(shown["area_code"]), fill, selected, lang)
        for each, fill in zip(indicators, fills, strict=True)
    ]
    high = max([1.0, *(x for trace in data for x in trace["x"] if x is not None)])
    key = [Key(each.short(lang), swatch=fill) for each, fill in zip(indicators, fills, strict=True)]
    layout = frame(
        caption, max(len(shown), 1) * (14 * len(indicators) + 8),
        left=room_for(map(plain, names)) + 12,
        right=room_for(text for trace in data for text in trace["text"]) + 12, above=4, below=6,
        key=[*key, *_rest(first, len(lacking) - len(shown), lang)], note=_unknown(first, lang),
    )  # fmt: skip
    layout |= {
        "barmode": "group",
        "bargap": 0.22,
        "xaxis": value_axis(indicators[0].unit, 0, high) | {"showticklabels": False},
        "yaxis": row_axis(names),
    }
    return drawn(data, layout)


def _gaps(
    rows: pd.DataFrame, indicator: Indicator, codes: list[str], fill: str, selected: str | None,
    lang: str,
) -> dict[str, Any]:  # fmt: skip
    """The bars of one indicator, one for each of the counties, with their numbers."""
    by_code = rows.set_index("area_code")
    values = [finite(by_code["value"].get(code)) for code in codes]
    statuses = [str(by_code["status"].get(code, "missing")) for code in codes]
    return {
        "type": "bar",
        "orientation": "h",
        "name": indicator.short(lang),
        "x": [compact(value) for value in values],
        "y0": 0,
        "dy": 1,
        "text": [
            formats.value(value, indicator.unit, lang, status, indicator.decimals, with_unit=False)
            for value, status in zip(values, statuses, strict=True)
        ],
        "textposition": "outside",
        "cliponaxis": False,
        "constraintext": "none",
        "textangle": 0,
        "marker": {"color": fill, "line": outline(codes, selected)},
        "customdata": [[code] for code in codes],
        "hovertemplate": "%{text}<extra></extra>",
    }


def _rest(rows: pd.DataFrame, omitted: int, lang: str) -> list[Key]:
    """How many counties lack nothing, and how many lack something that is not shown."""
    none_left = int(((rows["status"] == "observed") & (rows["value"] <= 0)).sum())
    counts = {"figure.none_left": none_left, "figure.omitted": omitted}
    return [Key(t(text, lang, count=count)) for text, count in counts.items() if count]


def _unknown(rows: pd.DataFrame, lang: str) -> str:
    """Of which counties nothing is known; empty where there are none."""
    names = rows[rows["status"] != "observed"]["area_name"].astype(str)
    if names.empty:
        return ""
    listed = t("figure.list", lang).join(names)
    return t("figure.unknown_gap", lang, names=listed, count=len(names))


def stacked_bars(rows: pd.DataFrame, unit: str, caption: Caption) -> go.Figure:
    """Whole and parts of each group: one bar a group, one piece a part, with the number inside.

    `rows`: group_code, group_name, part, part_label, value, status; groups and parts in the order
    of the rows. A part without a value leaves no piece: its mark joins the total, and a note names
    it.
    """
    lang = caption.lang
    names = labels_of(rows, "group_code", "group_name")
    labels = labels_of(rows, "part", "part_label")
    numbers, marks = _pieces(rows, list(names), list(labels), unit, lang)
    fills = [palette.SEQUENTIAL[i] for i in (4, 2, 1, 3, 0)][: len(labels)]
    totals = [sum(own.values(), 0.0) for own in numbers.values()]
    ends = [
        "+".join([formats.value(total, unit, lang, with_unit=False), *own.values()])
        for total, own in zip(totals, marks.values(), strict=True)
    ]
    data = [
        _part(label, {group: own.get(part) for group, own in numbers.items()}, unit, fill, lang)
        for (part, label), fill in zip(labels.items(), fills, strict=True)
    ]
    data.append(row_texts([compact(total) for total in totals], [f" <b>{end}</b>" for end in ends]))
    note = t("figure.list", lang).join(
        t("figure.part_mark", lang, group=names[group], part=labels[part], mark=mark)
        for group, own in marks.items()
        for part, mark in own.items()
    )
    layout = frame(
        caption, max(len(names), 1) * 34, left=room_for(names.values()) + 12,
        right=room_for(ends) + 16, above=4, below=6, note=note,
        key=[Key(label, swatch=fill) for label, fill in zip(labels.values(), fills, strict=True)],
    )  # fmt: skip
    layout |= {
        "barmode": "stack",
        "bargap": 0.3,
        "xaxis": value_axis(unit, 0, max([*totals, 1])) | {"showticklabels": False},
        "yaxis": row_axis([shorten(name, NAME_ROOM, BODY) for name in names.values()]),
        "uniformtext": {"minsize": 10, "mode": "hide"},
    }
    return drawn(data, layout)


def _pieces(
    rows: pd.DataFrame, groups: list[str], parts: list[str], unit: str, lang: str
) -> tuple[dict[str, dict[str, float]], dict[str, dict[str, str]]]:
    """Of each group its parts with their numbers, and those without one with their marks."""
    cells = {(row["group_code"], row["part"]): row for row in records_of(rows)}
    numbers: dict[str, dict[str, float]] = {group: {} for group in groups}
    marks: dict[str, dict[str, str]] = {group: {} for group in groups}
    for group, part in product(groups, parts):
        cell = cells.get((group, part), {})
        status = str(cell.get("status", "missing"))
        number = finite(cell.get("value")) if status == "observed" else None
        if number is None:
            marks[group][part] = formats.value(None, unit, lang, status)
        else:
            numbers[group][part] = number
    return numbers, marks


def _part(
    label: str, numbers: Mapping[str, float | None], unit: str, fill: str, lang: str
) -> dict[str, Any]:
    """The pieces of one part, one for each group by its code, with their numbers."""
    return {
        "type": "bar",
        "orientation": "h",
        "name": label,
        "x": [compact(number) for number in numbers.values()],
        "y0": 0,
        "dy": 1,
        "text": [
            "" if number is None else formats.value(number, unit, lang, with_unit=False)
            for number in numbers.values()
        ],
        "textposition": "inside",
        "insidetextanchor": "middle",
        "textangle": 0,
        "textfont": {"color": palette.on(fill), "size": SMALL},
        "marker": {"color": fill, "line": {"color": palette.PAPER, "width": 1}},
        "customdata": [[group] for group in numbers],
        "hovertemplate": "%{fullData.name} %{text}<extra></extra>",
    }
