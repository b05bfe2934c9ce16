"""The paragraphs of a page: headline, map and ranking, trend, table, meaning (Streamlit)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from app import (
    catalogue,
    choices,
    exports,
    figures,
    finder,
    formats,
    handout,
    maps,
    menu,
    notice,
    page_pictures,
    palette,
    periods,
    plot,
    reads,
    scopes,
)
from app.access import people, rights
from app.catalogue import Indicator
from app.i18n import LANGUAGES
from app.kept import kept
from app.lettering import column_width, text_width
from app.quality import marks
from app.view import (
    View,
    county_rows,
    current,
    headlines,
    headlines_of,
    marked,
    reporting,
    sample_datasets,
    trends_of,
)

if TYPE_CHECKING:
    from pandas.io.formats.style import Styler


DOUBTS = 40  # counties whose doubts are told below a table
METRIC = 154  # px of a headline figure: six in a row on a screen, two on a phone
VALUE_SIZE = 21.75  # px of its number
COUNTY = 164  # px of a column of counties: the longest name fits
INDICATOR = 210  # px of a column of indicators
MAP_HEIGHT = 620  # px: as high as a map, so that both fit one screen


def warm() -> None:
    """Build what no page can do without; there is nobody yet to do it for."""
    with rights.acting_as(people.local()):
        current()
        for lang in LANGUAGES:
            finder.listed(lang)


def ahead() -> Iterator[None]:
    """Work out, step by step, what the first visitors inside would wait for."""
    with rights.acting_as(people.local()):
        yield from figures.ahead()


def title(view: View, heading: str) -> None:
    """The page's title and, in words, what is shown: quarter, scope, coverage, what is sample."""
    c = view.choices
    parts = [periods.label(c.period, c.lang), scopes.scope_label(c.scope, c.lang, view.reporters)]
    if view.dataset is not None:
        reported, expected = reporting(view)[view.dataset.id]
        key = "page.all_reported" if reported == expected else "page.reported"
        parts.append(view.text(key, reported=reported, expected=expected))
    if c.county:
        parts.append(view.text("page.selected", name=view.county_name))
    with st.container(gap="xsmall"):
        st.title(heading, anchor=False)
        st.markdown(" · ".join(parts))
        sample_band(view)


def without_data(view: View) -> bool:
    """Whether nobody has reported the dataset in the quarter; then its nearest quarter is named."""
    assert view.dataset is not None
    if reporting(view)[view.dataset.id][0]:
        return False
    known, lang = reads.available_periods(view.source, view.dataset.id), view.lang
    if not known:
        st.info(view.text("page.never_reported"), icon=":material/inbox:")
        return True
    first, last = (periods.label(each, lang) for each in (known[0], known[-1]))
    quarter = periods.label(view.choices.period, lang)
    st.info(
        view.text("page.not_in_quarter", period=quarter, first=first, last=last),
        icon=":material/inbox:",
    )
    nearest = known[0] if view.choices.period < known[0] else known[-1]
    st.button(
        view.text("page.see_quarter", period=periods.label(nearest, lang)),
        on_click=choices.show_period, args=(nearest,), icon=":material/event:",
        key="nearest_quarter",
    )  # fmt: skip
    return True


def sample_band(view: View) -> None:
    """Say which numbers of the page are sample data, where any are."""
    made = sample_datasets(view)
    if not made:
        return
    there = {name for name, (reported, _) in reporting(view).items() if reported}
    if view.dataset is not None or there <= {dataset.id for dataset in made}:
        st.markdown(view.text("page.sample"))
    else:
        names = view.text("finding.and").join(d.label(view.lang) for d in made)
        st.markdown(view.text("page.sample_some", datasets=names))


