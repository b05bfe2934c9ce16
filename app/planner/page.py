"""Views of the target planner: what is asked, the answer, figures, table, workbook (Streamlit)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pandas as pd
import streamlit as st

from app import catalogue, choices, exports, formats, handout, negatives, panels, periods
from app.kept import kept
from app.lettering import column_width
from app.negatives import Form
from app.planner import drawn, needs, plans, told, workbook
from app.planner.needs import Aim, Number, Way
from app.planner.plans import Plan
from app.view import View, marked

AHEAD = 20  # quarters that are offered for the deadline
COST = Decimal(100_000_000)  # 万元 a unit: more is no cost of one
WIDTHS = {"goal": 132, "deadline": 150, "cost": 196}  # px
CITY = 84  # px of a column
ROW = 35  # px


@dataclass(frozen=True)
class Asked:
    """What a reader asks for: the view of the indicator, the aim, unit costs by way.

    `own` tells that the target is the reader's and not the catalogue's.
    """

    view: View
    aim: Aim
    costs: tuple[tuple[Way, Decimal], ...]
    own: bool

    @property
    def plan(self) -> Plan:
        """The plan of the scope."""
        return plans.plan(self.view, self.view.indicator, self.aim)

    @property
    def cost(self) -> Decimal | None:
        """The unit cost of the chosen way."""
        return dict(self.costs).get(self.aim.way)


def asked(view: View) -> Asked | None:
    """Title, the controls, and where the target is from; None without a target to plan for."""
    view = view.on(view.indicator.id)
    indicator, lang, period = view.indicator, view.lang, view.choices.period
    plan = indicator.plan
    assert plan is not None  # the bar offers no other
    panels.title(view, view.text("menu.planner"))
    target = indicator.target
    catalogued = None if target is None else Decimal(f"{target.value:g}")
    usual = usual_deadline(view)
    least = max(AHEAD, periods.between(period, usual))
    offered = [periods.shift(period, k) for k in range(1, least + 1)]
    ways: list[Way] = ["within", "added"] if plan.added else ["within"]
    with st.container(horizontal=True, vertical_alignment="bottom", key="planner_controls"):
        st.number_input(
            view.text("planner.goal"), step=1.0, value=None, width=WIDTHS["goal"],
            **choices.kept_number("goal", needs.WHOLE, catalogued),
        )  # fmt: skip
        deadline = st.selectbox(
            view.text("planner.deadline"), width=WIDTHS["deadline"],
            format_func=lambda each: periods.label(each, lang),
            **choices.kept("deadline", offered, usual, lang),
        )  # fmt: skip
        way: Way = "within"
        if len(ways) > 1:
            way = st.segmented_control(
                view.text("planner.way"), required=True,
                format_func=lambda each: told.way(indicator, each, lang),
                **choices.kept("way", ways, "within", lang),
            )  # fmt: skip
        costs = _unit_costs(view, ways)
    goal = choices.typed("goal", needs.WHOLE) or catalogued
    own = goal != catalogued
    st.caption("  \n".join(source_lines(view, goal, own, deadline)))
    if goal is None:
        st.info(view.text("planner.give_goal"), icon=":material/flag:")
        return None
    return Asked(view, Aim(goal, way, period, deadline), costs, own)


def _unit_costs(view: View, ways: Sequence[Way]) -> tuple[tuple[Way, Decimal], ...]:
    """A field for the reader's own unit cost of each way, and those that are filled in."""
    unit = catalogue.load().unit(told.unit_of(view.indicator)).label(view.lang)
    costs = []
    for way in ways:
        word = told.way(view.indicator, way, view.lang)
        st.number_input(
            view.text("planner.unit_cost", way=word, unit=unit), value=None, step=1.0,
            width=WIDTHS["cost"], placeholder=view.text("planner.no_cost"),
            help=view.text("planner.cost_help"), **choices.kept_number(f"cost_{way}", COST),
        )  # fmt: skip
        cost = choices.typed(f"cost_{way}", COST)
        if cost is not None:
            costs.append((way, cost))
    return tuple(costs)


def usual_deadline(view: View) -> str:
    """The target's own quarter, or four quarters on where that is past or there is none."""
    target, period = view.indicator.target, view.choices.period
    if target is not None and isinstance(target.year, int):
        due = f"{target.year}Q{target.quarter}"
        if due > period:
            return due
    return periods.shift(period, needs.QUARTERS)


