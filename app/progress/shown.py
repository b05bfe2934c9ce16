"""The paragraphs of the page of ranks: levels and gains side by side, their worth, the table.

With a county chosen the ranks can be those among it and the counties most alike it (Streamlit).
"""

from __future__ import annotations

from typing import Any

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from app import (
    areas,
    catalogue,
    charts,
    choices,
    exports,
    figures,
    findings,
    formats,
    handout,
    negatives,
    panels,
    peers,
    periods,
    reads,
    scopes,
)
from app.catalogue import Indicator
from app.i18n import t
from app.kept import kept
from app.lettering import Caption
from app.negatives import Form
from app.progress import findings as told
from app.progress import margins
from app.view import View

SCOPE, PEERS = "scope", "peers"
HEIGHT = 620  # px: what is longer scrolls


def within(view: View) -> str:
    """The control of who is ranked: the counties of the scope, or one county among its peers."""
    asked = st.segmented_control(
        view.text("progress.within"), required=True,
        format_func=lambda each: view.text(f"progress.within_{each}"),
        **choices.kept("within", (SCOPE, PEERS), SCOPE, view.lang),
    )  # fmt: skip
    if asked == PEERS and view.choices.county is None:
        st.info(view.text("progress.no_county"), icon=":material/location_on:")
        return SCOPE
    return str(asked)


def side_by_side(view: View, among: str) -> None:
    """The ranking by level and, beside it, the one by the change over the year."""
    left, right = st.columns(2)
    for column, name, draw in (
        (left, "ranking", _ranking_figure), (right, "progress", _progress_figure)
    ):  # fmt: skip
        figure = draw(view.on(view.indicator.id), among)
        long = figure.layout.height > HEIGHT
        with column, st.container(height=HEIGHT if long else "content", border=False):
            panels.chart(view, name, figure, pick=True, place=f"{name}_page", own=(among,))


def worth(view: View, among: str) -> None:
    """What the ranks are worth, in a few lines."""
    lines = told.worth(rows_of(view, among), view.indicator, view.lang)
    if lines:
        st.markdown("\n".join(f"- {line}" for line in lines))


def table(view: View, among: str) -> None:
    """Every county with both ranks, its changes and last quarters, and what is missing and why."""
    st.subheader(view.text("progress.table"), anchor=False)
    st.caption(view.text("progress.table_note", small=margins.SMALL))
    shown = _table(view.on(view.indicator.id), among)
    indicator = view.indicator
    names = _columns(indicator, view.lang)
    decimals = formats.decimals_of(indicator.unit, indicator.decimals)
    sample = bool(rows_of(view, among)["sample"].any())
    county = view.text("page.marked", heading=names["county"]) if sample else names["county"]
    moved = Form(decimals, plus=True)
    forms = {"value": Form(decimals), "change_previous": moved, "change_year": moved}
    if indicator.denominator is not None:
        forms["denominator"] = Form(0)
    signs = {names[column]: form for column, form in forms.items()}
    styled, written = negatives.shown(shown, signs, view.lang)
    st.dataframe(
        styled, hide_index=True, key="progress_table", row_height=35,
        height=min(560, 38 + 35 * max(len(shown), 1)),
        placeholder=formats.mark("missing", view.lang),
        column_config={
            names["county"]: st.column_config.TextColumn(county, pinned=True, width=panels.COUNTY),
            names["city"]: st.column_config.TextColumn(width=76),
            names["rank"]: st.column_config.TextColumn(alignment="right", width=84),
            names["gain_rank"]: st.column_config.TextColumn(alignment="right", width=84),
            names["trend"]: st.column_config.LineChartColumn(width=110),
        }
        | {name: st.column_config.NumberColumn(format=form) for name, form in written.items()},
    )  # fmt: skip
    _downloads(view, among)


def rows_of(view: View, among: str) -> pd.DataFrame:
    """The frame of reads.county_progress for who is ranked; change nothing in it."""
    of_it = view.on(view.indicator.id)
    return _rows(of_it if among == PEERS else of_it.without_county)


