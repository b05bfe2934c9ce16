"""The ledger on the page: all submissions, one of them, taking it back (Streamlit)."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from app import catalogue, choices, exports, formats, handout, periods, settings
from app.errors import DashboardError
from app.i18n import t
from app.intake import ledger
from app.menu import PAGES
from app.periods import SHANGHAI
from app.reporting import changes, confirm

OVERVIEW = str(PAGES / "explore" / "overview.py")
ALL = ""
_COLUMNS = ("submission", "at", "dataset", "periods", "by", "added", "changed", "note", "state")


def as_of(lang: str) -> None:
    """Open the whole dashboard as it was at the end of a day."""
    with st.container(horizontal=True, vertical_alignment="bottom", border=True):
        day = st.date_input(
            t("ledger.day", lang), value=periods.today(), max_value=periods.today(), width=180,
            format="YYYY-MM-DD", key="as_of_day",
        )  # fmt: skip
        if st.button(t("ledger.open_day", lang), icon=":material/history:"):
            _open(str(day))


def _open(name: str) -> None:
    choices.show_as_of(name)
    st.switch_page(OVERVIEW)


def submissions(lang: str) -> None:
    """The submissions, newest first, and the one that is chosen."""
    known = catalogue.load()
    told(lang)
    try:
        rows = ledger.history(settings.load())
    except DashboardError as error:
        st.error(error.text(lang), icon=":material/error:")
        return
    if not rows:
        st.info(t("ledger.empty", lang), icon=":material/inbox:")
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        dataset_id = st.selectbox(
            t("reporting.dataset", lang), [ALL, *known.datasets], width=300, key="ledger_dataset",
            format_func=lambda name: (
                known.datasets[name].label(lang) if name else t("bar.all_counties", lang)
            ),
        )  # fmt: skip
        quarters = sorted({period for row in rows for period in row["periods"]}, reverse=True)
        period = st.selectbox(
            t("bar.period", lang), [ALL, *quarters], width=180, key="ledger_period",
            format_func=lambda name: (
                periods.label(name, lang) if name else t("bar.all_counties", lang)
            ),
        )  # fmt: skip
        with_sample = st.toggle(t("ledger.with_sample", lang), value=True, key="ledger_sample")
    shown = [
        row for row in rows
        if dataset_id in (ALL, row["dataset_id"])
        and (period == ALL or period in row["periods"])
        and (with_sample or not row["sample"])
    ]  # fmt: skip
    titles = [t(f"ledger.column_{name}", lang) for name in _COLUMNS]
    frame = pd.DataFrame([_line(row, lang) for row in shown], columns=titles)
    st.dataframe(
        frame, hide_index=True, key="ledger", row_height=35,
        height=min(360, 38 + 35 * max(1, len(frame))),
        on_select=lambda: _select([row["vintage"] for row in shown]), selection_mode="single-row",
        column_config={
            titles[5]: st.column_config.NumberColumn(format="localized"),
            titles[6]: st.column_config.NumberColumn(format="localized"),
            titles[7]: st.column_config.TextColumn(width=290),
        },
    )  # fmt: skip
    _choose(rows, lang)


def _line(row: dict[str, Any], lang: str) -> tuple[Any, ...]:
    listed = row["periods"]
    quarters = "–".join(periods.label(p, lang) for p in dict.fromkeys([listed[0], listed[-1]]))
    return (
        f"S{row['vintage']}",
        f"{row['submitted_at'].astimezone(SHANGHAI):%Y-%m-%d %H:%M}",
        catalogue.load().dataset(row["dataset_id"]).label(lang),
        quarters,
        exports.harmless(row["submitted_by"]),
        row["added"],
        row["changed"],
        exports.harmless(row["note"]),
        state(row, lang),
    )


def state(row: dict[str, Any], lang: str) -> str:
    """What kind of submission it is and whether it still stands."""
    parts = []
    if row["kind"] == "revert":
        parts.append(t("ledger.reverts", lang, submission=f"S{row['reverts']}"))
    elif row["kind"] == "withdrawal":
        parts.append(t("ledger.withdrawal", lang))
    if row["reverted_by"] is not None:
        parts.append(t("ledger.reverted_by", lang, submission=f"S{row['reverted_by']}"))
    if row["sample"]:
        parts.append(t("sample.mark", lang))
    return t("finding.and", lang).join(parts)


def _select(vintages: list[int]) -> None:
    rows = st.session_state["ledger"]["selection"]["rows"]
    if rows:
        st.query_params["submission"] = f"S{vintages[rows[0]]}"


def _choose(rows: list[dict[str, Any]], lang: str) -> None:
    by_name = {f"S{row['vintage']}": row for row in rows}
    named = st.query_params.get("submission", "").upper()
    key = f"submission_{lang}"
    if st.session_state.get(key) != named and named in by_name:
        st.session_state[key] = named
    chosen = st.selectbox(
        t("ledger.choose", lang), list(by_name), index=None, key=key, width=620,
        format_func=lambda name: _option(by_name[name], lang),
        placeholder=t("ledger.choose_hint", lang), on_change=_chosen, args=(key,),
    )  # fmt: skip
    if chosen:
        _detail(by_name[chosen], lang)


def _chosen(key: str) -> None:
    if st.session_state[key]:
        st.query_params["submission"] = st.session_state[key]
    else:
        st.query_params.pop("submission", None)


def _option(row: dict[str, Any], lang: str) -> str:
    name, at, dataset, quarters, *_ = _line(row, lang)
    return f"{name}　{at}　{dataset}　{quarters}"


def _detail(row: dict[str, Any], lang: str) -> None:
    """One submission: who, when, why, its file, its cells, and taking it back."""
    number, config = row["vintage"], settings.load()
    dataset = catalogue.load().dataset(row["dataset_id"])
    st.subheader(f"S{number}　{dataset.label(lang)}", anchor=False)
    at = f"{row['submitted_at'].astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}"
    facts = {
        "by": row["submitted_by"], "at": at,
        "periods": t("finding.and", lang).join(periods.label(p, lang) for p in row["periods"]),
        "note": row["note"], "explanation": row["explanation"], "state": state(row, lang),
        "file": row["file_name"], "sha256": row["sha256"],
    }  # fmt: skip
    st.markdown(
        "  \n".join(
            f"{t(f'ledger.fact_{name}', lang)}　{formats.plain(text)}"
            for name, text in facts.items() if text
        )
    )  # fmt: skip
    _counts(row, lang)
    with st.container(horizontal=True):
        kept = ledger.file_of(config, number)
        if kept is not None:
            handout.button(
                t("ledger.get_file", lang), kept.read_bytes, row["file_name"],
                on_click="ignore", icon=":material/download:",
            )  # fmt: skip
        if st.button(t("ledger.open_vintage", lang), icon=":material/history:"):
            _open(str(number))
    try:
        found = ledger.changes(config, number)
    except DashboardError as error:
        st.error(error.text(lang), icon=":material/error:")
        return
    changes.table(found, dataset, lang, changes.texts_of(dataset), key=f"S{number}")
    if row["reverted_by"] is None:
        _revert(number, lang)


def _counts(row: dict[str, Any], lang: str) -> None:
    counts = {name: row[name] for name in ("added", "changed", "removed")}
    st.markdown(t("ledger.counts", lang, rows=row["row_count"], **counts))


def _revert(number: int, lang: str) -> None:
    with st.expander(t("ledger.revert", lang, submission=f"S{number}"), icon=":material/undo:"):
        st.caption(t("ledger.revert_note", lang))
        with st.form(f"revert_{number}", border=False):
            by = st.text_input(
                t("reporting.by", lang), value=confirm.reporter(), max_chars=60,
                key=f"revert_by_{number}", disabled=confirm.is_named(),
            )  # fmt: skip
            reason = st.text_input(
                t("ledger.reason", lang), max_chars=200, key=f"revert_reason_{number}"
            )
            asked = st.form_submit_button(t("ledger.revert_now", lang), type="primary")
        if not asked:
            return
        if not (by.strip() and reason.strip()):
            st.error(t("ledger.lacks_reason", lang), icon=":material/edit:")
            return
        try:
            with st.spinner(t("reporting.storing", lang)):
                vintage, cells = ledger.revert(
                    settings.load(), number, by=by.strip(), note=reason.strip()
                )
        except DashboardError as error:
            st.error(error.text(lang), icon=":material/error:")
            return
        tell(t("ledger.reverted", lang, submission=f"S{number}", new=f"S{vintage}", cells=cells))


def tell(text: str) -> None:
    """Draw the page anew with a message on it."""
    st.session_state["ledger_told"] = text
    st.rerun()


def told(lang: str) -> None:
    """The message of what was just done."""
    text = st.session_state.pop("ledger_told", None)
    if text:
        st.success(text, icon=":material/check_circle:")