def headline(view: View) -> None:
    """The headline figures of the dataset with change, target and coverage."""
    assert view.dataset is not None
    c = view.choices
    rows = headlines(view, view.dataset.headline)
    own: dict[str, dict[str, Any]] = {}
    if c.county and view.level == "township":
        own = headlines_of(view, view.dataset.headline, "county", c.county)
    elif c.county:
        frame = county_rows(view, view.dataset.headline)
        mine = frame[frame["area_code"] == c.county].to_dict("records")
        own = {row["indicator_id"]: {str(k): v for k, v in row.items()} for row in mine}
    with st.container(horizontal=True, key="headline"):
        for indicator_id in view.dataset.headline:
            indicator = catalogue.load().indicator(indicator_id)
            with st.container(width=METRIC, gap="xsmall"):
                _metric(view, indicator, rows[indicator_id], own.get(indicator_id))


def _metric(
    view: View, indicator: Indicator, row: dict[str, Any], own: dict[str, Any] | None
) -> None:
    lang, unit, decimals = view.lang, indicator.unit, indicator.decimals
    change = row["change_previous"]
    if unit == "yuan":
        shown = formats.in_text(row["value"], unit, lang, row["status"])
    else:
        shown = formats.value(row["value"], unit, lang, row["status"], decimals)
    lines = []
    # A unit too long for its place goes below the number
    whole = text_width(shown, VALUE_SIZE) < METRIC + 10
    if not whole:
        shown = formats.value(row["value"], unit, lang, row["status"], decimals, with_unit=False)
        lines.append(catalogue.load().unit(unit).label(lang))
    clause = catalogue.load().dataset_of[indicator.id].clause
    told, explained = (
        view.text("clause.link", clause=notice.number(clause, lang)),
        view.text("dictionary.link"),
    )
    st.metric(
        indicator.short(lang),
        shown,
        delta=None if change is None else formats.change(change, unit, lang, decimals, whole),
        delta_color=_delta_colour(change, indicator),
        delta_arrow="off",
        delta_description=None if change is None else view.text("page.on_quarter"),
        help=f"{indicator.definition(lang)}\n\n[{explained}]({menu.entry_url(indicator.id)})　"
        f"[{told}]({menu.clause_url(clause)})",
    )
    if own is not None:
        value = formats.value(own["value"], unit, lang, own["status"], decimals, whole)
        sign = palette.STATUSES[str(own["target_status"])].sign
        lines.append(view.text("page.own", name=view.county_name, value=value, sign=sign).strip())
    if row["change_year"] is not None:
        moved = formats.change(row["change_year"], unit, lang, decimals, whole)
        lines.append(view.text("page.on_year", change=moved))
    if indicator.target is not None and indicator.target.value != 0:
        lines.append(target_line(view, indicator, row))
    assert view.dataset is not None
    if row["areas_valued"] != reporting(view)[view.dataset.id][0]:
        valued, without = row["areas_valued"], row["areas_not_applicable"]
        told, expected = f"page.coverage_{view.reporters}", row["areas_expected"]
        lines.append(view.text(told, reported=valued, expected=expected))
        if without:
            lines.append(view.text("page.inapplicable", count=without))
    if lines:
        st.caption("  \n".join(lines))


def target_line(view: View, indicator: Indicator, row: dict[str, Any]) -> str:
    """The target and how far the figure is from it, with the verdict's sign once it is due."""
    assert indicator.target is not None
    target = formats.target(indicator.target.value, indicator.unit, view.lang)
    when = formats.target_year(indicator.target.year, view.lang)
    status = row["target_status"]
    if status in ("none", "met"):
        return view.text(f"page.target_{status}", target=target, when=when)
    gap = formats.difference(row["gap"], indicator.unit, view.lang, indicator.decimals)
    return view.text(f"page.target_{status}", target=target, when=when, gap=gap)


def _delta_colour(change: float | None, indicator: Indicator) -> Any:
    if change is None or indicator.direction == "none":
        return "off"
    shown = formats.rounded(change, formats.decimals_of(indicator.unit, indicator.decimals))
    if shown == 0:
        return "off"
    better = shown > 0 if indicator.direction == "higher" else shown < 0
    return "green" if better else "red"


