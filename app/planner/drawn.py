"""The figures of the planner: the path to the target, what each county lacks."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import accumulate

import pandas as pd
import plotly.graph_objects as go

from app import (
    catalogue,
    charts,
    choices,
    figures,
    maps,
    page_pictures,
    periods,
    plot,
    reads,
    scopes,
)
from app.catalogue import Indicator, Text
from app.charts.path import Line
from app.kept import kept
from app.planner import needs, plans, told
from app.planner.needs import Aim, Need
from app.planner.plans import Plan
from app.view import View

HISTORY = 9  # quarters of the past: two years and the quarter they are counted from
MOST = 12  # bars


def path(view: View, aim: Aim, own: bool) -> None:
    """The share so far, as it needs to grow, and as it grows at today's pace."""
    _show(view, "planner_path", _path(view, aim, own))
    page_pictures.tell(
        "planner_path", _name(view, "planner_path"),
        lambda: path_figure(view, plans.plan(view, view.indicator, aim), own),
    )  # fmt: skip


def bars(view: View, aim: Aim) -> None:
    """What each county lacks, most first; a click on a county selects it."""
    _show(view, "planner_bars", _bars(view, aim), pick=True)
    page_pictures.tell(
        "planner_bars", _name(view, "planner_bars"),
        lambda: bars_figure(view, plans.plan(view, view.indicator, aim)),
    )  # fmt: skip


def _show(view: View, name: str, payload: bytes, *, pick: bool = False) -> None:
    plot.show(payload, key=f"figure_{name}", on_pick=choices.choose_county if pick else None)


@kept(256)
def _path(view: View, aim: Aim, own: bool) -> bytes:
    made = plans.plan(view, view.indicator, aim)
    return _packed(view, "planner_path", path_figure(view, made, own))


def path_figure(view: View, plan: Plan, own: bool) -> go.Figure:
    """The path of the chosen county, or of the scope as a whole; `own` is a reader's own target."""
    indicator, lang, aim = view.indicator, view.lang, plan.aim
    need, group, name = subject(view, plan)
    rows = reads.group_trend(view.source, indicator.id, [group], lang)
    rows = rows[(rows["sample"] == plan.sample) & rows["value"].notna()]
    values = dict(zip(rows["period"], map(float, rows["value"]), strict=True))
    past = [periods.shift(aim.period, -k) for k in reversed(range(HISTORY))]
    while len(past) > 1 and past[0] not in values:
        past = past[1:]
    so_far = Line(view.text("planner.so_far"), [(each, values.get(each)) for each in past])
    ahead = [periods.shift(aim.period, k) for k in range(aim.quarters + 1)]
    needed = at_pace = None
    if need.lacking:
        done = [0, *accumulate(needs.spread(need.lacking, aim.quarters))]
        points = [needs.after(need, Fraction(units), aim.way) for units in done]
        needed = Line(view.text("planner.needed"), list(zip(ahead, points, strict=True)))
        if need.pace is not None:
            points = [needs.after(need, need.pace * k, aim.way) for k in range(len(ahead))]
            at_pace = Line(view.text("planner.at_pace"), list(zip(ahead, points, strict=True)))
    label = view.text(
        "planner.own_line" if own else "planner.line", target=told.percentage(aim.target, lang)
    )
    span = view.text(
        "planner.span", period=periods.label(aim.period, lang),
        deadline=periods.label(aim.deadline, lang),
    )  # fmt: skip
    caption = figures.caption_of(
        view, told.finding(need, aim, indicator, name, lang), indicator.label(lang), indicator.unit,
        (len(plan.known), len(plan.counties)), plan.sample, span,
    )  # fmt: skip
    if view.choices.county:
        unit = catalogue.load().unit(indicator.unit).label(lang)
        subtitle = view.text(
            "planner.of_county", indicator=indicator.label(lang), unit=unit, period=span,
            county=scopes.county_label(view.choices.county, lang),
        )  # fmt: skip
        caption = replace(caption, subtitle=subtitle)
    return charts.path(so_far, needed, at_pace, float(aim.target), label, caption)


@kept(256)
def _bars(view: View, aim: Aim) -> bytes:
    made = plans.plan(view, view.indicator, aim)
    return _packed(view, "planner_bars", bars_figure(view, made))


def bars_figure(view: View, plan: Plan) -> go.Figure:
    """Bars of what each county of the scope lacks."""
    indicator, lang, aim = view.indicator, view.lang, plan.aim
    unit = told.unit_of(indicator)
    rows = pd.DataFrame(
        {
            "area_code": [each.code for each in plan.counties],
            "area_name": [each.name for each in plan.counties],
            "value": [each.need.lacking for each in plan.counties],
            "status": [
                "missing" if each.need.lacking is None else "observed" for each in plan.counties
            ],
        }
    )
    lacking = [each for each in plan.known if each.need.lacking]
    finding = view.text(
        "planner.bars", count=len(lacking), way=told.way(indicator, aim.way, lang),
        total=told.amount(plan.each, unit, lang), target=told.percentage(aim.target, lang),
    )  # fmt: skip
    counted = _counted(indicator, unit, told.to_do(indicator, aim.way, lang))
    caption = figures.caption_of(
        view, finding, f"{indicator.label(lang)} · {told.to_do(indicator, aim.way, lang)}", unit,
        (len(plan.known), len(plan.counties)), plan.sample,
    )  # fmt: skip
    return charts.gap_bars({counted.id: rows}, [counted], caption, view.choices.county, limit=MOST)


def subject(view: View, plan: Plan) -> tuple[Need, str, str]:
    """Whom the page is about: the chosen county or the whole scope; need, group and name."""
    c = view.choices
    county = plan.of(c.county) if c.county else None
    if county is not None:
        return county.need, f"county/{county.code}", county.name
    name = scopes.scope_name(c.scope, c.lang)
    return plan.whole, f"{c.level}/{c.scope}", name


def _counted(indicator: Indicator, unit: str, words: str) -> Indicator:
    """What is lacking to an indicator, as an amount of its own."""
    short = Text(zh=words, en=words)
    return indicator.model_copy(update={"short": short, "unit": unit, "decimals": None})


def _name(view: View, name: str) -> str:
    return view.text(
        "page.file", name=view.text(f"figure_name.{name}"),
        indicator=view.indicator.label(view.lang),
        period=periods.label(view.choices.period, view.lang),
    )  # fmt: skip


def _packed(view: View, name: str, figure: go.Figure) -> bytes:
    file_name = _name(view, name)
    return plot.packed(figure, maps.plotly_config(view.lang, file_name), alt=file_name)
