"""Views of the page of the notice: each clause, what answers it, what is absent (Streamlit)."""

from __future__ import annotations

from collections import Counter

import pandas as pd
import streamlit as st

from app import choices, formats, menu, notice, overview, palette, panels, periods, scopes
from app.catalogue import Dataset, Indicator
from app.lettering import column_width
from app.notice import Clause
from app.topics import tasks
from app.view import (
    View,
    county_rows,
    headlines,
    marked,
    reporting,
    reporting_rows,
    sample_datasets,
)

ROW = 35  # px of a row of a table
NAMED = 12  # counties without a report are named up to so many
SIGNS = [name for name, status in palette.STATUSES.items() if status.sign]


def heading(view: View) -> None:
    """The page's title, what is shown, and which notice this is."""
    panels.title(view, view.text("menu.notice"))
    told, lang = notice.load(), view.lang
    st.caption(
        view.text(
            "clause.source", number=told.number, title=told.title(lang), issuer=told.issuer(lang),
            issued=told.issued.isoformat(),
        )
    )  # fmt: skip


def at_a_glance(view: View) -> None:
    """All clauses: the datasets that answer each, the verdicts on the scope, the reports in."""
    st.caption(view.text("overview.signs"))
    table = summary(view)
    clause, *others = table.columns
    st.dataframe(
        table, hide_index=True, key="clauses", height=ROW * (len(table) + 1) + 3, row_height=ROW,
        placeholder=formats.mark("missing", view.lang),
        column_config={
            clause: st.column_config.TextColumn(
                marked(view, clause), pinned=True, width=column_width(table[clause], 256, 340)
            ),
            others[0]: st.column_config.NumberColumn(width=84),
            others[1]: st.column_config.TextColumn(width=150),
            others[2]: st.column_config.TextColumn(width=110, help=view.text("clause.in_help")),
        },
    )  # fmt: skip


def summary(view: View) -> pd.DataFrame:
    """One row a clause: indicators, verdicts on the scope, reports in, datasets."""
    records = []
    for clause in notice.load().clauses:
        datasets = notice.datasets(clause.id)
        names = [i.id for d in datasets for i in d.indicators]
        verdicts = Counter(
            row["target_status"] for row in (headlines(view, names).values() if names else ())
        )
        counts = [reporting(view).get(d.id, (0, 0)) for d in datasets]
        reported, expected = (sum(side) for side in zip(*counts, strict=True)) if counts else (0, 0)
        told = [f"{palette.STATUSES[s].sign}{verdicts[s]}" for s in SIGNS if verdicts[s]]
        records.append(
            {
                view.text("clause.clause"): f"{notice.number(clause.id, view.lang)}"
                f" {clause.title(view.lang)}",
                view.text("clause.indicators"): len(names) or None,
                view.text("clause.verdicts"): "　".join(told) or None,
                view.text("clause.in"): f"{reported} / {expected}" if counts else None,
                view.text("clause.datasets"): view.text("finding.and").join(
                    d.label(view.lang) for d in datasets
                ) or view.text("clause.no_dataset"),
            }
        )  # fmt: skip
    return pd.DataFrame(records)


def chosen(view: View) -> Clause:
    """The clause a reader has chosen, or a link names; the first that has data to start with."""
    answered = [c for c in notice.CLAUSES if notice.datasets(c)]
    default = answered[0] if answered else notice.CLAUSES[0]
    clause_id = st.segmented_control(
        view.text("clause.choose"), required=True,
        format_func=lambda clause_id: notice.number(clause_id, view.lang),
        **choices.kept("clause", notice.CLAUSES, default),
    )  # fmt: skip
    return notice.load().clause(clause_id)


def detail(view: View, clause: Clause) -> None:
    """One clause: what it asks for, then every dataset that answers it, or that none does."""
    lang = view.lang
    st.subheader(
        view.text(
            "clause.heading", clause=notice.number(clause.id, lang), title=clause.title(lang)
        ),
        anchor=False,
    )
    st.markdown(clause.text(lang))
    datasets = notice.datasets(clause.id)
    if not datasets:
        st.info(view.text("clause.unanswered"), icon=":material/data_alert:")
    for dataset in datasets:
        with st.container(border=True, key=f"answer_{dataset.id}"):
            _answer(view, dataset, clause)


