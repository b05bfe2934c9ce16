"""The figures: trend and small multiples, scatter of two indicators, distribution (Streamlit)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from app import catalogue, charts, figures, findings, formats, levels, panels, reads, scopes
from app.catalogue import Indicator
from app.charts.shared import target_of
from app.compare import chosen as choosing
from app.compare.chosen import Chosen
from app.kept import kept
from app.view import View

TOGETHER = 4  # lines that are told apart in one plot


def trend(view: View, chosen: Chosen) -> None:
    """The areas over all quarters on the bar's indicator; many of them also in panels."""
    shown = ("trend", "multiples") if len(chosen.areas) > TOGETHER else ("trend",)
    for name in shown:
        figure = _trend_figure(view.on(view.indicator.id), chosen.areas, name)
        panels.chart(view, name, figure, place=f"compare_{name}", own=chosen.areas)


@kept(256)
def _trend_figure(view: View, codes: tuple[str, ...], name: str) -> go.Figure:
    chosen, indicator, lang = Chosen(codes, "trend"), view.indicator, view.lang
    groups = [choosing.group_of(code) for code in codes]
    rows = reads.group_trend(view.source, indicator.id, groups, lang)
    keys = rows["level"] + "/" + rows["group_code"]
    rows = rows.assign(group_name=[scopes.group_name(group, lang) for group in keys])
    now = rows[rows["period"] == view.choices.period]
    seen = now[now["value"].notna()]
    values = {str(r["group_name"]): float(r["value"]) for r in seen.to_dict("records")}
    finding = findings.of_groups(values, indicator, lang) or (
        view.text("finding.none", indicator=indicator.label(lang)) if not values
        else view.text(
            "finding.value", scope=next(iter(values)), indicator=indicator.label(lang),
            value=formats.value(
                next(iter(values.values())), indicator.unit, lang, decimals=indicator.decimals
            ),
        )
    )  # fmt: skip
    caption = figures.caption_of(
        view, finding if name == "trend" else view.text("compare.one_by_one"),
        indicator.label(lang), indicator.unit, (len(seen), len(codes)),
        bool(rows["sample"].any()), scope=view.text("compare.scope", count=len(codes)),
    )  # fmt: skip
    if name == "trend":
        return charts.trend(rows, indicator, caption, series=chosen.series)
    return charts.multiples(rows, indicator, caption, chosen.series)


def scatter(view: View, chosen: Chosen) -> None:
    """Two indicators of all counties of the scope, the chosen ones named."""
    x, y = choosing.axes(view)
    _left_out(view, chosen)
    figure = _scatter_figure(view.on(y), chosen.areas, x)
    pick = chosen.level == "county"
    own = (*chosen.areas, x, y)
    panels.chart(view, "scatter", figure, pick=pick, place="compare_scatter", own=own)
    st.caption(view.text("compare.no_cause"))


@kept(256)
def _scatter_figure(view: View, codes: tuple[str, ...], x: str) -> go.Figure:
    """The indicator `x` across, that of the view upwards."""
    chosen, c, lang = Chosen(codes, "scatter"), view.choices, view.lang
    across, up = catalogue.load().indicator(x), view.indicator
    points = points_of(view, chosen, [x, up.id])
    inside = points[points["inside"]]
    both = inside[inside["x"].notna() & inside["y"].notna()]
    lines = (_line(both["x"], across), _line(both["y"], up))
    if both.empty:
        names = view.text("finding.and").join(i.label(lang) for i in (up, across))
        finding = view.text("finding.none", indicator=names)
    else:
        above = (both["x"] >= lines[0]).astype(int) + (both["y"] >= lines[1])
        finding = view.text(
            f"compare.finding_{chosen.level}", y=up.short(lang), x=across.short(lang),
            count=len(inside), known=len(both), high=int((above == 2).sum()),
            low=int((above == 0).sum()),
        )  # fmt: skip
    unit = catalogue.load().unit(up.unit).label(lang)
    name = view.text("compare.axes", y=up.label(lang), unit=unit, x=across.label(lang))
    sources = [catalogue.load().dataset_of[i].label(lang) for i in (up.id, x)]
    caption = figures.caption_of(
        view, finding, name, across.unit, (len(both), len(inside)), bool(points["sample"].any()),
        scope=scopes.scope_label(c.scope, lang, chosen.level),
    )  # fmt: skip
    sources_told = view.text("finding.and").join(dict.fromkeys(sources))
    assert view.dataset is not None
    footer = caption.footer.replace(view.dataset.label(lang), sources_told, 1)
    return charts.scatter(
        points, across, up, replace(caption, footer=footer), chosen.series, lines, c.county
    )


