"""The page's controls and what they choose between (Streamlit)."""

from __future__ import annotations

from dataclasses import dataclass, replace

import streamlit as st

from app import catalogue, choices, figures, map_classes, page_pictures, periods, reads, scopes
from app.areas import Level
from app.map_explorer import component, quarters
from app.view import View

ONE, CHANGE, SEVERAL, TWO = "one", "change", "several", "two"
MODES = (ONE, CHANGE, SEVERAL, TWO)
LEVELS: tuple[Level, ...] = ("county", "city")
COUNTS = ("4", "8", "all")
WIDTHS = {"classes": 140, "quarter": 150, "second": 260}  # px
FIT = 50_000  # areas times quarters that maps hold at once: more are megabytes and take seconds
FIRST, SECOND = "at", "at2"  # where the address keeps the sliders; the server reads neither


@dataclass(frozen=True)
class Shown:
    """What is chosen: the kind of view, the level of the map, how its areas are divided."""

    mode: str
    level: Level
    method: str


def title(view: View) -> None:
    """The page's title, the scope, and a note on sample data; each map tells its quarter itself."""
    c = view.choices
    parts = [scopes.scope_label(c.scope, c.lang)]
    if c.county:
        parts.append(view.text("page.selected", name=view.county_name))
    with st.container(gap="xsmall"):
        st.title(view.text("menu.map"), anchor=False)
        st.markdown(" · ".join(parts))
        dataset = catalogue.load().dataset_of[view.indicator.id]
        if reads.sample_periods(view.source, dataset.id):
            st.markdown(view.text("map_explorer.sample"))