def map_and_ranking(view: View) -> None:
    """The ranking and, beside it, the map; on a phone the ranking comes first."""
    left, right = st.columns([5, 7])
    figure = figures.ranking_figure(view.on(view.indicator.id))
    long = figure.layout.height > MAP_HEIGHT  # a short one leaves no gap above the map on a phone
    with left, st.container(height=MAP_HEIGHT if long else "content", border=False):
        chart(view, "ranking", figure, pick=view.level != "township")
    with right:
        figure = figures.map_figure(view.on(view.indicator.id))
        chart(view, "map", figure, pick=True)


def trend(view: View, place: str = "") -> None:
    """The regions, the scope and the province over all quarters, with the target."""
    figure = figures.trend_figure(view.on(view.indicator.id))
    chart(view, "trend", figure, place=place)


def chart(
    view: View, name: str, figure: go.Figure, *, pick: bool = False, place: str = "",
    own: tuple[str, ...] = (),
) -> None:  # fmt: skip
    """Show a figure; with `pick`, a click on a county selects it everywhere on the page.

    `place` tells it from another of the same name; `own` are the page's own choices that it shows.
    """
    c = view.choices
    place = place or name
    key = f"figure_{place}"
    file_name = view.text(
        "page.file", name=view.text(f"figure_name.{name}"),
        indicator=view.indicator.label(c.lang), period=periods.label(c.period, c.lang),
    )  # fmt: skip
    page_pictures.tell(place, file_name, lambda: figure)
    config = maps.plotly_config(c.lang, file_name)
    payload = _packed(view, place, own, config, figure)
    plot.show(payload, key=key, on_pick=choices.choose_county if pick else None)


@kept(4096)
def _packed(
    view: View, place: str, own: tuple[str, ...], _config: dict[str, Any], _figure: go.Figure
) -> bytes:
    return plot.packed(_figure, _config, alt=_config["toImageButtonOptions"]["filename"])


def table(view: View) -> None:
    """All counties of the scope on all indicators, with downloads of the same."""
    assert view.dataset is not None
    rows = county_rows(view, [i.id for i in view.dataset.indicators])
    heading = "page.table" if view.level == "county" else f"page.table_{view.level}"
    st.subheader(view.text(heading), anchor=False)
    st.caption(view.text("page.marks") + (view.text("page.marks_outside") * view.source.outside))
    shown = _shown_table(view)
    county, city, rank, trend, doubt, leading, *others = shown.columns
    names = dict(zip(rows["area_code"], rows["area_name"], strict=True))
    doubts = marks.by_area(
        view.source, view.stamp, view.choices.period, names, view.dataset, view.lang
    )
    marked_at = [doubt] if doubts else []
    ranked = [] if view.indicator.direction == "none" else [rank]
    st.dataframe(
        shown, hide_index=True, key="table",
        row_height=35,
        height=min(520, 38 + 35 * len(scopes.members(view.group[1], view.level))),
        placeholder=formats.mark("missing", view.lang),
        column_order=[county, leading, *marked_at, *ranked, trend, city, *others],
        column_config={
            county: st.column_config.TextColumn(marked(view, county), pinned=True, width=COUNTY),
            city: st.column_config.TextColumn(width=76),
            rank: st.column_config.TextColumn(alignment="right", width=72),
            trend: st.column_config.TextColumn(width=112, help=view.text("trend.method")),
            doubt: st.column_config.TextColumn(width=36, help=view.text("quality.column_help")),
        }
        | {
            name: st.column_config.NumberColumn(format=form)
            for name, form in exports.number_formats(view.dataset, view.lang).items()
            # a format would write what is not applicable as the number that stands for it
            if isinstance(shown, pd.DataFrame)
        },
    )  # fmt: skip
    if doubts:
        _tell_doubts(view, {names[code]: lines for code, lines in doubts.items()})
    downloads(view, lambda: rows)


def _tell_doubts(view: View, by_name: dict[str, list[str]]) -> None:
    """What the table's ⚑ stands for, county by county: a cell has no room for a sentence."""
    with st.expander(view.text("quality.doubts", sign=marks.SIGN, count=len(by_name))):
        st.markdown(
            "\n".join(
                "\n".join([f"- **{name}**", *(f"    - {formats.plain(line)}" for line in lines)])
                for name, lines in list(by_name.items())[:DOUBTS]
            )
        )
        if len(by_name) > DOUBTS:
            st.caption(view.text("quality.doubts_more", count=len(by_name) - DOUBTS))
        st.page_link(
            menu.reporting("quality", view.lang), label=view.text("menu.quality"),
            query_params=choices.link(), icon=":material/flag:",
        )  # fmt: skip


