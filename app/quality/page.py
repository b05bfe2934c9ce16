"""Views of the page of data quality (Streamlit)."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

import queries
from app import (
    catalogue,
    charts,
    choices,
    exports,
    figures,
    formats,
    handout,
    levels,
    maps,
    menu,
    page_pictures,
    peers,
    periods,
    plot,
    reads,
)
from app.catalogue import Indicator, Measure
from app.kept import kept
from app.lettering import Caption
from app.quality import findings, told
from app.quality.findings import Finding
from app.scopes import Choices
from app.serving import Serving
from app.view import View

ALL = ""
ROW = 35  # px
METRIC = 154  # px: six in a row on a screen, two on a phone
SEEN = 12  # findings that are seen at once
LISTED = 1_000  # of more the browser would be sent megabytes at each click; the file has all


def inside(view: View) -> list[Finding]:
    """The findings about those who report in the scope, the worst first."""
    return findings.inside(view.source, view.stamp, view.choices.period, view.choices.scope)


def counted(view: View, found: Sequence[Finding]) -> None:
    """How many findings there are of each kind, and how they are made."""
    with st.container(horizontal=True):
        for kind, number in findings.counts(found).items():
            st.metric(view.text(f"quality.kind_{kind}"), formats.number(number), width=METRIC)
    limits = catalogue.load().quality.outlier
    method = view.text(
        "quality.method", quarters=limits.quarters, peers=peers.COUNT, few=limits.few
    )
    st.caption(f"{view.text('quality.about')}  \n{method}")


def filtered(view: View, found: Sequence[Finding]) -> list[Finding]:
    """The findings of the kind and dataset that the reader chooses."""
    known, lang = catalogue.load(), view.lang
    left, right = st.columns(2)
    kinds = [ALL, *(kind for kind, number in findings.counts(found).items() if number)]
    datasets = [ALL, *(name for name in known.datasets if any(f.dataset == name for f in found))]
    kind = left.selectbox(
        view.text("quality.kind"), kinds, key=f"quality_kind_{lang}",
        format_func=lambda k: view.text(f"quality.kind_{k}" if k else "quality.all_kinds"),
    )  # fmt: skip
    dataset = right.selectbox(
        view.text("quality.dataset"), datasets, key=f"quality_dataset_{lang}",
        format_func=lambda name: (
            known.dataset(name).label(lang) if name else view.text("quality.all_datasets")
        ),
    )  # fmt: skip
    return [f for f in found if kind in (ALL, f.kind) and dataset in (ALL, f.dataset)]


def table(view: View, shown: Sequence[Finding]) -> None:
    """The findings, the worst first; a click on a row chooses it below."""
    known, lang = catalogue.load(), view.lang
    rows = []
    for finding in shown[:LISTED]:
        area = levels.unit(finding.area_code)
        rows.append(
            (
                area.label(lang), view.text(f"quality.kind_{finding.kind}"),
                told.subject(finding, lang), told.sentence(finding, lang),
                told.value(finding, lang), told.against(finding, lang), told.far(finding.z),
                finding.explanation or "", known.dataset(finding.dataset).label(lang),
                area.city_en if lang == "en" else area.city,
                view.text("quality.is_sample") if finding.sample else "",
            )
        )  # fmt: skip
    names = ("area", "kind", "subject", "sentence", "value", "against", "z", "explanation",
             "dataset", "city", "sample")  # fmt: skip
    heads = [view.text(f"quality.{name}") for name in names]
    told_of = "listed" if len(rows) == len(shown) else "listed_first"
    st.caption(
        view.text(
            f"quality.{told_of}", count=formats.number(len(shown)), first=formats.number(len(rows))
        )
    )
    key = "quality_table"

    def picked() -> None:
        chosen = st.session_state[key]["selection"]["rows"]
        if chosen:
            st.session_state["quality_chosen"] = chosen[0]

    st.dataframe(
        pd.DataFrame(rows, columns=heads), hide_index=True, key=key, row_height=ROW,
        height=(min(SEEN, len(rows)) + 1) * ROW + 3, on_select=picked,
        selection_mode="single-row",
        column_config={
            heads[0]: st.column_config.TextColumn(pinned=True),
            heads[3]: st.column_config.TextColumn(width="large"),
            heads[4]: st.column_config.TextColumn(alignment="right"),
            heads[5]: st.column_config.TextColumn(alignment="right"),
            heads[6]: st.column_config.TextColumn(alignment="right", width=72),
        },
    )  # fmt: skip


def one(view: View, shown: Sequence[Finding]) -> None:
    """One finding: its sentence, the explanation given, the history, and the way to the county."""
    lang, shown = view.lang, shown[:LISTED]
    st.subheader(view.text("quality.chosen"), anchor=False)
    if st.session_state.get("quality_chosen", 0) >= len(shown):  # another filter or quarter
        st.session_state["quality_chosen"] = 0
    place = st.selectbox(
        view.text("quality.chosen"), range(len(shown)), key="quality_chosen",
        label_visibility="collapsed",
        format_func=lambda number: view.text(
            "quality.choose", area=told.area(shown[number], lang),
            subject=told.subject(shown[number], lang),
            kind=view.text(f"quality.kind_{shown[number].kind}"),
        ),
    )  # fmt: skip
    finding = shown[place]
    st.markdown(formats.plain(told.sentence(finding, lang)))
    if finding.explanation:
        st.markdown(
            view.text(
                "quality.explained", submission=f"S{finding.vintage}",
                text=formats.plain(finding.explanation),
            )
        )  # fmt: skip
    else:
        st.caption(view.text("quality.unexplained"))
    figure = _history(view.stamp, finding, lang, view.source)
    if figure is None:
        st.caption(view.text("quality.no_chart"))
    else:
        name = _heading(finding, lang, view)
        page_pictures.tell("quality", name, lambda: figure)
        payload = plot.packed(figure, maps.plotly_config(lang, name), alt=name)
        plot.show(payload, key="figure_quality")
    if catalogue.load().dataset(finding.dataset).level == "county":
        st.page_link(
            menu.explore("county"), icon=":material/person_pin_circle:",
            label=view.text("quality.to_profile", area=told.area(finding, lang)),
            query_params=choices.link(county=finding.area_code),
        )  # fmt: skip


def _heading(finding: Finding, lang: str, view: View) -> str:
    area, subject = told.area(finding, lang), told.subject(finding, lang)
    return view.text("quality.history", area=area, subject=subject)


@kept(256)
def _history(stamp: str, finding: Finding, lang: str, _source: Serving) -> go.Figure | None:
    """The line of the area's indicator or measure up to the quarter; None where there is none."""
    found = told.about(finding)
    known = catalogue.load()
    dataset = known.dataset(finding.dataset)
    if found is None or (isinstance(found, Measure) and not found.numeric):
        return None
    if isinstance(found, Indicator):
        group = f"{dataset.level}/{finding.area_code}"
        rows, drawn = reads.group_trend(_source, found.id, [group], lang), found
    else:
        rows = pd.DataFrame(
            queries.rows(
                "quality/measure_history", _source.cursor(), dataset_id=dataset.id,
                measure_id=finding.measure, area_code=finding.area_code,
            )
        ).assign(
            group_code=finding.area_code, level=dataset.level, areas_reporting=1, areas_expected=1
        )  # fmt: skip
        drawn = Indicator(
            id=found.id, label=found.label, short=found.name, unit=found.unit, direction="none",
            numerator=found.id, definition=found.definition,
        )  # fmt: skip
    name = told.area(finding, lang)
    rows = rows[rows["period"] <= finding.period].assign(group_name=name)
    view = View(_source, stamp, Choices(finding.period, "", None, "", lang), dataset)
    caption = Caption(
        told.title(finding, lang),
        f"{_heading(finding, lang, view)} · {known.unit(found.unit).label(lang)}",
        view.text("caption.footer", dataset=dataset.label(lang),
                  vintage=exports.origin(_source, lang)),
        finding.sample, lang, figures.ROOM,
    )  # fmt: skip
    return charts.trend(rows, drawn, caption, selected=finding.area_code)


def download(view: View, shown: Sequence[Finding]) -> None:
    """All findings as a CSV file, made when it is clicked."""
    known, lang = catalogue.load(), view.lang
    names = ("kind", "dataset", "area_code", "area", "subject", "value", "against", "z",
             "sentence", "explanation", "submission", "sample")  # fmt: skip
    told_of = exports.origin(view.source, lang)

    def made() -> bytes:
        rows = [
            [
                view.text(f"quality.kind_{f.kind}"), known.dataset(f.dataset).label(lang),
                f.area_code, told.area(f, lang), told.subject(f, lang), f.value, f.against, f.z,
                told.sentence(f, lang), f.explanation or "",
                "" if f.vintage is None else f"S{f.vintage}",
                view.text("quality.is_sample") if f.sample else "", told_of,
            ]
            for f in shown
        ]  # fmt: skip
        heads = [*(view.text(f"quality.{name}") for name in names), view.text("export.facts")]
        return exports.plain_csv(heads, rows)

    name = view.text("quality.file", period=periods.label(view.choices.period, lang))
    handout.csv(view.text("quality.download"), made, name, key="quality_csv")