def explorer(view: View) -> None:
    """The controls and the maps that they choose."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="map_controls"):
        shown = _controls(view)
        if shown.mode == CHANGE:
            since, until = _two_quarters(view)
        elif shown.mode == SEVERAL:
            count = st.segmented_control(
                view.text("map_explorer.several"), required=True,
                format_func=lambda each: view.text(f"map_explorer.several_of.{each}"),
                **choices.kept("several", COUNTS, COUNTS[0]),
            )  # fmt: skip
        elif shown.mode == TWO:
            known = catalogue.load()
            every = choices.every_indicator() + choices.every_indicator("city")
            second = st.selectbox(
                view.text("map_explorer.second"), width=WIDTHS["second"],
                format_func=lambda name: known.indicator(name).short(view.lang),
                **choices.kept("second", every, view.indicator.id, view.lang),
            )  # fmt: skip
    if shown.mode == CHANGE:
        _change(view, shown, since, until)
    elif shown.mode == SEVERAL:
        _several(view, shown, count)
    elif shown.mode == TWO:
        left, right = st.columns(2)
        with left:
            _slider(view, shown, view.indicator.id, FIRST, view.choices.period)
        with right:
            _slider(view, shown, second, SECOND, _other_quarter(view, second))
    else:
        _slider(view, shown, view.indicator.id, FIRST, view.choices.period)
    if shown.mode in (ONE, TWO):
        of_cities = catalogue.load().dataset_of[view.indicator.id].level == "city"
        how = "how_reported" if of_cities else "how_city" if shown.level == "city" else "how"
        st.caption(view.text(f"map_explorer.{how}"))


def _controls(view: View) -> Shown:
    mode = st.segmented_control(
        view.text("map_explorer.mode"), required=True,
        format_func=lambda each: view.text(f"map_explorer.modes.{each}"),
        **choices.kept("mode", MODES, ONE),
    )  # fmt: skip
    indicator = view.indicator
    level: Level = "city"
    if quarters.level_of(indicator, "county") == "county":
        level = st.segmented_control(
            view.text("map_explorer.level"), required=True,
            format_func=lambda each: view.text(f"map_explorer.levels.{each}"),
            **choices.kept("level", LEVELS, LEVELS[0]),
        )  # fmt: skip
    offered = map_classes.methods(indicator)
    method = offered[0]
    if mode != CHANGE:
        method = st.selectbox(
            view.text("map_explorer.classes"), width=WIDTHS["classes"],
            format_func=lambda each: view.text(f"map_explorer.methods.{each}"),
            **choices.kept("classes", offered, offered[0], view.lang),
        )  # fmt: skip
    return Shown(mode, level, method)


def _two_quarters(view: View) -> tuple[str | None, str | None]:
    """The quarters of the change map: the one of the bar and that of a year before, at first."""
    available = _available(view, view.indicator.id)
    if len(available) < 2:
        return None, None

    def label(period: str) -> str:
        return periods.label(period, view.lang)

    latest = view.choices.period if view.choices.period in available else available[-1]
    until = st.selectbox(
        view.text("map_explorer.until"), width=WIDTHS["quarter"], format_func=label,
        **choices.kept("until", available[::-1], latest, view.lang),
    )  # fmt: skip
    others = [period for period in available if period != until]
    earlier = [period for period in others if period < until]
    year_before = periods.shift(until, -4)
    usual = year_before if year_before in others else (earlier or others)[-1]
    since = st.selectbox(
        view.text("map_explorer.since"), width=WIDTHS["quarter"], format_func=label,
        **choices.kept("since", others[::-1], usual, view.lang),
    )  # fmt: skip
    return since, until


def _change(view: View, shown: Shown, since: str | None, until: str | None) -> None:
    if since is None or until is None:
        st.info(view.text("map_explorer.one_quarter"), icon=":material/info:")
        return
    indicator = view.indicator
    payload = quarters.between(view, since, until, quarters.level_of(indicator, shown.level))
    component.show(payload, key="map_change")
    st.caption(view.text("map_explorer.change_how"))
    if quarters.is_cumulative(indicator) and since[-1] != until[-1]:
        st.warning(view.text("map_explorer.cumulative_change"), icon=":material/info:")


def _several(view: View, shown: Shown, count: str) -> None:
    indicator, period = view.indicator, view.choices.period
    available = [p for p in _available(view, indicator.id) if p <= period] or [period]
    level = quarters.level_of(indicator, shown.level)
    fitting = _fitting(view, available, level, period)
    wanted = fitting if count == COUNTS[-1] else fitting[-int(count) :]
    payload = quarters.side_by_side(view, tuple(wanted), level, shown.method)
    component.show(payload, key="map_several")
    if count == COUNTS[-1]:
        _tell_span(view, available, fitting)


def _slider(view: View, shown: Shown, indicator_id: str, key: str, start: str) -> None:
    indicator = catalogue.load().indicator(indicator_id)
    offered = map_classes.methods(indicator)
    method = shown.method if shown.method in offered else offered[0]
    # the quarter of the bar is shown also where nobody reported
    wanted = sorted({*_available(view, indicator_id), start})
    level = quarters.level_of(indicator, shown.level)
    fitting = _fitting(view, wanted, level, start)
    payload = quarters.over_time(view, indicator_id, tuple(fitting), level, method, key, start)
    component.show(payload, key=f"map_{key}")
    _tell_span(view, wanted, fitting)
    if catalogue.load().dataset_of[indicator_id].level == "county":
        shown_now = replace(view.choices, indicator=indicator_id, period=start)
        name = view.text(
            "page.file", name=view.text("figure_name.map"), indicator=indicator.label(view.lang),
            period=periods.label(start, view.lang),
        )  # fmt: skip
        page_pictures.tell(
            f"map_{key}", name,
            lambda: figures.drawn("map", view.source, view.stamp, shown_now),
        )  # fmt: skip


def _fitting(view: View, available: list[str], level: Level, period: str) -> list[str]:
    """As many of the quarters as maps hold: the last ones, or those that end with a period."""
    most = max(1, FIT // max(1, len(scopes.members(view.choices.scope, level))))
    return (
        available[-most:]
        if period in available[-most:]
        else [each for each in available if each <= period][-most:]
    )


def _tell_span(view: View, available: list[str], shown: list[str]) -> None:
    """Which quarters are shown where there are more."""
    if len(shown) < len(available):
        first, last = (periods.label(each, view.lang) for each in (shown[0], shown[-1]))
        st.caption(view.text("map_explorer.span", count=len(shown), first=first, last=last))


def _other_quarter(view: View, second: str) -> str:
    """Where the right map starts: a year before the left one if both show the same indicator."""
    period = view.choices.period
    before = periods.shift(period, -4)
    same = second == view.indicator.id and before in _available(view, second)
    return before if same else period


def _available(view: View, indicator_id: str) -> list[str]:
    """The quarters in which an indicator's dataset has data."""
    dataset = catalogue.load().dataset_of[indicator_id]
    return reads.available_periods(view.source, dataset.id)