@kept(512)
def _rows(view: View) -> pd.DataFrame:
    c, codes = view.choices, scopes.members(view.choices.scope)
    if c.county:
        codes = [c.county, *(peer.area_code for peer in peers.of(view.source, c.county))]
    return reads.county_progress(view.source, c.indicator, c.period, codes, c.lang)


def _scope(view: View, among: str, count: int) -> str:
    if among == SCOPE:
        return scopes.scope_label(view.choices.scope, view.lang)
    return view.text("progress.peers_of", name=view.county_name, count=count - 1)


def _caption(
    view: View, rows: pd.DataFrame, finding: str, among: str, known: int, period: str = ""
) -> Caption:
    return figures.caption_of(
        view, finding, view.indicator.label(view.lang), view.indicator.unit, (known, len(rows)),
        bool(rows["sample"].any()), period, _scope(view, among, len(rows)),
    )  # fmt: skip


@kept(512)
def _ranking_figure(view: View, among: str) -> go.Figure:
    rows = rows_of(view, among)
    finding = findings.of_counties(rows, view.indicator, view.lang)
    known = int((rows["status"] == "observed").sum())
    caption = _caption(view, rows, finding, among, known)
    return charts.ranking(rows, view.indicator, caption, view.choices.county)


@kept(512)
def _progress_figure(view: View, among: str) -> go.Figure:
    c, lang = view.choices, view.lang
    rows = rows_of(view, among)
    finding = told.of_progress(rows, view.indicator, lang)
    span = view.text(
        "progress.period", before=periods.label(periods.shift(c.period, -4), lang),
        now=periods.label(c.period, lang),
    )  # fmt: skip
    known = int(rows["change_year"].notna().sum())
    reasons = [told.reason(row, lang) for row in rows.to_dict("records")]
    caption = _caption(view, rows, finding, among, known, span)
    return charts.progress(rows, view.indicator, caption, reasons, c.county)


def _columns(indicator: Indicator, lang: str) -> dict[str, str]:
    """The titles of the table by what they hold."""
    points = t("format.points", lang).strip()
    unit = points if indicator.unit == "percent" else _unit(indicator, lang)
    titles = {
        "county": t("export.county", lang),
        "value": exports.column_name(indicator, lang),
        "rank": t("export.rank", lang),
        "change_previous": t("progress.change_previous", lang, unit=unit),
        "change_year": t("progress.change_year", lang, unit=unit),
        "gain_rank": t("progress.gain_rank", lang),
        "trend": t("progress.trend", lang),
        "denominator": t("export.denominator", lang),
        "note": t("progress.note", lang),
        "city": t("export.city", lang),
    }
    if indicator.denominator is None:
        titles["denominator"] = t("progress.no_denominator", lang)
    return titles


def _unit(indicator: Indicator, lang: str) -> str:
    return catalogue.load().unit(indicator.unit).label(lang)


def _sorted(rows: pd.DataFrame, indicator: Indicator) -> pd.DataFrame:
    by = rows.assign(unseen=rows["status"] != "observed")
    order = ["unseen", "rank", "value", "area_code"]
    if indicator.direction == "none":
        order = ["unseen", "value", "area_code"]
    up = [name != "value" or indicator.direction == "lower" for name in order]
    return by.sort_values(order, ascending=up)


def _read(values: pd.Series, decimals: int) -> list[float | None]:
    return [None if pd.isna(v) else float(formats.rounded(float(v), decimals)) for v in values]