def _line(values: pd.Series, indicator: Indicator) -> float | None:
    target = target_of(indicator)
    if target is not None or values.empty:
        return target
    return float(values.median())


def spread(view: View, chosen: Chosen) -> None:
    """How all counties of the scope are spread on the bar's indicator, the chosen ones named."""
    _left_out(view, chosen)
    figure = _spread_figure(view.on(view.indicator.id), chosen.areas)
    pick = chosen.level == "county"
    panels.chart(view, "spread", figure, pick=pick, place="compare_spread", own=chosen.areas)
    st.caption(view.text("compare.swarm_note"))


@kept(256)
def _spread_figure(view: View, codes: tuple[str, ...]) -> go.Figure:
    chosen, c, lang = Chosen(codes, "spread"), view.choices, view.lang
    indicator = view.indicator
    points = points_of(view, chosen, [indicator.id])
    inside = points[points["inside"]]
    known = inside[inside["x"].notna()]
    middle = charts.spread(list(known["x"]))
    if middle is None:
        finding = view.text("finding.none", indicator=indicator.label(lang))
    else:
        low, median, high = (
            formats.value(v, indicator.unit, lang, decimals=indicator.decimals) for v in middle
        )
        finding = view.text(
            f"compare.spread_{chosen.level}", indicator=indicator.label(lang), low=low,
            median=median, high=high,
        )  # fmt: skip
    caption = figures.caption_of(
        view, finding, indicator.label(lang), indicator.unit, (len(known), len(inside)),
        bool(points["sample"].any()), scope=scopes.scope_label(c.scope, lang, chosen.level),
    )  # fmt: skip
    return charts.swarm(points, indicator, caption, chosen.series, middle, c.county)


def points_of(view: View, chosen: Chosen, names: Sequence[str]) -> pd.DataFrame:
    """The counties or cities of the scope, and those chosen outside it, on one or two indicators.

    Columns: area_code, area_name, city_name, x, and y for the second; status and target_status of
    the first, sample, inside (whether in the scope).
    """
    members = scopes.members(view.choices.scope, chosen.level)
    units = levels.units(chosen.level)
    codes = list(dict.fromkeys([*members, *(c for c in chosen.areas if c in units)]))
    groups = [f"{chosen.level}/{code}" for code in codes]
    found = reads.standings(view.source, names, view.choices.period, groups)
    english = view.lang == "en"
    frame = pd.DataFrame(
        {
            "area_code": codes,
            "area_name": [units[code].label(view.lang) for code in codes],
            "city_name": [
                "" if chosen.level == "city" else units[c].city_en if english else units[c].city
                for c in codes
            ],
            "status": [found[group, names[0]].status for group in groups],
            "target_status": [found[group, names[0]].target_status for group in groups],
            "sample": [any(found[group, name].sample for name in names) for group in groups],
            "inside": [code in set(members) for code in codes],
        }
    )
    for column, name in zip(("x", "y"), names, strict=False):
        frame[column] = pd.array([found[group, name].value for group in groups], dtype="float64")
    return frame


def _left_out(view: View, chosen: Chosen) -> None:
    """Say which of the chosen are not in a figure of the other level."""
    out = [code for code in chosen.areas if code not in levels.units(chosen.level)]
    if out:
        names = view.text("finding.and").join(scopes.county_label(c, view.lang) for c in out)
        st.caption(view.text("compare.left_out", names=names))
