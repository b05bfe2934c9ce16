"""The page of a county: its profile, what to do, its similar counties (Streamlit)."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from app import areas, assets, choices, exports, formats, menu, panels, peers, periods, scopes
from app.areas import Area
from app.compare import chosen
from app.i18n import t
from app.kept import kept
from app.profile import spine, standing, todo
from app.profile.standing import Report, Row, Standing
from app.quality import marks
from app.settings import ROOT
from app.view import View

SHOWN = ("main", "all")
MOST = 12  # lines of each part of the list of what to do

_COMPONENT = st.components.v2.component(
    "profile",
    css=(ROOT / "app" / "profile" / "profile.css").read_text("utf-8"),
    js=(
        "export default (profile) =>\n"
        f"Promise.all(['{assets.script('profile')}', '{assets.script()}'].map((name) =>"
        " import(new URL(`app/static/${name}`, document.baseURI))))"
        ".then(([script, figure]) => script.default(profile, figure.unpacked));"
    ),
    isolate_styles=False,
)


def draw(view: View) -> None:
    """Draw the profile of the chosen county, or the counties to choose from."""
    if view.choices.county is None:
        _choose(view)
        return
    area = areas.load()[view.choices.county]
    _title(view, area)
    shown = st.segmented_control(
        view.text("profile.shown"), format_func=lambda name: view.text(f"profile.shown_{name}"),
        label_visibility="collapsed", required=True, **choices.kept("shown", SHOWN, SHOWN[0]),
    )  # fmt: skip
    every = shown == "all"
    found = _standing(view.of_all, every)
    left, right = st.columns([9, 4], gap="medium")
    with left:
        _table(view, _packed(view.of_all, every))
    with right, st.container(key="profile_todo"):
        _todo(view, todo.of(found))
    with st.container(key="profile_similar"):
        _similar(view, found, area)


@kept(512)
def _standing(view: View, every: bool) -> Standing:
    c = view.choices
    assert c.county is not None
    return standing.of(view.source, c, c.county, standing.indicators(every))


@kept(512)
def _packed(view: View, every: bool) -> bytes:
    found, c, lang = _standing(view, every), view.choices, view.lang
    assert c.county is not None
    area = areas.load()[c.county]
    sample = any(row.told["sample"] for row in found.rows)
    told = {
        "title": view.text("profile.table", county=area.label(lang)),
        "subtitle": view.text(
            "profile.subtitle", period=periods.label(c.period, lang), count=len(found.peers),
            scope=scopes.scope_name(c.scope, lang),
        ),
        "region": _region(area, lang),
        "note": view.text("figure.sample_note") if sample else "",
        "footer": view.text("profile.footer", vintage=exports.origin(view.source, lang)),
    }  # fmt: skip
    doubts = marks.of_area(view.source, view.stamp, c.period, c.county, lang)
    return spine.packed(found, told, c.period, lang, doubts)


def _title(view: View, area: Area) -> None:
    lang = view.lang
    share = 100 * area.population_60plus / area.pop_2020
    parts = [
        periods.label(view.choices.period, lang),
        area.city_en if lang == "en" else area.city,
        _region(area, lang),
        *([view.text("profile.pilot")] if area.code in areas.pilot() else []),
        view.text(
            "profile.people", people=formats.in_text(area.pop_2020, "persons", lang),
            share=formats.value(share, "percent", lang), townships=area.townships,
        ),
    ]  # fmt: skip
    with st.container(gap="xsmall"):
        st.title(view.text("profile.title", county=area.label(lang)), anchor=False)
        st.markdown(" · ".join(parts))
        panels.sample_band(view)


def _region(area: Area, lang: str) -> str:
    return area.region_en if lang == "en" else area.region


def _choose(view: View) -> None:
    """All counties of the scope by city, to be chosen by a click."""
    lang = view.lang
    panels.title(view, view.text("menu.county"))
    st.info(view.text("profile.choose"), icon=":material/touch_app:")
    by_city: dict[str, list[str]] = {}
    for code in scopes.members(view.choices.scope):
        by_city.setdefault(areas.load()[code].city_code, []).append(code)
    for city_code, codes in by_city.items():
        city = areas.cities()[city_code]
        st.pills(
            city.city_en if lang == "en" else city.city, codes, key=f"pick_{city_code}_{lang}",
            format_func=lambda code: areas.load()[code].label(lang),
            on_change=_picked, args=(f"pick_{city_code}_{lang}",),
        )  # fmt: skip


def _picked(key: str) -> None:
    choices.choose_county(st.session_state[key])


def _table(view: View, payload: bytes) -> None:
    result: Any = _COMPONENT(
        key="profile", data=payload, height="content", on_opened_change=lambda: None
    )
    opened = result.get("opened")
    if opened:
        menu.open_indicator(opened)


def _todo(view: View, listed: todo.ToDo) -> None:
    st.subheader(view.text("profile.todo"), anchor=False)
    _part(
        view, "targets", [todo.target_line(row, view.lang) for row in listed.targets],
        view.text("profile.todo_no_targets"),
    )  # fmt: skip
    _part(view, "ahead", [todo.target_line(row, view.lang) for row in listed.ahead])
    _part(view, "outstanding", [_outstanding(view, each) for each in listed.outstanding])
    _part(view, "worse", [_worse(view, row) for row in listed.worse])
    _part(
        view, "explained",
        [_explained(view, text, reports) for text, reports in listed.explained.items()],
    )  # fmt: skip


def _part(view: View, name: str, lines: list[str], nothing: str = "") -> None:
    if not lines and not nothing:
        return
    st.markdown(f"**{view.text(f'profile.todo_{name}', count=len(lines))}**")
    if not lines:
        st.caption(nothing)
        return
    st.markdown("\n".join(f"- {line}" for line in lines[:MOST]))
    if len(lines) > MOST:
        with st.expander(view.text("profile.todo_more", count=len(lines) - MOST)):
            st.markdown("\n".join(f"- {line}" for line in lines[MOST:]))


def _outstanding(view: View, report: Report) -> str:
    name = report.dataset.label(view.lang)
    if report.period is None:
        return view.text("profile.todo_never", dataset=name)
    told = periods.label(report.period, view.lang)
    return view.text("profile.todo_last", dataset=name, period=told)


def _worse(view: View, row: Row) -> str:
    return view.text(
        "profile.todo_trend", sign=row.trend.sign(view.lang),
        indicator=row.indicator.short(view.lang), trend=row.trend.words(row.indicator, view.lang),
    )  # fmt: skip


def _explained(view: View, text: str, reports: list[Report]) -> str:
    names = view.text("finding.and").join(
        view.text("profile.report", dataset=r.dataset.label(view.lang), vintage=r.vintage)
        for r in reports
    )
    return view.text("profile.todo_explanation", text=formats.plain(text), reports=names)


def _similar(view: View, found: Standing, area: Area) -> None:
    """The similar counties with the traits that make them so."""
    lang = view.lang
    st.subheader(view.text("profile.similar", county=area.label(lang)), anchor=False)
    st.caption(view.text("peers.method", count=len(found.peers)))
    own = {
        "name": area.label(lang), "city": area.city_en if lang == "en" else area.city,
        "population": area.pop_2020, "share": 100 * area.population_60plus / area.pop_2020,
        "rural": 100 * area.pop_rural_2020 / area.pop_2020, "townships": area.townships,
        "distance": 0.0, "why": "",
    }  # fmt: skip
    rows = [own]
    for peer in found.peers:
        other = areas.load()[peer.area_code]
        rows.append(
            {
                "name": other.label(lang), "city": other.city_en if lang == "en" else other.city,
                "population": peer.population, "share": peer.share_60plus,
                "rural": peer.share_rural, "townships": peer.townships,
                "distance": peer.distance, "why": reasons(peer, lang),
            }
        )  # fmt: skip
    table = pd.DataFrame(rows).rename(columns=lambda name: view.text(f"profile.peer_{name}"))
    county, city, people, share, rural, towns, distance, why = table.columns
    st.dataframe(
        table, hide_index=True, key="peers", height="content",
        column_config={
            county: st.column_config.TextColumn(pinned=True, width=panels.COUNTY),
            city: st.column_config.TextColumn(width=76),
            people: st.column_config.NumberColumn(format="localized"),
            share: st.column_config.NumberColumn(format="%.1f%%"),
            rural: st.column_config.NumberColumn(format="%.1f%%"),
            towns: st.column_config.NumberColumn(format="%d"),
            distance: st.column_config.NumberColumn(format="%.2f"),
            why: st.column_config.TextColumn(width="large"),
        },
    )  # fmt: skip
    nearest = [area.code, *(peer.area_code for peer in found.peers)][: chosen.MOST]
    st.page_link(
        menu.explore("compare"), label=view.text("profile.compare"),
        query_params=choices.link(areas=choices.SEPARATOR.join(nearest)),
        icon=":material/compare_arrows:",
    )  # fmt: skip
    st.caption(view.text("trend.method"))


def reasons(peer: peers.Peer, lang: str) -> str:
    """In what a peer is alike, and in what it differs most."""
    parts = []
    if peer.alike:
        names = t("peers.separator", lang).join(t(f"peers.{name}", lang) for name in peer.alike)
        parts.append(t("peers.alike", lang, traits=names))
    if peer.furthest not in peer.alike:
        parts.append(t("peers.differs", lang, trait=t(f"peers.{peer.furthest}", lang)))
    return t("figure.separator", lang).join(parts)