def indicator_name(indicator: Indicator, lang: str) -> str:
    """The name of an indicator in a column of them: the short one where the whole is too wide."""
    label = indicator.label(lang)
    fits = column_width([label], 0, INDICATOR + 1) <= INDICATOR
    return label if fits else indicator.short(lang)


@kept(512)
def _shown_table(view: View) -> pd.DataFrame | Styler:
    assert view.dataset is not None
    indicator, lang = view.indicator, view.lang
    rows = county_rows(view, [i.id for i in view.dataset.indicators])
    table = exports.county_table(rows, view.dataset, indicator.id, lang)
    heading = view.text("export.rank")
    lead = rows[rows["indicator_id"] == indicator.id].set_index("area_code")
    tied = lead["tied"].reindex(table.index)
    table[heading] = [
        exports.place(rank, t, lang) for rank, t in zip(table[heading], tied, strict=True)
    ]
    found = trends_of(view, indicator.id)
    told = [found[f"{view.level}/{code}"] for code in table.index]
    table.insert(
        exports.RANK + 1, view.text("trend.column"),
        [f"{trend.sign(lang)} {trend.words(indicator, lang)}" for trend in told],
    )  # fmt: skip
    doubts = marks.by_area(
        view.source, view.stamp, view.choices.period, table.index, view.dataset, lang
    )
    table.insert(
        exports.RANK + 2, view.text("quality.column"),
        [marks.SIGN if code in doubts else "" for code in table.index],
    )  # fmt: skip
    return exports.presented(table, rows, view.dataset, lang)


def downloads(view: View, rows: Callable[[], pd.DataFrame]) -> None:
    """The table as CSV and as a workbook, made when asked for."""
    assert view.dataset is not None
    dataset, c = view.dataset, view.choices
    name = view.text(
        "page.file", name=view.text("figure_name.table"), indicator=dataset.label(c.lang),
        period=periods.label(c.period, c.lang),
    )  # fmt: skip
    facts = exports.facts(view.source, c.period, view.group_label, c.lang)
    handout.table(
        name, c.lang,
        lambda: exports.csv_bytes(rows(), dataset, facts, c.lang),
        lambda: exports.xlsx_bytes(rows(), dataset, facts, c.lang),
    )  # fmt: skip


def meaning(view: View) -> None:
    """What the chosen indicator means, and which clause of the notice asks for it."""
    indicator, lang = view.indicator, view.lang
    dataset = catalogue.load().dataset_of[indicator.id]
    st.subheader(view.text("page.meaning", indicator=indicator.label(lang)), anchor=False)
    lines = [
        indicator.definition(lang),
        f"**{view.text('page.formula')}**　{exports.formula_in_words(indicator, dataset, lang)}",
        f"**{view.text('page.direction')}**　{view.text(f'direction.{indicator.direction}')}",
    ]
    if indicator.target is not None:
        value = formats.target(indicator.target.value, indicator.unit, lang)
        when = formats.target_year(indicator.target.year, lang)
        told = view.text(
            "page.target_source", value=value, when=when, source=indicator.target.source(lang)
        )
    else:
        told = view.text("page.no_target")
    lines.append(f"**{view.text('page.target')}**　{told}")
    if indicator.caveat is not None:
        lines.append(f"**{view.text('page.caveat')}**　{indicator.caveat(lang)}")
    lines.append(
        f"**{view.text('page.clause')}**　"
        + view.text(
            "page.clause_text",
            clause=notice.number(dataset.clause, lang),
            text=dataset.clause_text(lang),
        )
    )
    st.markdown("\n\n".join(lines))
    with st.container(horizontal=True):
        menu.to_entry(indicator.id, view.text("dictionary.link"))
        menu.to_clause(dataset.clause, lang)
        menu.to_change(indicator.id, lang)