def source_lines(view: View, goal: Decimal | None, own: bool, deadline: str) -> list[str]:
    """Where the target and the deadline are from."""
    lang, target = view.lang, view.indicator.target
    lines = []
    if goal is not None and own:
        lines.append(view.text("planner.own_goal", target=told.percentage(goal, lang)))
    if target is None:
        lines.append(view.text("planner.none_catalogued"))
    else:
        lines.append(
            view.text(
                "planner.catalogued", source=target.source(lang),
                value=formats.target(target.value, view.indicator.unit, lang),
                when=formats.target_year(target.year, lang),
            )
        )  # fmt: skip
    if deadline != usual_deadline(view):
        lines.append(view.text("planner.own_deadline", deadline=periods.label(deadline, lang)))
    elif target is None or not deadline.startswith(str(target.year)):
        lines.append(view.text("planner.four_quarters", deadline=periods.label(deadline, lang)))
    return lines


def known(wanted: Asked) -> bool:
    """Whether any county of the scope has a figure; says so where none has."""
    if wanted.plan.known:
        return True
    label = wanted.view.indicator.label(wanted.view.lang)
    st.info(wanted.view.text("planner.nothing", indicator=label), icon=":material/inbox:")
    return False


def answer(wanted: Asked) -> None:
    """What is lacking today, the pace that needs, and when it is met at today's pace."""
    view, aim, plan = wanted.view, wanted.aim, wanted.plan
    lang, indicator = view.lang, view.indicator
    need, _, name = drawn.subject(view, plan)
    unit = told.unit_of(indicator)
    parts = [
        "" if part is None else told.number(part) for part in (need.numerator, need.denominator)
    ]
    share = formats.value(
        need.share, indicator.unit, lang, need.verdict if need.share is None else "observed"
    )
    word = told.to_do(indicator, aim.way, lang)
    pace = told.pace(need.pace, lang)
    if need.pace is not None:
        counted = catalogue.load().unit(unit).counted(pace.lstrip("+-"), lang)
        pace = view.text("format.number_unit", number=pace, unit=counted)
    metrics = [
        (view.text("planner.today", name=name), share, f"{parts[0]} / {parts[1]}"),
        (word, told.amount(need.lacking, unit, lang) if need.lacking is not None
         else told.mark(need, lang), ""),
        (_counted(view, view.text("planner.each_quarter")), told.each_quarter(need, aim, lang),
         view.text("planner.pace_now", pace=pace)),
        (view.text("planner.met_when"), told.met(need, aim, lang), told.verdict(need, lang)),
    ]  # fmt: skip
    total = told.cost(need.lacking, wanted.cost)
    if total is not None:
        metrics.append(
            (
                view.text("planner.cost_head"),
                told.money(total, lang),
                view.text("planner.cost_named"),
            )
        )
    with st.container(horizontal=True, key="planner_answer"):
        for label, value, below in metrics:
            with st.container(width=panels.METRIC, gap="xsmall"):
                st.metric(label, value)
                if below.strip(" /"):
                    st.caption(below)
    notes = [
        view.text("planner.pace_meaning", paced=len(plan.paced), known=len(plan.known)),
    ]
    if need.verdict == "impossible":
        notes.append(
            view.text(
                "planner.impossible", way=told.way(indicator, "added", lang),
                other=told.way(indicator, "within", lang),
            )
        )  # fmt: skip
    st.caption("  \n".join(notes))


def figures_of(wanted: Asked) -> None:
    """The path to the target, and beside it what each county lacks."""
    view, aim = wanted.view, wanted.aim
    left, right = st.columns([6, 5])
    with left:
        drawn.path(view, aim, wanted.own)
    if wanted.plan.each is not None:
        with right:
            drawn.bars(view, aim)


def whole_and_each(wanted: Asked) -> None:
    """The group as a whole and the sum of its counties: two different things, both shown."""
    view, aim = wanted.view, wanted.aim
    st.subheader(view.text("planner.two"), anchor=False)
    way = told.way(view.indicator, aim.way, view.lang)
    st.caption(view.text("planner.two_meaning", way=way))
    shown = _groups(view, aim, wanted.cost)
    kind, *counted = map(str, shown)
    st.dataframe(
        shown, hide_index=True, key="planner_groups", width="content",
        column_config={kind: st.column_config.TextColumn(marked(view, kind), pinned=True)}
        | {
            name: st.column_config.TextColumn(
                alignment="right", width=column_width([name, *shown[name]], 80, 200)
            )
            for name in counted
        },
    )  # fmt: skip


