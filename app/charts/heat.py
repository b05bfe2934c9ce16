"""A heat table: shares of a whole in cells, with what is wrong in each beside its number."""

from __future__ import annotations

import html
import math
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from app import formats, palette
from app.charts.shared import records_of, room_for
from app.i18n import t
from app.lettering import SMALL, Caption, Key, drawn, frame

_ROW, _LEVELS = 30, 5  # px of a row, classes of a fifth each


def heat(rows: pd.DataFrame, caption: Caption) -> go.Figure:
    """A cell a row and column: darker with the share of `done` in `known`, and the overdue counted.

    `rows`: row, row_label, column, column_label, column_title, known, done, overdue; both in the
    order in which they first come. A cell of which nothing is known has the mark of missing.
    """
    lang = caption.lang
    lines, columns = list(dict.fromkeys(rows["row"])), list(dict.fromkeys(rows["column"]))
    labels = dict(zip(rows["row"], rows["row_label"], strict=True))
    heads = dict(zip(rows["column"], rows["column_label"], strict=True))
    titles = dict(zip(rows["column"], rows["column_title"], strict=True))
    cells = {(r["row"], r["column"]): r for r in records_of(rows)}
    ramp = palette.levels(_LEVELS)
    shapes: list[dict[str, Any]] = []
    x: list[int] = []
    y: list[int] = []
    texts: list[str] = []
    inks: list[str] = []
    hovers: list[list[str]] = []
    missing = formats.mark("missing", lang)
    for down, line in enumerate(lines):
        for across, column in enumerate(columns):
            cell = cells.get((line, column), {"known": 0, "done": 0, "overdue": 0})
            known, done, overdue = (int(cell[key]) for key in ("known", "done", "overdue"))
            fill = palette.MISSING if not known else ramp[level(done, known)]
            shapes.append(
                {
                    "type": "rect", "layer": "below", "fillcolor": fill,
                    "line": {"color": palette.PAPER, "width": 1},
                    "x0": across - 0.5, "x1": across + 0.5, "y0": down - 0.5, "y1": down + 0.5,
                }
            )  # fmt: skip
            x.append(across)
            y.append(down)
            sign = palette.STATUSES["missed"].sign
            shown = f"{done}/{known}" + (f" <b>{sign}</b>" if overdue else "")
            texts.append(shown if known else missing)
            inks.append(palette.on(fill))
            hovers.append(
                [
                    html.escape(str(labels[line]), quote=False),
                    html.escape(str(titles[column]), quote=False),
                    t("figure.tasks", lang, known=known, done=done, overdue=overdue),
                ]
            )
    data = {
        "type": "scatter",
        "mode": "text",
        "x": x,
        "y": y,
        "text": texts,
        "textfont": {"size": SMALL, "color": inks},
        "customdata": hovers,
        "hovertemplate": "<b>%{customdata[0]}</b> %{customdata[1]}<br>%{customdata[2]}"
        "<extra></extra>",
    }
    left = room_for(map(str, labels.values())) + 12
    key = [
        Key(t("figure.share_from", lang, low=100 * i // _LEVELS), swatch=fill)
        for i, fill in enumerate(ramp)
    ]
    key.append(Key(t("figure.tasks_key", lang, sign=palette.STATUSES["missed"].sign)))
    key.append(Key(t("figure.tasks_columns", lang)))
    height = max(len(lines), 1) * _ROW
    layout = frame(caption, height, left=left, right=6, above=24, below=6, key=key)
    layout |= {
        "shapes": [*layout.get("shapes", []), *shapes],
        "xaxis": {
            "range": [-0.5, max(len(columns), 1) - 0.5],
            "tickvals": list(range(len(columns))),
            "ticktext": [str(heads[c]) for c in columns],
            "side": "top", "showgrid": False, "tickangle": 0, "tickfont": {"size": SMALL},
        },
        "yaxis": {
            "range": [max(len(lines), 1) - 0.5, -0.5],
            "tickvals": list(range(len(lines))),
            "ticktext": [str(labels[line]) for line in lines],
            "showgrid": False, "ticklabelstandoff": 4,
        },
    }  # fmt: skip
    return drawn([data], layout)


def level(done: int, known: int) -> int:
    """The class of a share: 0 below a fifth, 4 from four fifths on."""
    return min(math.floor(_LEVELS * done / known), _LEVELS - 1)