def _answer(view: View, dataset: Dataset, clause: Clause) -> None:
    lang = view.lang
    st.markdown(f"**{dataset.label(lang)}**")
    if dataset.items:
        st.markdown(_reports(view, dataset))
        _tasks(view, clause)
        menu.to_topic(dataset, lang, clause=clause.id)
        return
    st.caption(view.text("clause.quote", text=dataset.clause_text(lang)))
    st.markdown(_reports(view, dataset))
    table = standing(view, dataset)
    indicator, value, *others = table.columns
    sample = dataset in sample_datasets(view)
    picked = st.dataframe(
        table, hide_index=True, key=f"standing_{dataset.id}_{lang}", row_height=ROW,
        height=ROW * (len(table) + 1) + 3, on_select="rerun", selection_mode="single-cell",
        placeholder=formats.mark("missing", lang),
        column_config={
            indicator: st.column_config.TextColumn(
                view.text("page.marked", heading=indicator) if sample else indicator,
                pinned=True, width=column_width(table[indicator], 196, 280),
            ),
            value: st.column_config.TextColumn(
                scopes.group_name(f"{view.choices.level}/{view.choices.scope}", lang),
                alignment="right", width=130,
            ),
            others[1]: st.column_config.TextColumn(alignment="right", width=120),
            others[2]: st.column_config.NumberColumn(width=84),
        },
    )  # fmt: skip
    menu.to_topic(dataset, lang)
    if cells := picked["selection"]["cells"]:
        menu.open_indicator(dataset.indicators[cells[0][0]].id)


def _tasks(view: View, clause: Clause) -> None:
    """The clause's tasks: in how many of the cities that report each is done or overdue."""
    rows = tasks.rows_of(view)
    own = rows[rows["clause"] == clause.id]
    records = []
    for label, group in own.groupby("label", sort=False):
        states, known = group["state"], int(group["status"].notna().sum())
        records.append(
            {
                view.text("template.item_name"): label,
                view.text("clause.cities_done"): f"{(states == 'done').sum()} / {known}",
                view.text("clause.cities_overdue"): int((states == tasks.OVERDUE).sum()),
                view.text("clause.problems_open"): int(
                    (group["problem"].notna() & group["rectified_on"].isna()).sum()
                ),
            }
        )
    if not records:
        return
    table = pd.DataFrame(records)
    sample = bool(own["sample"].any())
    first = str(table.columns[0])
    st.dataframe(
        table, hide_index=True, key=f"tasks_{view.lang}", row_height=ROW,
        height=ROW * (len(table) + 1) + 3,
        column_config={
            first: st.column_config.TextColumn(
                view.text("page.marked", heading=first) if sample else first, width=260
            ),
        },
    )  # fmt: skip


def _reports(view: View, dataset: Dataset) -> str:
    """How many counties have reported this quarter, and which have not."""
    rows = reporting_rows(view).get(dataset.id, [])
    absent = [row["area_code"] for row in rows if not row["reported"]]
    if len(absent) == len(rows):
        return view.text(
            f"clause.nobody_{dataset.level}",
            period=periods.label(view.choices.period, view.lang),
        )
    reported = len(rows) - len(absent)
    if not absent:
        return view.text(f"clause.everybody_{dataset.level}", expected=len(rows))
    listed = view.text("finding.and").join(
        scopes.county_label(code, view.lang) for code in absent[:NAMED]
    )
    key = f"clause.absent_{dataset.level}"
    if len(absent) > NAMED:
        key = f"clause.absent_more_{dataset.level}"
    return view.text(
        key, reported=reported, expected=len(rows), names=listed, rest=len(absent) - NAMED
    )


def standing(view: View, dataset: Dataset) -> pd.DataFrame:
    """One row an indicator: the scope's value and verdict, target, counties that meet it."""
    names = [i.id for i in dataset.indicators]
    rows, heads = county_rows(view, names), headlines(view, names)
    records = []
    for indicator in dataset.indicators:
        own = rows[rows["indicator_id"] == indicator.id]
        seen = own[own["status"] == "observed"]
        met = int((seen["target_status"] == "met").sum())
        judged = indicator.target is not None and len(seen) > 0
        records.append(
            {
                view.text("overview.indicator"): indicator.short(view.lang),
                view.text("overview.value"): overview.cell(view, heads[indicator.id], indicator.id),
                view.text("page.target"): _target(view, indicator),
                view.text("clause.meeting"): f"{met} / {len(seen)}" if judged else None,
                view.text("clause.without"): int((own["status"] == "missing").sum()),
            }
        )
    return pd.DataFrame(records)


def _target(view: View, indicator: Indicator) -> str:
    if indicator.target is None:
        return view.text("clause.no_target")
    value = formats.target(indicator.target.value, indicator.unit, view.lang)
    when = formats.target_year(indicator.target.year, view.lang)
    return view.text("overview.target", value=value, when=when)
