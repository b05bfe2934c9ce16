"""The page of the notice's tasks: clause by city, and the board with what is overdue first."""

from __future__ import annotations

from typing import Any

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from app import (
    catalogue,
    charts,
    choices,
    figures,
    formats,
    notice,
    palette,
    panels,
    reads,
    scopes,
)
from app.catalogue import Dataset
from app.kept import kept
from app.view import View, marked

ALL = ""
OVERDUE, BOARD = "overdue", 520  # the state beside those reported; px
_ORDER = (OVERDUE, "not_started", "under_way", "done")
_SIGNS = {OVERDUE: "missed", "not_started": "not_due", "under_way": "near", "done": "met"}


def page(view: View) -> None:
    """Draw the whole page from top to bottom."""
    assert view.dataset is not None
    panels.title(view, view.dataset.label(view.lang))
    panels.headline(view)
    panels.chart(view, "heat", _heat_figure(_on_tasks(view)))
    board(view, rows_of(view))
    panels.table(view)
    panels.meaning(view)


def rows_of(view: View) -> pd.DataFrame:
    """The tasks of the scope with clause, state and label; one row a city and task."""
    return _rows(_on_tasks(view).without_county)


def _on_tasks(view: View) -> View:
    return view.on(catalogue.load().dataset("work_tasks").indicators[0].id)


@kept(256)
def _rows(view: View) -> pd.DataFrame:
    dataset, c = view.dataset, view.choices
    assert dataset is not None
    rows = reads.task_board(view.source, c.period, c.level, c.scope, c.lang)
    items = {item.id: item for item in dataset.items}
    states = list(dataset.measure("status").choices)
    order = {name: place for place, name in enumerate(items)}
    return rows.assign(
        clause=[items[name].clause for name in rows["item"]],
        label=[items[name].label(c.lang) for name in rows["item"]],
        state=pd.Series(
            [
                OVERDUE if late else None if pd.isna(place) else states[int(place) - 1]
                for late, place in zip(rows["overdue"], rows["status"], strict=True)
            ],
            index=rows.index,
            dtype=object,
        ),
        place=[order[name] for name in rows["item"]],
    ).sort_values(["place", "area_code"])


@kept(256)
def _heat_figure(view: View) -> go.Figure:
    rows = rows_of(view)
    cells = (
        rows.assign(
            known=rows["status"].notna(), done=rows["state"] == "done",
            late=rows["state"] == OVERDUE,
        )
        .groupby(["clause", "area_code", "area_name"], sort=False)
        .agg(known=("known", "sum"), done=("done", "sum"), overdue=("late", "sum"))
        .reset_index()
    )  # fmt: skip
    cells = cells.assign(
        row=cells["area_code"], row_label=cells["area_name"],
        column=cells["clause"],
        column_label=[notice.number(clause, view.lang) for clause in cells["clause"]],
        column_title=[_clause(view, clause) for clause in cells["clause"]],
        place=cells["clause"].map(list(notice.CLAUSES).index),
    ).sort_values(["area_code", "place"])  # fmt: skip
    known, done, late = (int(cells[key].sum()) for key in ("known", "done", "overdue"))
    cities = int(rows.loc[rows["status"].notna(), "area_code"].nunique())
    finding = view.text("finding.tasks", cities=cities, known=known, done=done, late=late)
    if late:
        by_city = cells.groupby("row_label", sort=False)["overdue"].sum()
        finding += view.text(
            "finding.most_overdue", city=str(by_city.idxmax()), count=int(by_city.max())
        )
    caption = figures.caption_of(
        view, finding, view.text("tasks.heat"), "units",
        (cities, len(scopes.members(view.choices.scope, "city"))), bool(rows["sample"].any()),
    )  # fmt: skip
    return charts.heat(cells, caption)


