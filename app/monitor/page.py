"""运行情况 on the page: how the server does, and what failed (Streamlit)."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import streamlit as st
from prometheus_client import REGISTRY

from app import catalogue, formats, settings
from app.access import rights
from app.errors import DashboardError
from app.i18n import t
from app.monitor import entries, measures
from app.periods import SHANGHAI

SHOWN = 200  # problems


def show(lang: str) -> None:
    """The measures of this server, the time each page takes, the problems; administrators only."""
    rights.require("administer")
    st.title(t("menu.running", lang), anchor=False)
    st.caption(t("running.told", lang, since=_moment(measures.STARTED)))
    _numbers(lang)
    _pages(lang)
    _problems(lang)


def _numbers(lang: str) -> None:
    with st.container(horizontal=True):
        st.metric(t("running.sessions", lang), formats.number(_value("dashboard_sessions")))
        memory = _value("process_resident_memory_bytes")
        if memory:
            st.metric(t("running.memory", lang), f"{memory / 1e6:,.0f} MB")
        waiting = _value("dashboard_pictures_waiting")
        st.metric(t("running.pictures", lang), formats.number(waiting))
        st.metric(t("running.problems", lang), formats.number(_value("dashboard_problems_total")))
        try:
            last = measures.stored()
        except DashboardError as error:
            st.error(error.text(lang), icon=":material/error:")
            return
        at = _moment(last.at.timestamp()) if last.at else "—"
        st.metric(t("running.submissions", lang), f"S{last.vintage}" if last.vintage else "—")
        st.metric(t("running.last_submission", lang), at)


def _pages(lang: str) -> None:
    st.subheader(t("running.pages", lang), anchor=False)
    taken = measures.taken()
    if not taken:
        st.info(t("running.no_runs", lang), icon=":material/inbox:")
        return
    rows = [
        (_page_name(each.page, lang), each.count, round(1000 * each.half), round(1000 * each.most))
        for each in taken
    ]
    heads = [t(f"running.{name}", lang) for name in ("page", "count", "half", "most")]
    st.dataframe(
        pd.DataFrame(rows, columns=heads), hide_index=True, key="running_pages",
        column_config={
            heads[1]: st.column_config.NumberColumn(format="localized"),
            heads[2]: st.column_config.NumberColumn(format="localized"),
            heads[3]: st.column_config.NumberColumn(format="localized"),
        },
    )  # fmt: skip


def _page_name(page: str, lang: str) -> str:
    dataset = catalogue.load().datasets.get(page)
    if dataset is not None:
        return dataset.label(lang)
    return t(f"menu.{page}", lang) if page != "none" else t("running.no_page", lang)


def _problems(lang: str) -> None:
    st.subheader(t("running.log", lang), anchor=False)
    found = entries.problems(settings.load(), SHOWN)
    words = st.text_input(
        t("running.find", lang), key="running_find", icon=":material/search:", width=420
    )
    rows = [
        (
            str(entry.get("at", ""))[:19].replace("T", " "),
            entry.get("problem", ""),
            entry.get("message", ""),
            "\n".join(entry.get("trace", [])),
        )
        for entry in found
    ]
    wanted = (words or "").strip().upper()
    rows = [row for row in rows if wanted in " ".join(row).upper()]
    if not rows:
        st.info(t("running.no_problems", lang), icon=":material/check_circle:")
        return
    heads = [t(f"running.{name}", lang) for name in ("at", "number", "message", "trace")]
    st.dataframe(
        pd.DataFrame(rows, columns=heads), hide_index=True, key="running_log",
        column_config={heads[3]: st.column_config.TextColumn(width="large")},
    )  # fmt: skip


def _value(name: str) -> float:
    return REGISTRY.get_sample_value(name) or 0.0


def _moment(seconds: float) -> str:
    return f"{dt.datetime.fromtimestamp(seconds, SHANGHAI):%Y-%m-%d %H:%M}"
