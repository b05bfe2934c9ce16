"""A funnel: stages of which each is a part of the one before, group by group."""

from __future__ import annotations

import html
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from app import formats, palette
from app.charts.shared import NAME_ROOM, compact, finite, records_of, room_for, value_axis
from app.i18n import t
from app.lettering import BODY, EDGE, Caption, coloured, drawn, frame, shorten

_ROW = 22  # px of a stage
_BETWEEN = 0.5  # rows between two groups
_FIGURE_SPACE = "\u2007"  # as wide as a digit


def funnel(rows: pd.DataFrame, unit: str, caption: Caption) -> go.Figure:
    """A bar a stage as a share of the first, with number and share; the groups below each other.

    `rows`: group_code, group_name, stage, stage_label, value, areas_reporting, areas_expected; the
    groups and stages in the order of the rows. A group without a value has its mark and no bar.
    """
    lang = caption.lang
    groups = list(dict.fromkeys(rows["group_code"]))
    stages = list(dict.fromkeys(rows["stage"]))
    labels = [str(rows[rows["stage"] == s]["stage_label"].iloc[0]) for s in stages]
    cells = {(r["group_code"], r["stage"]): r for r in records_of(rows)}
    block = 1 + len(stages) + _BETWEEN
    last = max(len(groups) * block - _BETWEEN, 1)
    places = {
        (group, stage): g * block + 1 + s
        for g, group in enumerate(groups)
        for s, stage in enumerate(stages)
    }
    numbers: dict[tuple[str, str], str] = {}
    shares: dict[tuple[str, str], str] = {}
    data: list[dict[str, Any]] = []
    high = 100.0
    for stage, label, fill in zip(
        stages, labels, palette.levels(len(stages) + 1)[:0:-1], strict=False
    ):
        values = [finite(cells[group, stage]["value"]) for group in groups]
        wholes = [finite(cells[group, stages[0]]["value"]) for group in groups]
        parts = [share_of(v, whole) for v, whole in zip(values, wholes, strict=True)]
        high = max([high, *(part for part in parts if part is not None)])
        for group, value, whole, part in zip(groups, values, wholes, parts, strict=True):
            numbers[group, stage] = formats.value(value, unit, lang, with_unit=False)
            status = "not_applicable" if whole == 0 else "observed"
            told = formats.value(part, "percent", lang, status)
            unsaid = stage == stages[0] or value is None
            shares[group, stage] = "" if unsaid else told
        data.append(
            {
                "type": "bar",
                "orientation": "h",
                "name": label,
                "x": [compact(part) for part in parts],
                "y": [places[group, stage] for group in groups],
                "width": 0.8,
                "marker": {"color": fill},
                "customdata": [
                    [
                        html.escape(str(cells[group, stage]["group_name"]), quote=False),
                        numbers[group, stage],
                        shares[group, stage],
                    ]
                    for group in groups
                ],
                "hovertemplate": "<b>%{customdata[0]}</b><br>%{fullData.name} %{customdata[1]} "
                "%{customdata[2]}<extra></extra>",
            }
        )
    wide = max((len(number) for number in numbers.values()), default=0)
    texts = {
        cell: f"{numbers[cell].rjust(wide + 1, _FIGURE_SPACE)}  {shares[cell]}".rstrip()
        for cell in places
    }
    data.append(
        {
            "type": "scatter",
            "mode": "text",
            "x": [compact(high)] * len(texts),
            "y": [places[cell] for cell in texts],
            "text": list(texts.values()),
            "textposition": "middle right",
            "cliponaxis": False,
            "hoverinfo": "skip",
        }
    )
    names = {
        stage: shorten(label, NAME_ROOM, BODY) for stage, label in zip(stages, labels, strict=True)
    }
    left, right = room_for(names.values()) + 12, room_for(texts.values()) + 10
    partial = bool((rows["areas_reporting"] < rows["areas_expected"]).any())
    note = t("figure.all_stages", lang) if partial else ""
    layout = frame(caption, round(last * _ROW), left=left, right=right, above=2, below=6, note=note)
    for index, group in enumerate(groups):
        layout["annotations"].append(_heading(cells[group, stages[0]], index * block, left, lang))
    layout |= {
        "barmode": "overlay",
        "xaxis": value_axis("percent", 0, high) | {"showticklabels": False, "showgrid": False},
        "yaxis": {
            "range": [last - 0.5, -0.5],
            "tickvals": list(places.values()),
            "ticktext": [names[stage] for _, stage in places],
            "ticklabelstandoff": 4,
            "showgrid": False,
        },
    }
    return drawn(data, layout)


def share_of(value: float | None, whole: float | None) -> float | None:
    """A stage as a percentage of the first; None where either is missing or the first is zero."""
    return 100 * value / whole if value is not None and whole else None


def _heading(cell: dict[str, Any], place: float, left: int, lang: str) -> dict[str, Any]:
    """The name of a group above its bars, with how many of its counties are in them."""
    text = f"<b>{html.escape(str(cell['group_name']), quote=False)}</b>"
    if cell["areas_expected"] > 1:
        told = t(
            "figure.of_areas", lang, reported=cell["areas_reporting"],
            expected=cell["areas_expected"],
        )  # fmt: skip
        text += t("figure.gap", lang) + coloured(told, palette.MUTED)
    return {
        "text": text,
        "font": {"size": BODY, "color": palette.INK},
        "align": "left",
        "showarrow": False,
        "borderpad": 0,
        "x": 0,
        "xref": "paper",
        "xanchor": "left",
        "xshift": EDGE - left,
        "y": place,
        "yanchor": "middle",
    }