@kept(256)
def _groups(view: View, aim: Aim, unit_cost: Decimal | None) -> pd.DataFrame:
    lang = view.lang
    plan, unit = plans.plan(view, view.indicator, aim), told.unit_of(view.indicator)
    counted = Counter(each.need.verdict for each in plan.known)
    quarters = [told.each_quarter(plan.whole, aim, lang)]
    quarters.append(
        formats.mark("missing", lang) if plan.each is None else told.between(plan.quarters, lang)
    )
    amounts = (plan.whole.lacking, plan.each)
    rows = {
        _counted(view, told.to_do(view.indicator, aim.way, lang)): [
            told.amount(amount, unit, lang, with_unit=False) for amount in amounts
        ],
        _counted(view, view.text("planner.each_quarter")): quarters,
        _counted(view, view.text("planner.pace_short")): [told.pace(plan.whole.pace, lang)] * 2,
        view.text("planner.met_when"): [told.met(plan.whole, aim, lang), ""],
        view.text("planner.verdict_head"): [told.verdict(plan.whole, lang), ""],
    } | {
        view.text("planner.counties", verdict=view.text(f"planner.verdict.{name}")): [
            "",
            formats.number(count),
        ]
        for name, count in counted.items()
    }
    if unit_cost is not None:
        rows[view.text("planner.cost_head")] = [
            told.money(told.cost(amount, unit_cost), lang) for amount in amounts
        ]
    heads = [view.text(f"planner.{name}") for name in ("kind", "whole", "sum")]
    return pd.DataFrame([(name, *both) for name, both in rows.items()], columns=heads)


def table(wanted: Asked) -> None:
    """All counties of the scope, those that lack most first."""
    view, plan = wanted.view, wanted.plan
    lang = view.lang
    st.subheader(view.text("planner.table"), anchor=False)
    st.caption(view.text("page.marks"))
    shown = _table(view, wanted.aim, wanted.cost)
    names = [str(name) for name in shown]
    county, city, lacking, each, pace, *_, share, numerator, denominator = names
    cost = {view.text("planner.cost_head")}.intersection(names)
    right = st.column_config.TextColumn(alignment="right")
    amount = st.column_config.NumberColumn(format="localized")
    styled, written = negatives.shown(shown, {pace: Form(2), share: Form(1)}, lang)
    st.dataframe(
        styled, hide_index=True, key="planner_table", row_height=ROW,
        height=min(520, 3 + ROW * (len(plan.counties) + 1)),
        placeholder=formats.mark("missing", lang),
        column_order=[*(name for name in names if name != city), city],
        column_config={
            county: st.column_config.TextColumn(
                marked(view, county), pinned=True, width=panels.COUNTY
            ),
            city: st.column_config.TextColumn(width=CITY),
            each: right,
            **{name: st.column_config.NumberColumn(format=form) for name, form in written.items()},
            **dict.fromkeys((lacking, numerator, denominator, *cost), amount),
        },
    )  # fmt: skip


@kept(256)
def _table(view: View, aim: Aim, unit_cost: Decimal | None) -> pd.DataFrame:
    lang = view.lang
    indicator, counties = view.indicator, plans.plan(view, view.indicator, aim).counties
    found = [each.need for each in counties]
    columns: dict[str, list[Any]] = {
        view.text("export.county"): [each.name for each in counties],
        view.text("export.city"): [each.city for each in counties],
        _counted(view, told.to_do(indicator, aim.way, lang)): [n.lacking for n in found],
        _counted(view, view.text("planner.each_quarter")): [
            told.each_quarter(n, aim, lang) for n in found
        ],
        _counted(view, view.text("planner.pace")): [
            None if n.pace is None else float(n.pace) for n in found
        ],
        view.text("planner.met_when"): [told.met(n, aim, lang) for n in found],
        view.text("planner.verdict_head"): [told.verdict(n, lang) for n in found],
    }
    if unit_cost is not None:
        costs = [told.cost(n.lacking, unit_cost) for n in found]
        columns[view.text("planner.cost_head")] = [None if c is None else float(c) for c in costs]
    columns |= {
        exports.column_name(indicator, lang): [
            None if n.share is None else float(formats.rounded(n.share, 1)) for n in found
        ],
        view.text("export.numerator"): [_number(n.numerator) for n in found],
        view.text("export.denominator"): [_number(n.denominator) for n in found],
    }
    return pd.DataFrame(columns)


def _counted(view: View, words: str) -> str:
    """A head with the unit of what is counted."""
    unit = catalogue.load().unit(told.unit_of(view.indicator)).label(view.lang)
    return view.text("template.header", label=words, unit=unit)


def _number(value: Number | None) -> float | None:
    return None if value is None else float(value)


def download(wanted: Asked) -> None:
    """The plan as a workbook with live formulas, made when asked for."""
    view = wanted.view
    c = view.choices
    name = view.text(
        "page.file", name=view.text("figure_name.planner"),
        indicator=view.indicator.label(c.lang), period=periods.label(c.period, c.lang),
    )  # fmt: skip

    def book() -> bytes:
        lines = source_lines(view, wanted.aim.target, wanted.own, wanted.aim.deadline)
        plain = [line.replace("**", "") for line in lines]
        return workbook.made(view, wanted.aim, dict(wanted.costs), plain)

    handout.button(
        view.text("planner.xlsx"), book,
        f"{name}.xlsx", on_click="ignore", icon=":material/table_view:",
        mime=handout.WORKBOOK,
        help=view.text("planner.xlsx_help"),
    )  # fmt: skip
