"""A funnel: stages of which each is a part of the one before, group by group."""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from app import formats, palette
from app.charts.shared import (
    NAME_ROOM,
    compact,
    finite,
    labels_of,
    records_of,
    room_for,
    row_texts,
    value_axis,
)
from app.i18n import t
from app.lettering import BODY, EDGE, Caption, coloured, drawn, frame, shorten

_ROW = 22  # px of a stage
_BETWEEN = 0.5  # rows between two groups
_FIGURE_SPACE = "\u2007"  # as wide as a digit


@dataclass(frozen=True)
class _Cell:
    """A stage of a group: its row, its share of the first stage, and how group and both read."""

    stage: str
    group: str
    row: float
    part: float | None
    number: str
    share: str


def funnel(rows: pd.DataFrame, unit: str, caption: Caption) -> go.Figure:
    """A bar a stage as a share of the first, with number and share; the groups below each other.

    `rows`: group_code, group_name, stage, stage_label, value, areas_reporting, areas_expected; the
    groups and stages in the order of the rows. A group without a value has its mark and no bar.
    """
    lang = caption.lang
    stages = labels_of(rows, "stage", "stage_label")
    given = {(row["group_code"], row["stage"]): row for row in records_of(rows)}
    firsts = [given[group, next(iter(stages))] for group in dict.fromkeys(rows["group_code"])]
    block = 1 + len(stages) + _BETWEEN  # rows of a group: its name and its stages
    cells = [
        _cell(given[first["group_code"], stage], first, index * block + 1 + down, unit, lang)
        for index, first in enumerate(firsts)
        for down, stage in enumerate(stages)
    ]
    high = max([100.0, *(cell.part for cell in cells if cell.part is not None)])
    texts = _texts(cells)
    fills = palette.levels(len(stages) + 1)[:0:-1]
    data = [
        _bars(label, fill, [cell for cell in cells if cell.stage == stage])
        for (stage, label), fill in zip(stages.items(), fills, strict=True)
    ]
    data.append(row_texts([compact(high)] * len(texts), texts, [cell.row for cell in cells]))
    names = {stage: shorten(label, NAME_ROOM, BODY) for stage, label in stages.items()}
    left = room_for(names.values()) + 12
    last = max(len(firsts) * block - _BETWEEN, 1)
    partial = bool((rows["areas_reporting"] < rows["areas_expected"]).any())
    layout = frame(
        caption, round(last * _ROW), left=left, right=room_for(texts) + 10, above=2, below=6,
        note=t("figure.all_stages", lang) if partial else "",
    )  # fmt: skip
    layout["annotations"] += [
        _heading(first, index * block, left, lang) for index, first in enumerate(firsts)
    ]
    layout |= {
        "barmode": "overlay",
        "xaxis": value_axis("percent", 0, high) | {"showticklabels": False, "showgrid": False},
        "yaxis": {
            "range": [last - 0.5, -0.5],
            "tickvals": [cell.row for cell in cells],
            "ticktext": [names[cell.stage] for cell in cells],
            "ticklabelstandoff": 4,
            "showgrid": False,
        },
    }
    return drawn(data, layout)


def share_of(value: float | None, whole: float | None) -> float | None:
    """A stage as a percentage of the first; None where either is missing or the first is zero."""
    return 100 * value / whole if value is not None and whole else None


def _cell(given: dict[str, Any], first: dict[str, Any], row: float, unit: str, lang: str) -> _Cell:
    """A stage as the rows give it, `first` being the first stage of its group."""
    value, whole = finite(given["value"]), finite(first["value"])
    part = share_of(value, whole)
    share = formats.value(part, "percent", lang, "not_applicable" if whole == 0 else "observed")
    unsaid = given is first or value is None
    return _Cell(
        stage=given["stage"],
        group=html.escape(str(given["group_name"]), quote=False),
        row=row,
        part=part,
        number=formats.value(value, unit, lang, with_unit=False),
        share="" if unsaid else share,
    )


def _texts(cells: list[_Cell]) -> list[str]:
    """Number and share of each cell, the numbers below each other."""
    longest = max((len(cell.number) for cell in cells), default=0)
    return [
        f"{cell.number.rjust(longest + 1, _FIGURE_SPACE)}  {cell.share}".rstrip() for cell in cells
    ]


def _bars(label: str, fill: str, cells: list[_Cell]) -> dict[str, Any]:
    """The bars of one stage, one a group."""
    return {
        "type": "bar",
        "orientation": "h",
        "name": label,
        "x": [compact(cell.part) for cell in cells],
        "y": [cell.row for cell in cells],
        "width": 0.8,
        "marker": {"color": fill},
        "customdata": [[cell.group, cell.number, cell.share] for cell in cells],
        "hovertemplate": "<b>%{customdata[0]}</b><br>%{fullData.name} %{customdata[1]} "
        "%{customdata[2]}<extra></extra>",
    }


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
