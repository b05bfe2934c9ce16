"""The paragraphs of the page that explains a change (Streamlit)."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from app import (
    choices,
    exports,
    figures,
    formats,
    handout,
    menu,
    negatives,
    panels,
    periods,
    revisions,
    scopes,
)
from app.charts.waterfall import waterfall
from app.explained import split as splits
from app.explained import tables, told
from app.explained.split import Split
from app.kept import kept
from app.negatives import Form
from app.serving import Serving
from app.view import View, marked

COUNTY = 164  # px, as in the tables of the topics
PART = 186  # px of a column of parts: all three fit a phone


@dataclass(frozen=True)
class Found:
    """What the page shows: the change since a quarter, taken apart."""

    since: str
    split: Split


def of_dataset(view: View) -> View:
    """The page's view with the dataset of the chosen indicator."""
    return view.on(view.indicator.id)


def controls_and_split(view: View) -> Found:
    """What the change is since, kept in the URL, and the change taken apart."""
    since = st.segmented_control(
        view.text("explained.since_label"), required=True,
        format_func=lambda name: view.text(f"explained.since.{name}"),
        **choices.kept("base", (splits.QUARTER, splits.YEAR), splits.QUARTER),
    )  # fmt: skip
    # an earlier vintage may have to be opened
    with st.spinner(view.text("explained.opening")):
        return Found(since, _of(view, since))


def _of(view: View, since: str) -> Split:
    return _split(view.on(view.indicator.id).without_county, since)


@kept(512)
def _split(view: View, since: str) -> Split:
    c, dataset = view.choices, view.dataset
    assert dataset is not None
    base = splits.base_of(c.period, since)

    def earlier(sample: bool) -> tuple[Serving, int] | None:
        return revisions.first_told(view.source, dataset.id, c.period, sample, base)

    group = (c.level, c.scope)
    return splits.split(view.source, view.indicator, c.period, base, group, c.lang, earlier)


def finding(view: View, found: Found) -> None:
    """What may not be compared, and how the earlier figure was corrected."""
    parts, lang = found.split, view.lang
    if parts.why_not:
        text = view.text(f"explained.why_not.{parts.why_not}", **told.names(parts, lang))
        st.info(text, icon=":material/compare_arrows:")
        return
    crossing = periods.year(parts.before.period) != periods.year(parts.after.period)
    if crossing and found.since == splits.QUARTER and splits.cumulative(view.indicator):
        st.warning(view.text("explained.cumulative"), icon=":material/restart_alt:")
    if parts.told is not None:
        st.info(told.revision(parts, lang), icon=":material/edit_note:")


def figure_and_parts(view: View, found: Found) -> None:
    """The way from the earlier figure to the later one, and what it is made of."""
    if found.split.why_not:
        return
    left, right = st.columns([7, 5])
    with left:
        figure = _figure(view.on(view.indicator.id), found.since)
        panels.chart(view, "waterfall", figure, pick=True, place=f"waterfall_{found.since}")
    with right:
        st.subheader(marked(view, view.text("explained.summary.title")), anchor=False)
        table = tables.summary(found.split, view.lang)
        amount = str(table.columns[-1])
        signs = {amount: Form(told.decimals(view.indicator), plus=True)}
        styled, written = negatives.shown(table, signs, view.lang)
        st.dataframe(
            styled, hide_index=True, key="change_summary",
            placeholder="",
            column_config={
                table.columns[0]: st.column_config.TextColumn(width=PART),
                table.columns[1]: st.column_config.NumberColumn(width=52),
                amount: st.column_config.NumberColumn(format=written[amount], width=108),
            },
        )  # fmt: skip
        if found.split.told is None:
            values = told.names(found.split, view.lang)
            st.caption(
                view.text("explained.no_revision", period=values["before"], after=values["after"])
            )
        st.markdown(view.text("explained.method"))
        with st.container(horizontal=True):
            assert view.dataset is not None
            menu.to_entry(view.indicator.id, view.text("dictionary.link"))
            menu.to_topic(view.dataset, view.lang, view.indicator.id)


@kept(512)
def _figure(view: View, since: str) -> go.Figure:
    c, lang = view.choices, view.lang
    parts, indicator = _of(view, since), view.indicator
    steps = told.steps(parts, lang, c.county)
    span = view.text(
        "explained.period", before=periods.label(parts.before.period, lang),
        after=periods.label(parts.after.period, lang),
    )  # fmt: skip
    caption = figures.caption_of(
        view, told.finding(parts, scopes.scope_name(c.scope, lang), since, lang),
        indicator.label(lang), indicator.unit, (parts.after.valued, parts.after.expected),
        parts.sample, period=span,
    )  # fmt: skip
    note = view.text("explained.rounded") if told.printed_apart(steps, parts) else ""
    return waterfall(steps, indicator, caption, told.decimals(indicator), c.county, note)


def table(view: View, found: Found) -> None:
    """What each county adds, with its numbers in both quarters, and the same as files."""
    if found.split.why_not:
        return
    st.subheader(view.text("explained.table.title"), anchor=False)
    st.caption(view.text("explained.table.note"))
    c = view.choices
    shown = _shown(view.on(view.indicator.id).without_county, found.since)
    places = tables.decimals(found.split, shown, c.lang)
    names = list(shown.columns)
    signed = tables.signed(found.split, c.lang)
    signs = {name: Form(count, name in signed) for name, count in places.items()}
    styled, written = negatives.shown(shown, signs, c.lang)
    st.dataframe(
        styled, hide_index=True, key="change_table", row_height=35,
        height=min(520, 38 + 35 * len(shown)),
        placeholder=formats.mark("missing", c.lang),
        # on a phone the part is beside the name
        column_order=[names[i] for i in (tables.NAME, tables.PART, tables.KIND, tables.CITY)]
        + names[tables.PART + 1 :],
        column_config={
            names[tables.NAME]: st.column_config.TextColumn(
                marked(view, names[tables.NAME]), pinned=True, width=COUNTY
            ),
            names[tables.CITY]: st.column_config.TextColumn(width=76),
        }
        | {name: st.column_config.NumberColumn(format=form) for name, form in written.items()},
    )  # fmt: skip
    _downloads(view, found)


@kept(256)
def _shown(view: View, since: str) -> pd.DataFrame:
    return tables.shown(_of(view, since), view.lang)


def _downloads(view: View, found: Found) -> None:
    c, lang = view.choices, view.lang
    name = view.text(
        "page.file", name=view.text("explained.file"), indicator=view.indicator.label(lang),
        period=periods.label(c.period, lang),
    )  # fmt: skip
    scope = scopes.scope_label(c.scope, lang)
    facts = exports.facts(view.source, c.period, scope, lang)

    def book() -> bytes:
        title = told.finding(found.split, scopes.scope_name(c.scope, lang), found.since, lang)
        return tables.xlsx_bytes(found.split, title, facts, lang)

    handout.table(name, lang, lambda: tables.csv_bytes(found.split, facts, lang), book)
