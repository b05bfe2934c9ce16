"""Charts of a briefing: how their pictures are drawn, their numbers, what they show in words."""

from __future__ import annotations

from typing import Any

import pandas as pd

from app import areas, catalogue, findings, formats, levels, periods, reads, scopes, view
from app.briefing import phrases, table_cells, wording
from app.briefing.content.about import About, Place
from app.briefing.content.opening import leading
from app.briefing.parts import Block, Chart, Number, Series, Trace
from app.catalogue import Indicator

QUARTERS = 8  # of a trend's native chart


def trend(about: About) -> list[Block]:
    """The trend of the leading indicator, with the province or the scope beside the place."""
    return [trend_of(about, leading(about)[0])]


def trend_of(about: About, indicator: Indicator) -> Chart:
    """The trend of one indicator in the place and its scope."""
    lang = about.lang
    groups = dict.fromkeys([about.place.group, about.scope.group, f"province/{areas.PROVINCE}"])
    if indicator.denominator is None:  # a sum of a larger group would dwarf the place's own
        groups = {about.place.group: None}
    rows = reads.group_trend(about.source, indicator.id, list(groups), lang)
    first = periods.shift(about.period, 1 - QUARTERS)
    rows = rows[(rows["period"] >= first) & (rows["period"] <= about.period)]
    quarters = sorted(set(rows["period"]) | {about.period})
    by_group = {
        (f"{r['level']}/{r['group_code']}", r["period"]): r["value"]
        for r in rows.to_dict("records")
    }
    series = []
    for group in groups:
        level, _, code = group.partition("/")
        numbers = tuple(
            _number(indicator, level, code, quarter, by_group.get((group, quarter)), about)
            for quarter in quarters
        )
        if any(number is not None for number in numbers):
            series.append(Series(scopes.group_name(group, lang), numbers))
    fact = about.facts(about.place)[indicator.id]
    row = {"value": fact.value, "change_previous": fact.previous.change}
    finding = findings.of_change(row, indicator, about.place.name(lang, fact.reporters), lang)
    return Chart(
        "trend", about.choices(indicator),
        about.text("caption.trend", place=_short(about.place, lang),
                   indicator=wording.name(indicator, lang)),
        about.text(
            "alt.trend", indicator=table_cells.head(indicator, lang), finding=finding,
            first=periods.label(quarters[0], lang), last=periods.label(quarters[-1], lang),
            lines=phrases.text("list", lang).join(s.name for s in series),
        ),
        indicator.unit, formats.decimals_of(indicator.unit, indicator.decimals), "line",
        tuple(periods.label(quarter, lang) for quarter in quarters), tuple(series),
    )  # fmt: skip


def _number(
    indicator: Indicator, level: str, code: str, period: str, value: float | None, about: About
) -> Number | None:
    if value is None or pd.isna(value):
        return None
    shown = formats.value(value, indicator.unit, about.lang, decimals=indicator.decimals)
    trace = Trace(indicator.id, level, code, period, about.source.vintage, "value", float(value))
    return Number(shown, trace)


def _short(place: Place, lang: str) -> str:
    name = scopes.group_name(place.group, lang)
    return name[:1].upper() + name[1:]


def ranking_of(about: About, indicator: Indicator) -> Chart:
    """The counties of the scope on one indicator, the best first; without direction the most."""
    lang = about.lang
    facts = [f for f in about.in_scope[indicator.id] if f.known]
    facts.sort(key=lambda f: (f.value or 0.0, f.code), reverse=indicator.direction != "lower")
    names = levels.units(catalogue.load().dataset_of[indicator.id].level)
    series = Series(indicator.short(lang), tuple(wording.value(f) for f in facts))
    plain = "_plain" if indicator.direction == "none" else ""
    return Chart(
        "ranking", about.choices(indicator), _caption(about, indicator, "ranking"),
        _alt(about, indicator, f"ranking{plain}"), indicator.unit,
        formats.decimals_of(indicator.unit, indicator.decimals), "bar",
        tuple(names[f.code].label(lang) for f in facts), (series,),
    )  # fmt: skip


def map_of(about: About) -> list[Block]:
    """The map of the leading indicator that counties report."""
    of = catalogue.load().dataset_of
    shown = [i for i in leading(about) if of[i.id].level == "county"]
    if not shown or len(about.shown("county")) < 2:
        return []
    indicator = shown[0]
    return [
        Chart(
            "map", about.choices(indicator), _caption(about, indicator, "map"),
            _alt(about, indicator, "map"), indicator.unit,
            formats.decimals_of(indicator.unit, indicator.decimals),
        )
    ]  # fmt: skip


def _caption(about: About, indicator: Indicator, kind: str) -> str:
    return about.text(
        f"caption.{kind}", place=_short(about.scope, about.lang), period=about.when,
        indicator=wording.name(indicator, about.lang),
    )  # fmt: skip


def _alt(about: About, indicator: Indicator, kind: str) -> str:
    return about.text(
        f"alt.{kind}", indicator=table_cells.head(indicator, about.lang), period=about.when,
        finding=_finding(about, indicator),
    )  # fmt: skip


def _finding(about: About, indicator: Indicator) -> str:
    rows = view.county_rows(about.view(), about.names)
    own: Any = rows[rows["indicator_id"] == indicator.id]
    level = catalogue.load().dataset_of[indicator.id].level
    return findings.of_counties(own, indicator, about.lang, level=level)
