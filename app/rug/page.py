"""Views of the page of all indicators: what is shown and in which order, the table, its files."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from app import areas, catalogue, choices, exports, handout, menu, notice, periods, reads, scopes
from app.kept import kept
from app.reads import Standing
from app.rug import files, weaving
from app.rug import table as tables
from app.rug.weaving import Rug
from app.scopes import Choices
from app.serving import Serving
from app.view import View, trend_groups

ALL = "all"
WIDTHS = {"part": 260, "order": 220}  # px


@dataclass(frozen=True)
class Shown:
    """What is shown: a part of the indicators, the order of counties, which end comes first."""

    part: str
    order: str
    first: str


def parts() -> dict[str, list[str]]:
    """What can be shown: all indicators, those of a clause, those of a dataset."""
    shown = {column.id for column in weaving.columns()}
    found = {ALL: [column.id for column in weaving.columns()]}
    for clause in notice.CLAUSES:
        datasets = [d for d in notice.datasets(clause) if d.level == "county"]
        if len(datasets) > 1:
            found[clause] = [i.id for d in datasets for i in d.indicators]
        found |= {d.id: [i.id for i in d.indicators] for d in datasets}
    kept = {name: [i for i in ids if i in shown] for name, ids in found.items()}
    return {name: ids for name, ids in kept.items() if ids}


def controls(view: View) -> Shown:
    """The controls above the table, kept in the URL."""
    lang, known, offered = view.lang, catalogue.load(), parts()

    def part_label(name: str) -> str:
        if name == ALL:
            return view.text("rug.all")
        if name in notice.CLAUSES:
            return view.text("rug.clause", clause=notice.number(name, view.lang))
        dataset = known.dataset(name)
        return view.text(
            "rug.dataset", clause=notice.number(dataset.clause, lang), dataset=dataset.label(lang)
        )

    def order_label(name: str) -> str:
        if name in (weaving.BY_REGION, weaving.BY_CITY):
            return view.text(f"rug.by_{name}")
        return known.indicator(name).short(lang)

    with st.container(horizontal=True, vertical_alignment="bottom", key="rug_controls"):
        part = st.selectbox(
            view.text("rug.part"), format_func=part_label, width=WIDTHS["part"],
            **choices.kept("part", list(offered), ALL, lang),
        )  # fmt: skip
        orders = [weaving.BY_REGION, weaving.BY_CITY, *offered[part]]
        order = st.selectbox(
            view.text("rug.order"), format_func=order_label, width=WIDTHS["order"],
            **choices.kept("order", orders, weaving.BY_REGION, lang),
        )  # fmt: skip
        first = weaving.BEST
        if order in known.indicators:
            valued = known.indicator(order).direction != "none"
            ends = {
                weaving.BEST: "best" if valued else "high",
                weaving.WORST: "worst" if valued else "low",
            }
            first = st.segmented_control(
                view.text("rug.first"), required=True,
                format_func=lambda end: view.text(f"rug.{ends[end]}"),
                **choices.kept("first", (weaving.BEST, weaving.WORST), weaving.BEST),
            )  # fmt: skip
    return Shown(part, order, first)


def sort_by(indicator_id: str) -> None:
    """Sort by an indicator, the best first; the other way round where it is sorted by already."""
    state = st.session_state
    again = state.get("order") == indicator_id and state.get("first") != weaving.WORST
    state["order"], state["first"] = indicator_id, weaving.WORST if again else weaving.BEST


def table(view: View, shown: Shown) -> None:
    """The table; a click on a cell opens the county on the indicator."""
    payload = _packed(view.of_all, shown)
    opened = tables.show(payload, key="rug", on_sort=sort_by)
    st.caption(view.text("rug.how"))
    if opened:
        indicator_id, county = opened
        menu.open_indicator(indicator_id, **({"county": county} if county else {}))


def downloads(view: View, shown: Shown) -> None:
    """The table as a workbook and as CSV, made when asked for."""
    c = view.choices
    name = view.text(
        "page.file", name=view.text("rug.file"), period=periods.label(c.period, c.lang),
        indicator=scopes.scope_name(c.scope, c.lang),
    )  # fmt: skip
    told = " · ".join(
        exports.facts(view.source, c.period, scopes.scope_label(c.scope, c.lang), c.lang)[1:]
    )

    def book() -> bytes:
        found = _part(view, shown)
        sections = weaving.arranged(found, shown.order, shown.first, c.lang)
        return files.xlsx_bytes(found, sections, captions(view, found), c.lang)

    def plain() -> bytes:
        label = periods.label(c.period, c.lang)
        return files.csv_bytes(_part(view, shown), standings(view), label, told, c.lang)

    handout.table(name, c.lang, plain, book)


def captions(view: View, found: Rug) -> dict[str, str]:
    """Title with the finding, what is shown, the note on sample data, source and vintage."""
    c = view.choices
    looks = found.looks()
    cells = sum(looks.values())
    made = found.sample & {dataset.id for dataset, _ in found.datasets()}
    return {
        "title": weaving.finding(found, c.lang),
        "subtitle": view.text(
            "rug.subtitle", indicators=len(found.columns), cells=f"{cells:,}",
            filled=f"{cells - sum(looks[mark] for mark in weaving.MARKS):,}",
            period=periods.label(c.period, c.lang), scope=scopes.scope_label(c.scope, c.lang),
        ),
        "note": view.text("figure.sample_note") if made else "",
        "footer": view.text("rug.footer", vintage=exports.origin(view.source, c.lang)),
    }  # fmt: skip


def groups_of(chosen: Choices) -> dict[str, str]:
    """The groups above the counties, by level/code: the scope first, the province, the regions."""
    scope, province = f"{chosen.level}/{chosen.scope}", f"province/{areas.PROVINCE}"
    above = [g for g in trend_groups(chosen) if not g.startswith("county/")]
    ordered = dict.fromkeys([scope, province, *above])
    return {group: scopes.group_name(group, chosen.lang) for group in ordered}


def standings(view: View) -> dict[tuple[str, str], Standing]:
    """What is known of every group and county of the scope on all indicators."""
    c = view.choices
    return _standings(view.stamp, c.period, c.level, c.scope, view.source)


@kept(16)
def _standings(
    stamp: str, period: str, level: str, scope: str, _source: Serving
) -> dict[tuple[str, str], Standing]:
    chosen = Choices(period, scope, None, "", "zh")
    wanted = [*groups_of(chosen), *(f"county/{code}" for code in scopes.members(scope))]
    return reads.standings(_source, [column.id for column in weaving.columns()], period, wanted)


@kept(16)
def _woven(view: View) -> Rug:
    c, known = view.choices, areas.load()
    counties = {f"county/{code}": known[code].label(c.lang) for code in scopes.members(c.scope)}
    return weaving.weave(standings(view), weaving.columns(), groups_of(c), counties, c.lang)


def woven(view: View) -> Rug:
    """The whole table of the scope, in the order of the codes."""
    return _woven(view.of_all.without_county)


def _part(view: View, shown: Shown) -> Rug:
    whole = woven(view)
    return whole if shown.part == ALL else whole.only(parts()[shown.part])


@kept(256)
def _packed(view: View, shown: Shown) -> bytes:
    c, order, first = view.choices, shown.order, shown.first
    found = _part(view, shown)
    sections = weaving.arranged(found, order, first, c.lang)
    return tables.packed(found, sections, captions(view, found), c.lang, c.county, order, first)
