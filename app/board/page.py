"""Views of the reporting board (Streamlit)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import get_args

import pandas as pd
import streamlit as st

from app import areas, catalogue, exports, formats, handout, levels, periods, scopes
from app.board import reminders, reports
from app.board.reports import Report
from app.view import View

ROW = 35  # px
SEEN = 12  # areas that are seen at once
METRIC = 154  # px: all four in a row on a screen, two on a phone
SIGNS: dict[reports.State, str] = {
    "in_time": "●", "late": "◐", "awaited": "○", "overdue": "✕", "sample": "◇",
}  # fmt: skip


def inside(view: View) -> list[Report]:
    """The reports of those who report in the scope."""
    known = catalogue.load().datasets
    wanted = {
        level: set(scopes.members(view.choices.scope, level)) for level in get_args(areas.Level)
    }
    return [
        report
        for report in reports.of(view.source, view.stamp, view.choices.period)
        if report.area_code in wanted[known[report.dataset].level]
    ]


def told(view: View, found: Sequence[Report]) -> None:
    """How many have come of how many, and what the signs mean."""
    come = sum(report.state in reports.REPORTED for report in found)
    overdue = sum(report.state == "overdue" for report in found)
    late = sum(report.state == "late" for report in found)
    counts = (("expected", len(found)), ("come", come), ("late", late), ("overdue", overdue))
    with st.container(horizontal=True):
        for name, number in counts:
            st.metric(view.text(f"board.{name}"), formats.number(number), width=METRIC)
    key = "　".join(f"{SIGNS[state]} {view.text(f'board.{state}')}" for state in reports.STATES)
    st.caption(key)


def datasets(view: View, found: Sequence[Report]) -> None:
    """One row a dataset: the day it is due, how many came in time, late, not yet."""
    known = catalogue.load()
    rows = []
    for tally in reports.tallies(found):
        count = tally.states.get
        rows.append(
            (
                known.dataset(tally.dataset).label(view.lang),
                tally.due.isoformat() if tally.due else formats.mark("missing", view.lang),
                tally.expected, 100 * tally.reported / tally.expected, count("in_time", 0),
                count("late", 0), count("sample", 0), count("awaited", 0) + count("overdue", 0),
            )
        )  # fmt: skip
    names = ("dataset", "due", "expected", "share", "in_time", "late", "sample", "outstanding")
    heads = [view.text(f"board.{name}") for name in names]
    st.subheader(view.text("board.by_dataset"), anchor=False)
    st.dataframe(
        pd.DataFrame(rows, columns=heads), hide_index=True, key="board_datasets", row_height=ROW,
        height=(len(rows) + 1) * ROW + 3,
        column_config={
            heads[3]: st.column_config.ProgressColumn(
                format="%.0f%%", min_value=0, max_value=100, width="small"
            )
        },
    )  # fmt: skip


def matrix(view: View, found: Sequence[Report]) -> None:
    """Who against what: a sign for every report, those first who owe the most."""
    known, lang = catalogue.load(), view.lang
    st.subheader(view.text("board.by_area"), anchor=False)
    owing = st.toggle(view.text("board.only_owing"), key="board_owing")
    by_area: dict[str, dict[str, Report]] = {}
    for report in found:
        by_area.setdefault(report.area_code, {})[report.dataset] = report
    owed = {
        code: sum(r.state not in reports.REPORTED for r in row.values())
        for code, row in by_area.items()
    }
    shown = sorted(by_area, key=lambda code: (-owed[code], code))
    if owing:
        shown = [code for code in shown if owed[code]]
    if not shown:
        st.success(view.text("board.all_come"), icon=":material/task_alt:")
        return
    asked = list(dict.fromkeys(report.dataset for report in found))
    rows = []
    for code in shown:
        area = levels.unit(code)
        signs = [_sign(by_area[code].get(name), lang, view) for name in asked]
        city = area.city_en if lang == "en" else area.city
        rows.append((area.label(lang), city, owed[code], *signs))
    heads = [view.text(f"board.{name}") for name in ("area", "city", "owed")]
    labels = [known.dataset(name).label(lang) for name in asked]
    st.dataframe(
        pd.DataFrame(rows, columns=[*heads, *labels]), hide_index=True, key="board_matrix",
        row_height=ROW, height=(min(SEEN, len(rows)) + 1) * ROW + 3,
        column_config={heads[0]: st.column_config.TextColumn(pinned=True)},
    )  # fmt: skip


def _sign(report: Report | None, lang: str, view: View) -> str:
    if report is None:  # the dataset is reported by cities
        return ""
    if report.state == "late":
        return f"{SIGNS['late']} {view.text('board.days', days=report.days_late)}"
    return SIGNS[report.state]


def to_remind(view: View, found: Sequence[Report]) -> None:
    """A text that reminds those who owe, to be copied."""
    st.subheader(view.text("board.reminders"), anchor=False)
    text = reminders.text(found, view.choices.period, periods.today(), view.lang)
    if not text:
        st.success(view.text("board.all_come"), icon=":material/task_alt:")
        return
    st.caption(view.text("board.reminders_about"))
    st.code(text, language=None, wrap_lines=True, height=min(360, 80 + 24 * text.count("\n")))


def download(view: View, found: Sequence[Report]) -> None:
    """All reports of the quarter as a CSV file, made when it is clicked."""
    known, lang = catalogue.load(), view.lang
    names = ("dataset", "area_code", "area", "state", "due", "first_at", "last_at", "submission",
             "by")  # fmt: skip
    quarter, told_of = view.choices.period, exports.origin(view.source, lang)
    heads = [
        *(view.text(f"board.{name}") for name in names), view.text("export.period"),
        view.text("export.facts"),
    ]  # fmt: skip

    def made() -> bytes:
        rows = [
            [
                known.dataset(r.dataset).label(lang), r.area_code,
                levels.unit(r.area_code).label(lang), view.text(f"board.{r.state}"), r.due,
                r.first_at, r.last_at, r.submission, r.by, quarter, told_of,
            ]
            for r in found
        ]  # fmt: skip
        return exports.plain_csv(heads, rows)

    name = view.text("board.file", period=periods.label(quarter, lang))
    handout.csv(view.text("board.download"), made, name, key="board_csv")
