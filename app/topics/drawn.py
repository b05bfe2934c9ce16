"""Views that are figures: gaps, parts of a whole, pairs, funnels (Streamlit)."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from app import catalogue, charts, figures, findings, formats, panels, periods, reads, scopes
from app.catalogue import FunnelView, GapsView, PairView, PartsView
from app.charts.pair import ordered
from app.kept import kept
from app.view import View, county_rows, headlines, trend_groups

MOST = 12  # bars of a chart of what is lacking
PAIR_HEIGHT = 468  # px: about as high as the trend; what is longer scrolls


def gaps(view: View, wanted: GapsView, place: str) -> None:
    """What each county lacks, most first."""
    figure = _gap_figure(view.on(wanted.indicators[0]), tuple(wanted.indicators))
    panels.chart(view, "gaps", figure, pick=view.level != "township", place=place)


@kept(256)
def _gap_figure(view: View, indicators: tuple[str, ...]) -> go.Figure:
    c, lang = view.choices, view.lang
    known = [catalogue.load().indicator(name) for name in indicators]
    rows = county_rows(view, indicators)
    totals = headlines(view, indicators)
    frames = {name: rows[rows["indicator_id"] == name] for name in indicators}
    parts = [
        view.text(
            "finding.part", indicator=i.short(lang),
            value=formats.value(
                totals[i.id]["value"], i.unit, lang, totals[i.id]["status"], with_unit=lang == "zh"
            ),
        )
        for i in known
    ]  # fmt: skip
    finding = view.text(
        "finding.gaps",
        scope=scopes.group_name(f"{c.level}/{c.scope}", lang),
        parts=view.text("finding.and").join(parts),
    )
    caption = figures.caption(view, known[0], finding, totals[indicators[0]])
    return charts.gap_bars(frames, known, caption, c.county, limit=MOST)


def parts(view: View, wanted: PartsView, place: str) -> None:
    """How a whole divides into measures, in each region of the scope."""
    assert view.dataset is not None
    on = view.on(view.dataset.indicators[0].id)
    figure = _parts_figure(on, tuple(wanted.measures), wanted.unit)
    panels.chart(view, "parts", figure, place=place)


@kept(256)
def _parts_figure(view: View, measures: tuple[str, ...], unit: str) -> go.Figure:
    dataset, c, lang = view.dataset, view.choices, view.lang
    assert dataset is not None
    own_group = f"{c.level}/{c.scope}"
    groups = [g for g in trend_groups(c) if g == own_group or not g.startswith("province")]
    totals = reads.measure_totals(view.source, dataset.id, measures, c.period, groups, lang)
    order = {g: i for i, g in enumerate(groups)}
    totals["order"] = (totals["level"] + "/" + totals["group_code"]).map(order)
    totals["part_order"] = totals["measure_id"].map(list(measures).index)
    totals = totals.sort_values(["order", "part_order"])
    rows = pd.DataFrame(
        {
            "group_code": totals["group_code"],
            "group_name": [
                scopes.group_name(f"{level}/{code}", lang)
                for level, code in zip(totals["level"], totals["group_code"], strict=True)
            ],
            "part": totals["measure_id"],
            "part_label": [dataset.measure(m).name(lang) for m in totals["measure_id"]],
            "value": totals["value"],
            "status": totals["status"],
        }
    )
    own = totals[(totals["level"] == c.level) & (totals["group_code"] == c.scope)]
    finding = findings.of_parts(
        scopes.group_name(own_group, lang), {m: dataset.measure(m).name(lang) for m in measures},
        own, unit, lang,
    )  # fmt: skip
    covered = int(own["areas_reporting"].min()) if len(own) else 0
    expected = len(scopes.members(c.scope, view.reporters))
    caption = figures.caption_of(
        view, finding, dataset.label(lang), unit, (covered, expected),
        bool(own["sample"].any()),
    )  # fmt: skip
    return charts.stacked_bars(rows, unit, caption)


def pair(view: View, wanted: PairView, place: str) -> None:
    """Two indicators of every county beside each other; a long list scrolls like the ranking."""
    figure = _pair_figure(view.on(wanted.indicators[0]), tuple(wanted.indicators))
    long = figure.layout.height > PAIR_HEIGHT
    with st.container(height=PAIR_HEIGHT if long else "content", border=False):
        panels.chart(view, "pair", figure, pick=view.level != "township", place=place)


@kept(256)
def _pair_figure(view: View, indicators: tuple[str, ...]) -> go.Figure:
    lang = view.lang
    known = [catalogue.load().indicator(name) for name in indicators]
    rows = county_rows(view, indicators)
    frames = {name: rows[rows["indicator_id"] == name] for name in indicators}
    wide = ordered(frames, known)
    caption = figures.caption_of(
        view, findings.of_pair(wide, known, lang),
        view.text("finding.and").join(i.label(lang) for i in known), known[0].unit,
        (int(wide["complete"].sum()), len(wide)), bool(rows["sample"].any()),
    )  # fmt: skip
    return charts.pair(frames, known, caption, view.choices.county)


def funnel(view: View, wanted: FunnelView, place: str) -> None:
    """How much of the first stage reaches each later one: the scope, and below it its parts."""
    assert view.dataset is not None
    figure = _funnel_figure(view.on(view.dataset.indicators[0].id), tuple(wanted.measures))
    panels.chart(view, "funnel", figure, place=place)


@kept(256)
def _funnel_figure(view: View, measures: tuple[str, ...]) -> go.Figure:
    dataset, c, lang = view.dataset, view.choices, view.lang
    assert dataset is not None
    own = f"{c.level}/{c.scope}"
    beside = (
        [f"county/{c.county}"]
        if c.county
        else [g for g in trend_groups(c) if not g.startswith("province/")]
    )
    groups = list(dict.fromkeys([own, *beside]))
    totals = reads.stage_totals(view.source, dataset.id, measures, c.period, groups, lang)
    stages = [dataset.measure(m) for m in measures]
    label = {stage.id: stage.name(lang) for stage in stages}
    key = totals["level"] + "/" + totals["group_code"]
    rows = totals.assign(
        # a city that is a county has the same code on both levels
        group_code=key,
        group_name=[scopes.group_name(group, lang) for group in key],
        stage=totals["measure_id"],
        stage_label=totals["measure_id"].map(label),
    )
    mine = rows[rows["group_code"] == own]
    scope_name = scopes.group_name(own, lang)
    told = periods.label(c.period, lang)
    flow = stages[0].kind == "flow"
    caption = figures.caption_of(
        view, findings.of_stages(mine, scope_name, stages[0].unit, lang), dataset.label(lang),
        stages[0].unit, (int(mine["areas_reporting"].max()), int(mine["areas_expected"].max())),
        bool(mine["sample"].any()), view.text("caption.year_to_date", period=told) if flow else "",
    )  # fmt: skip
    return charts.funnel(rows, stages[0].unit, caption)