def board(view: View, rows: pd.DataFrame) -> None:
    """Every task of the cities, overdue ones first; to be narrowed by state, clause and city."""
    assert view.dataset is not None
    st.subheader(view.text("tasks.board"), anchor=False)
    names = dict(zip(rows["area_code"], rows["area_name"], strict=True))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        state = st.segmented_control(
            view.text("tasks.state"), format_func=lambda name: _state(view, name), required=True,
            **choices.kept("state", (ALL, *_ORDER), ALL),
        )  # fmt: skip
        clause = st.selectbox(
            view.text("clause.clause"), width=300, format_func=lambda name: _clause(view, name),
            **choices.kept("clause", (ALL, *notice.CLAUSES), ALL),
        )  # fmt: skip
        city = st.selectbox(
            view.text("template.city_name"), width=150,
            format_func=lambda code: names.get(code, view.text("bar.all_counties")),
            **choices.kept("city", (ALL, *dict.fromkeys(rows["area_code"])), ALL),
        )  # fmt: skip
    shown = rows[
        (rows["state"].eq(state) | (state == ALL))
        & (rows["clause"].eq(clause) | (clause == ALL))
        & (rows["area_code"].eq(city) | (city == ALL))
    ]
    if shown.empty:
        st.info(view.text("tasks.none"), icon=":material/inbox:")
        return
    st.caption(view.text("tasks.shown", count=len(shown), whole=len(rows)))
    order = shown["state"].map({name: place for place, name in enumerate(_ORDER)})
    shown = shown.assign(order=order.fillna(len(_ORDER)))
    table = _table(view, shown.sort_values(["order", "due", "place", "area_code"]), view.dataset)
    columns = list(table.columns)
    st.dataframe(
        table, hide_index=True, key=f"board_{view.lang}",
        height=min(BOARD, 38 + 35 * len(table)), row_height=35,
        placeholder=formats.mark("missing", view.lang),
        column_config={
            columns[0]: st.column_config.TextColumn(marked(view, columns[0]), width=104),
            columns[1]: st.column_config.TextColumn(width=74, pinned=True),
            columns[2]: st.column_config.TextColumn(width=196, pinned=True),
            columns[3]: st.column_config.TextColumn(width=66),
            columns[4]: st.column_config.ProgressColumn(
                format="%d%%", min_value=0, max_value=100, color="primary", width=104
            ),
            columns[5]: st.column_config.TextColumn(width=110),
            columns[6]: st.column_config.TextColumn(width=290),
        },
    )  # fmt: skip


def _table(view: View, rows: pd.DataFrame, dataset: Dataset) -> pd.DataFrame:
    def label(measure_id: str) -> str:
        return dataset.measure(measure_id).label(view.lang)

    return pd.DataFrame(
        {
            view.text("tasks.state"): [_state(view, name) for name in rows["state"]],
            view.text("template.city_name"): rows["area_name"],
            view.text("template.item_name"): rows["label"],
            view.text("clause.clause"): [
                view.text("clause.short", clause=notice.number(name, view.lang))
                for name in rows["clause"]
            ],
            label("progress"): rows["progress"],
            label("due"): [_day(value) for value in rows["due"]],
            label("problem"): rows["problem"],
            label("rectified_on"): [_day(value) for value in rows["rectified_on"]],
            label("lead_office"): rows["lead_office"],
        }
    )


def _state(view: View, name: str | None) -> str:
    if name == ALL:
        return view.text("bar.all_counties")
    if name is None:
        return formats.mark("missing", view.lang)
    word = catalogue.load().dataset("work_tasks").measure("status").choices[name](view.lang)
    return f"{palette.STATUSES[_SIGNS[name]].sign} {word}"


def _clause(view: View, name: str) -> str:
    if name == ALL:
        return view.text("bar.all_counties")
    title = notice.load().clause(name).title(view.lang)
    return view.text("clause.heading", clause=notice.number(name, view.lang), title=title)


def _day(value: Any) -> str | None:
    if pd.isna(value):
        return None
    year, rest = divmod(int(value), 10000)
    return f"{year}-{rest // 100:02d}-{rest % 100:02d}"
