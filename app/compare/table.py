"""The table: indicators down, areas across, with the verdict and the best of each (Streamlit)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from app import areas, catalogue, exports, formats, handout, palette, panels, periods, reads, scopes
from app.catalogue import Indicator
from app.compare import chosen as choosing
from app.compare.chosen import Chosen
from app.i18n import t
from app.kept import kept
from app.reads import Standing
from app.serving import Serving
from app.view import View

BEST = "★"
_ABSENT = Standing(None, "missing", "none", None, False)
_SPACE = "\u3000"  # as wide as a sign: numbers without one keep their column
Found = Mapping[tuple[str, str], Standing]


def table(view: View, chosen: Chosen) -> None:
    """The areas side by side on the chosen indicators, with the scope and the province."""
    names = choosing.indicators(view)
    if not names or not chosen.areas:
        return
    found = standings(view, chosen, names)
    sample = any(standing.sample for standing in found.values())
    shown = _table(view.on(names[0]), tuple(names), chosen.areas)
    st.caption(f"{view.text('overview.signs')}　{view.text('compare.best', sign=BEST)}")
    heading = view.text("overview.indicator")
    marked = view.text("page.marked", heading=heading) if sample else heading
    fixed = {heading, view.text("export.unit"), view.text("page.target")}
    st.dataframe(
        shown, hide_index=True, key="compare_table", row_height=35,
        height=38 + 35 * len(shown), placeholder=formats.mark("missing", view.lang),
        column_config={
            heading: st.column_config.TextColumn(marked, pinned=True, width=panels.INDICATOR),
            **{
                name: st.column_config.TextColumn(alignment="right")
                for name in shown.columns if name not in fixed
            },
        },
    )  # fmt: skip
    _downloads(view, chosen, names, found)


def columns(view: View, chosen: Chosen) -> dict[str, str]:
    """The groups across by level/code: the areas, then the scope and the province beside them."""
    c = view.choices
    beside = [f"{c.level}/{c.scope}", f"province/{areas.PROVINCE}"]
    groups = [*(choosing.group_of(code) for code in chosen.areas), *beside]
    names: dict[str, str] = {}
    for group in dict.fromkeys(groups):
        name = scopes.group_name(group, view.lang)
        if name in names.values():  # an urban district of two cities, a city that is a county
            name = scopes.county_label(group.partition("/")[2], view.lang)
        if name not in names.values():
            names[group] = name
    return names


def standings(view: View, chosen: Chosen, names: Sequence[str]) -> Found:
    """What is known of every column on the indicators."""
    groups = tuple(columns(view, chosen))
    return _standings(view.stamp, view.choices.period, groups, tuple(names), view.source)


@kept(256)
def _standings(
    stamp: str, period: str, groups: tuple[str, ...], names: tuple[str, ...], _source: Serving
) -> Found:
    return reads.standings(_source, names, period, groups)


def best(found: Found, indicator: Indicator, groups: Sequence[str]) -> set[str]:
    """The groups that read best; none without a direction, or where all read the same.

    Amounts of a county and of a city are not held against each other.
    """
    if indicator.direction == "none":
        return set()
    levels = {group.partition("/")[0] for group in groups}
    if indicator.denominator is None and len(levels) > 1:
        return set()
    decimals = formats.decimals_of(indicator.unit, indicator.decimals)
    read = {
        group: formats.rounded(standing.value, decimals)
        for group in groups
        if (standing := found.get((group, indicator.id), _ABSENT)).value is not None
    }
    if len(set(read.values())) < 2:
        return set()
    first = (min if indicator.direction == "lower" else max)(read.values())
    return {group for group, value in read.items() if value == first}


@kept(256)
def _table(view: View, names: tuple[str, ...], codes: tuple[str, ...]) -> pd.DataFrame:
    chosen, lang = Chosen(codes, "table"), view.lang
    found, across = standings(view, chosen, names), columns(view, chosen)
    compared = [choosing.group_of(code) for code in codes]
    records = []
    for name in names:
        indicator = catalogue.load().indicator(name)
        first = best(found, indicator, compared)
        records.append(
            {
                view.text("overview.indicator"): panels.indicator_name(indicator, lang),
                **{
                    across[group]: _cell(found.get((group, name), _ABSENT), indicator,
                                         group in first, lang)
                    for group in across
                },
                view.text("export.unit"): catalogue.load().unit(indicator.unit).label(lang),
                view.text("page.target"): target_of(indicator, lang),
            }
        )  # fmt: skip
    return pd.DataFrame(records)


def target_of(indicator: Indicator, lang: str) -> str | None:
    """The target of an indicator with its year, None where it has none."""
    if indicator.target is None:
        return None
    value = formats.target(indicator.target.value, indicator.unit, lang)
    when = formats.target_year(indicator.target.year, lang)
    return t("overview.target", lang, value=value, when=when)


def _cell(standing: Standing, indicator: Indicator, first: bool, lang: str) -> str:
    text = formats.value(
        standing.value, indicator.unit, lang, standing.status, indicator.decimals,
        with_unit=indicator.unit == "percent",
    )  # fmt: skip
    sign = palette.STATUSES[standing.target_status].sign or _SPACE
    return f"{BEST if first else ''}{text} {sign}"


def _downloads(view: View, chosen: Chosen, names: Sequence[str], found: Found) -> None:
    c = view.choices
    name = view.text(
        "page.file", name=view.text("menu.compare"), period=periods.label(c.period, c.lang),
        indicator=view.text("figure_name.table"),
    )  # fmt: skip

    def plain() -> bytes:
        return exports.plain_csv(*long_table(view, chosen, names, found))

    def book() -> bytes:
        return workbook(view, chosen, names, found)

    handout.table(name, view.lang, plain, book)


def long_table(
    view: View, chosen: Chosen, names: Sequence[str], found: Found
) -> tuple[list[str], list[list[Any]]]:
    """Titles and rows of the CSV: a row an indicator and area, values not rounded."""
    lang, known = view.lang, catalogue.load()
    told = exports.origin(view.source, lang)
    titles = [
        *(view.text(f"export.{each}") for each in (
            "area_code", "area", "period", "indicator_id", "indicator", "unit", "value", "status")),
        view.text("overview.verdict"), view.text("compare.best_column"), view.text("export.facts"),
        view.text("export.sample"),
    ]  # fmt: skip
    compared = [choosing.group_of(code) for code in chosen.areas]
    rows = []
    for name in names:
        indicator = known.indicator(name)
        first = best(found, indicator, compared)
        for group, area in columns(view, chosen).items():
            standing = found.get((group, name), _ABSENT)
            rows.append(
                [
                    group.partition("/")[2], area, periods.label(view.choices.period, lang),
                    name, indicator.label(lang), known.unit(indicator.unit).label(lang),
                    "" if standing.value is None else standing.value,
                    view.text(f"export.status_{standing.status}"),
                    view.text(f"figure.status.{standing.target_status}"),
                    BEST if group in first else "", told,
                    view.text("sample.mark") if standing.sample else "",
                ]
            )  # fmt: skip
    return titles, rows


def workbook(view: View, chosen: Chosen, names: Sequence[str], found: Found) -> bytes:
    """The table as shown; a value is a number, its signs are part of its format."""
    lang, known = view.lang, catalogue.load()
    across = columns(view, chosen)
    compared = [choosing.group_of(code) for code in chosen.areas]
    rows = []
    for name in names:
        indicator = known.indicator(name)
        first = best(found, indicator, compared)
        decimals = formats.decimals_of(indicator.unit, indicator.decimals)
        cells: list[Any] = [indicator.label(lang)]
        for group in across:
            standing = found.get((group, name), _ABSENT)
            sign = (BEST if group in first else "") + palette.STATUSES[standing.target_status].sign
            cells.append(
                formats.mark(standing.status if standing.status in formats.MARKS else "missing",
                             lang)
                if standing.value is None else exports.Figure(standing.value, decimals, sign)
            )  # fmt: skip
        rows.append([*cells, known.unit(indicator.unit).label(lang), target_of(indicator, lang)])
    titles = [
        view.text("overview.indicator"), *across.values(), view.text("export.unit"),
        view.text("page.target"),
    ]  # fmt: skip
    c = view.choices
    facts = [periods.label(c.period, lang), exports.origin(view.source, lang)]
    signs = f"{view.text('overview.signs')}　{view.text('compare.best', sign=BEST)}"
    sample = any(standing.sample for standing in found.values())
    return exports.plain_xlsx(
        view.text("menu.compare"), [view.text("menu.compare"), " · ".join(facts), signs], titles,
        rows, view.text("figure.sample_note") if sample else "", facts[-1],
    )  # fmt: skip
