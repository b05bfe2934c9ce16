"""Bars of what is lacking in each county, and of the parts of a whole in each group."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
import plotly.graph_objects as go

from app import formats, palette
from app.catalogue import Indicator
from app.charts.shared import (
    NAME_ROOM,
    compact,
    finite,
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
    none_left = int(((first["status"] == "observed") & (first["value"] <= 0)).sum())
    unknown = first[first["status"] != "observed"]
    omitted = max(0, len(lacking) - limit) if limit else 0
    shown = lacking.head(limit) if limit else lacking
    codes = list(shown["area_code"])
    names = [row_name({**row, "rank": None}, lang, selected) for row in records_of(shown)]
    fills = [palette.SEQUENTIAL[4 - 2 * i] for i in range(len(indicators))]
    key = [Key(i.short(lang), swatch=fill) for i, fill in zip(indicators, fills, strict=True)]
    if none_left:
        key.append(Key(t("figure.none_left", lang, count=none_left)))
    if omitted:
        key.append(Key(t("figure.omitted", lang, count=omitted)))
    data, high, labels = [], 1.0, []
    for indicator, fill in zip(indicators, fills, strict=True):
        by_code = rows[indicator.id].set_index("area_code")
        values = [finite(by_code["value"].get(c)) for c in codes]
        statuses = [str(by_code["status"].get(c, "missing")) for c in codes]
        text = [
            formats.value(v, indicator.unit, lang, s, indicator.decimals, with_unit=False)
            for v, s in zip(values, statuses, strict=True)
        ]
        labels += text
        high = max([high, *(v for v in values if v is not None)])
        data.append(
            {
                "type": "bar",
                "orientation": "h",
                "name": indicator.short(lang),
                "x": [compact(v) for v in values],
                "y0": 0,
                "dy": 1,
                "text": text,
                "textposition": "outside",
                "cliponaxis": False,
                "constraintext": "none",
                "textangle": 0,
                "marker": {
                    "color": fill,
                    "line": outline(codes, selected),
                },
                "customdata": [[c] for c in codes],
                "hovertemplate": "%{text}<extra></extra>",
            }
        )
    note = ""
    if len(unknown):
        separator = t("figure.list", lang)
        listed = separator.join(unknown["area_name"].astype(str))
        note = t("figure.unknown_gap", lang, names=listed, count=len(unknown))
    plot = max(len(codes), 1) * (14 * len(indicators) + 8)
    left, right = room_for(map(plain, names)) + 12, room_for(labels) + 12
    layout = frame(caption, plot, left=left, right=right, above=4, below=6, key=key, note=note)
    layout |= {
        "barmode": "group",
        "bargap": 0.22,
        "xaxis": value_axis(indicators[0].unit, 0, high) | {"showticklabels": False},
        "yaxis": row_axis(names),
    }
    return drawn(data, layout)


def stacked_bars(rows: pd.DataFrame, unit: str, caption: Caption) -> go.Figure:
    """Whole and parts of each group: one bar a group, one piece a part, with the number inside.

    `rows`: group_code, group_name, part, part_label, value, status; groups and parts in the order
    of the rows. A part without a value leaves no piece: its mark joins the total, and a note names
    it.
    """
    lang = caption.lang
    groups = list(dict.fromkeys(rows["group_code"]))
    parts = list(dict.fromkeys(rows["part"]))
    names = [str(rows[rows["group_code"] == g]["group_name"].iloc[0]) for g in groups]
    fills = [palette.SEQUENTIAL[i] for i in (4, 2, 1, 3, 0)][: len(parts)]
    cells = {(r["group_code"], r["part"]): r for r in records_of(rows)}
    data, key = [], []
    totals = dict.fromkeys(groups, 0.0)
    absent: dict[str, list[tuple[str, str]]] = {g: [] for g in groups}
    for part, fill in zip(parts, fills, strict=True):
        label = str(rows[rows["part"] == part]["part_label"].iloc[0])
        key.append(Key(label, swatch=fill))
        values = []
        for group in groups:
            cell = cells.get((group, part), {})
            status = str(cell.get("status", "missing"))
            number = finite(cell.get("value")) if status == "observed" else None
            values.append(number)
            totals[group] += number or 0
            if number is None:
                shown = formats.value(None, unit, lang, status)
                absent[group].append((label, shown))
        data.append(
            {
                "type": "bar",
                "orientation": "h",
                "name": label,
                "x": [compact(v) for v in values],
                "y0": 0,
                "dy": 1,
                "text": [
                    "" if v is None else formats.value(v, unit, lang, with_unit=False)
                    for v in values
                ],
                "textposition": "inside",
                "insidetextanchor": "middle",
                "textangle": 0,
                "textfont": {"color": palette.on(fill), "size": SMALL},
                "marker": {"color": fill, "line": {"color": palette.PAPER, "width": 1}},
                "customdata": [[g] for g in groups],
                "hovertemplate": "%{fullData.name} %{text}<extra></extra>",
            }
        )
    ends = [
        "+".join(
            [formats.value(totals[g], unit, lang, with_unit=False), *(m for _, m in absent[g])]
        )
        for g in groups
    ]
    note = t("figure.list", lang).join(
        t("figure.part_mark", lang, group=name, part=part, mark=shown)
        for name, g in zip(names, groups, strict=True)
        for part, shown in absent[g]
    )
    data.append(
        row_texts([compact(total) for total in totals.values()], [f" <b>{e}</b>" for e in ends])
    )
    left, right = room_for(names) + 12, room_for(ends) + 16
    plot = max(len(groups), 1) * 34
    layout = frame(caption, plot, left=left, right=right, above=4, below=6, key=key, note=note)
    layout |= {
        "barmode": "stack",
        "bargap": 0.3,
        "xaxis": value_axis(unit, 0, max([*totals.values(), 1])) | {"showticklabels": False},
        "yaxis": row_axis([shorten(n, NAME_ROOM, BODY) for n in names]),
        "uniformtext": {"minsize": 10, "mode": "hide"},
    }
    return drawn(data, layout)
