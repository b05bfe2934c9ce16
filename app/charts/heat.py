"""A heat table: shares of a whole in cells, with what is wrong in each beside its number."""

from __future__ import annotations

import html
import math
from dataclasses import dataclass
from itertools import product
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from app import formats, palette
from app.charts.shared import labels_of, records_of, room_for
from app.i18n import t
from app.lettering import SMALL, Caption, Key, drawn, frame

_ROW, _LEVELS = 30, 5  # px of a row, classes of a fifth each


@dataclass(frozen=True)
class _Cell:
    """A cell at its column and row; `told` are row, column and counts for its hover text."""

    across: int
    down: int
    fill: str
    text: str
    told: list[str]


def heat(rows: pd.DataFrame, caption: Caption) -> go.Figure:
    """A cell a row and column: darker with the share of `done` in `known`, and the overdue counted.

    `rows`: row, row_label, column, column_label, column_title, known, done, overdue; both in the
    order in which they first come. A cell of which nothing is known has the mark of missing.
    """
    lang = caption.lang
    labels = labels_of(rows, "row", "row_label")
    heads = labels_of(rows, "column", "column_label")
    cells = _cells(rows, lang)
    height = max(len(labels), 1)
    layout = frame(
        caption, height * _ROW, left=room_for(labels.values()) + 12, right=6, above=24, below=6,
        key=_key(lang),
    )  # fmt: skip
    layout |= {
        "shapes": [_square(cell) for cell in cells],
        "xaxis": {
            "range": [-0.5, max(len(heads), 1) - 0.5],
            "tickvals": list(range(len(heads))),
            "ticktext": list(heads.values()),
            "side": "top", "showgrid": False, "tickangle": 0, "tickfont": {"size": SMALL},
        },
        "yaxis": {
            "range": [height - 0.5, -0.5],
            "tickvals": list(range(len(labels))),
            "ticktext": list(labels.values()),
            "showgrid": False, "ticklabelstandoff": 4,
        },
    }  # fmt: skip
    return drawn([_texts(cells)], layout)


def _cells(rows: pd.DataFrame, lang: str) -> list[_Cell]:
    """The cells of every row and column, row by row."""
    labels = labels_of(rows, "row", "row_label")
    titles = labels_of(rows, "column", "column_title")
    counts = {
        (row["row"], row["column"]): tuple(int(row[key]) for key in ("known", "done", "overdue"))
        for row in records_of(rows)
    }
    ramp, sign = palette.levels(_LEVELS), palette.STATUSES["missed"].sign
    cells = []
    for (down, row), (across, column) in product(enumerate(labels), enumerate(titles)):
        known, done, overdue = counts.get((row, column), (0, 0, 0))
        shown = f"{done}/{known}" + (f" <b>{sign}</b>" if overdue else "")
        told = [
            html.escape(labels[row], quote=False),
            html.escape(titles[column], quote=False),
            t("figure.tasks", lang, known=known, done=done, overdue=overdue),
        ]
        cells.append(
            _Cell(across, down, ramp[level(done, known)], shown, told) if known
            else _Cell(across, down, palette.MISSING, formats.mark("missing", lang), told)
        )  # fmt: skip
    return cells


def _square(cell: _Cell) -> dict[str, Any]:
    """The colour of a cell, below its text."""
    return {
        "type": "rect", "layer": "below", "fillcolor": cell.fill,
        "line": {"color": palette.PAPER, "width": 1},
        "x0": cell.across - 0.5, "x1": cell.across + 0.5,
        "y0": cell.down - 0.5, "y1": cell.down + 0.5,
    }  # fmt: skip


def _texts(cells: list[_Cell]) -> dict[str, Any]:
    """What stands in the cells."""
    return {
        "type": "scatter",
        "mode": "text",
        "x": [cell.across for cell in cells],
        "y": [cell.down for cell in cells],
        "text": [cell.text for cell in cells],
        "textfont": {"size": SMALL, "color": [palette.on(cell.fill) for cell in cells]},
        "customdata": [cell.told for cell in cells],
        "hovertemplate": "<b>%{customdata[0]}</b> %{customdata[1]}<br>%{customdata[2]}"
        "<extra></extra>",
    }


def _key(lang: str) -> list[Key]:
    """Where each colour begins, and what the texts of cells and columns mean."""
    shares = [
        Key(t("figure.share_from", lang, low=100 * place // _LEVELS), swatch=fill)
        for place, fill in enumerate(palette.levels(_LEVELS))
    ]
    sign = palette.STATUSES["missed"].sign
    return [
        *shares,
        Key(t("figure.tasks_key", lang, sign=sign)),
        Key(t("figure.tasks_columns", lang)),
    ]


def level(done: int, known: int) -> int:
    """The class of a share: 0 below a fifth, 4 from four fifths on."""
    return min(math.floor(_LEVELS * done / known), _LEVELS - 1)
