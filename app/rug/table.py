"""The table of all indicators on its way to the browser, and a reader's clicks (Streamlit).

It is a component of our own as the figures are: see docs/decisions/0010.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from app import assets, catalogue, notice, palette, plot
from app.i18n import t
from app.rug import weaving
from app.rug.weaving import Rug, Section
from app.settings import ROOT

LOOKS = {name: place for place, name in enumerate(palette.LOOKS)}
LEVEL = 6  # of compression: as quick as it is small

# Drawn by a script of its own, unpacked by that of the figures
_COMPONENT = st.components.v2.component(
    "rug",
    css=(ROOT / "app" / "rug" / "rug.css").read_text("utf-8"),
    js=(
        "export default (table) =>\n"
        f"Promise.all(['{assets.script('rug')}', '{assets.script()}'].map((name) =>"
        " import(new URL(`app/static/${name}`, document.baseURI))))"
        ".then(([script, figure]) => script.default(table, figure.unpacked));"
    ),
    isolate_styles=False,
)


def show(payload: bytes, *, key: str, on_sort: Callable[[str], None]) -> tuple[str, str] | None:
    """Show a table; the indicator and county of a cell that has been clicked, else None.

    `on_sort` is told the indicator whose head was clicked. The county is empty for a group.
    """

    def sorted_() -> None:
        indicator_id = st.session_state[key].get("sorted")
        if indicator_id:
            on_sort(indicator_id)

    result = _COMPONENT(
        key=key, data=payload, height="content", on_sorted_change=sorted_,
        on_opened_change=lambda: None,
    )  # fmt: skip
    opened = result.get("opened")
    if not opened:
        return None
    indicator_id, _, county = opened.partition("/")
    return indicator_id, county


def packed(
    table: Rug, sections: list[Section], told: dict[str, str], lang: str,
    selected: str | None = None, order: str = "", first: str = weaving.BEST,
) -> bytes:  # fmt: skip
    """A table for the browser; `told` are title, subtitle, note and footer."""
    known = catalogue.load()
    document: dict[str, Any] = {
        **told,
        "corner": t("export.county", lang),
        # Chinese breaks anywhere; English words need the height
        "heads": "down" if lang == "en" else "across",
        "looks": [
            {"ground": look.ground, "ink": look.ink, "sign": look.sign}
            for look in palette.LOOKS.values()
        ],
        "legend": [
            {
                "heading": key.heading,
                "entries": [(LOOKS[name], *rest) for name, *rest in key.entries],
            }
            for key in weaving.legend(table, lang)
        ],
        "datasets": [
            {"text": dataset_head(table, dataset.id, lang), "span": count}
            for dataset, count in table.datasets()
        ],
        "columns": [
            {
                "id": column.id,
                "short": column.short(lang),
                "full": column.label(lang),
                "unit": unit_and_aim(table, place, lang),
                "turned": _turned(column.id, column.direction, order, first, lang),
                "told": known.dataset_of[column.id].label(lang),
            }
            for place, column in enumerate(table.columns)
        ],
        "sections": [
            {
                "heading": section.heading,
                "rows": [
                    {
                        "name": row.name,
                        "code": row.county,
                        "chosen": bool(selected) and row.county == selected,
                        "cells": [(c.text, LOOKS[c.look], c.hover) for c in row.cells],
                    }
                    for row in section.rows
                ],
            }
            for section in sections
        ],
    }
    return plot.zipped(document, LEVEL)


def dataset_head(table: Rug, dataset_id: str, lang: str) -> str:
    """A dataset as the head of its columns, with its clause and the mark of sample data."""
    dataset = catalogue.load().dataset(dataset_id)
    head = t(
        "rug.dataset", lang, clause=notice.number(dataset.clause, lang), dataset=dataset.label(lang)
    )
    return t("page.marked", lang, heading=head) if dataset_id in table.sample else head


def unit_and_aim(table: Rug, place: int, lang: str) -> str:
    """The unit of a column and what it is held against."""
    column = table.columns[place]
    unit = catalogue.load().unit(column.unit).label(lang)
    return f"{unit} {weaving.aim(column, lang)}".strip()


def _turned(indicator_id: str, direction: str, order: str, first: str, lang: str) -> str:
    if indicator_id != order:
        return ""
    down = (direction == "lower") != (first == weaving.BEST)
    return t("rug.descending" if down else "rug.ascending", lang)