@kept(256)
def _table(view: View, among: str) -> pd.DataFrame:
    indicator, lang = view.indicator, view.lang
    rows = _sorted(rows_of(view, among), indicator)
    names = _columns(indicator, lang)
    decimals = formats.decimals_of(indicator.unit, indicator.decimals)
    small = set(margins.small(rows, indicator)["area_code"])
    records = rows.to_dict("records")
    notes = [
        t("progress.small_mark", lang) if row["area_code"] in small and not told.reason(row, lang)
        else told.reason(row, lang)
        for row in records
    ]  # fmt: skip
    columns: dict[str, Any] = {
        "county": rows["area_name"],
        "value": _read(rows["value"], decimals),
        "rank": [
            exports.place(r, x, lang) for r, x in zip(rows["rank"], rows["tied"], strict=True)
        ],
        "change_previous": _read(rows["change_previous"], decimals),
        "change_year": _read(rows["change_year"], decimals),
        "gain_rank": [
            exports.place(r, x, lang)
            for r, x in zip(rows["gain_rank"], rows["gain_tied"], strict=True)
        ],
        "trend": rows["trend"],
        "denominator": rows["denominator"],
        "note": notes,
        "city": rows["city_name"],
    }
    if indicator.denominator is None:
        del columns["denominator"]
    if indicator.direction == "none":
        del columns["rank"], columns["gain_rank"]
    return pd.DataFrame({names[name]: list(cells) for name, cells in columns.items()})


def _downloads(view: View, among: str) -> None:
    """The table as shown, with codes and parts, as CSV and as a workbook; made when asked for."""
    c, indicator = view.choices, view.indicator
    name = view.text(
        "page.file", name=view.text("figure_name.progress_table"),
        indicator=indicator.label(c.lang), period=periods.label(c.period, c.lang),
    )  # fmt: skip

    def plain() -> bytes:
        return exports.plain_csv(*long_table(view, among))

    def book() -> bytes:
        return workbook(view, among)

    handout.table(name, view.lang, plain, book)


def workbook(view: View, among: str) -> bytes:
    """The table as shown, without its small lines."""
    c, indicator, rows = view.choices, view.indicator, rows_of(view, among)
    shown = _table(view.on(indicator.id), among)
    shown = shown.drop(columns=_columns(indicator, c.lang)["trend"])
    decimals = formats.decimals_of(indicator.unit, indicator.decimals)
    parts = _columns(indicator, c.lang)["denominator"]
    cells = [
        [_cell(v, 0 if title == parts else decimals, c.lang)
         for title, v in zip(shown.columns, row, strict=True)]
        for row in shown.itertuples(index=False)
    ]  # fmt: skip
    facts = exports.facts(view.source, c.period, _scope(view, among, len(rows)), c.lang)
    return exports.plain_xlsx(
        view.text("figure_name.progress_table"), [indicator.label(c.lang), " · ".join(facts)],
        list(map(str, shown.columns)), cells,
        view.text("figure.sample_note") if rows["sample"].any() else "", facts[-1],
    )  # fmt: skip


def _cell(value: Any, decimals: int, lang: str) -> Any:
    if isinstance(value, str):
        return value.strip()
    if pd.isna(value):
        return formats.mark("missing", lang)
    return exports.Figure(float(value), decimals)


def long_table(view: View, among: str) -> tuple[list[str], list[list[Any]]]:
    """Titles and rows of the CSV: values are not rounded, ranks are those of what is printed."""
    c, rows = view.choices, _sorted(rows_of(view, among), view.indicator)
    scope = _scope(view, among, len(rows))
    facts = " · ".join(exports.facts(view.source, c.period, scope, c.lang)[1:])
    titles = [
        *(view.text(f"export.{name}") for name in (
            "area_code", "county", "city", "region", "period", "indicator_id", "unit", "value",
            "numerator", "denominator", "rank", "change_previous", "change_year")),
        view.text("progress.gain_rank"), view.text("progress.note"), view.text("export.facts"),
        view.text("export.sample"),
    ]  # fmt: skip

    def number(value: Any) -> Any:
        return "" if pd.isna(value) else value

    known = areas.load()
    return titles, [
        [
            row["area_code"], row["area_name"], row["city_name"],
            known[row["area_code"]].region_en if c.lang == "en" else row["region_code"],
            periods.label(c.period, c.lang), view.indicator.id, _unit(view.indicator, c.lang),
            number(row["value"]), number(row["numerator"]), number(row["denominator"]),
            number(row["rank"]), number(row["change_previous"]), number(row["change_year"]),
            number(row["gain_rank"]), told.reason(row, c.lang), facts,
            view.text("sample.mark") if row["sample"] else "",
        ]
        for row in rows.to_dict("records")
    ]  # fmt: skip
