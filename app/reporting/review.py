"""What waits for a second pair of eyes: looked at, stored or sent back (Streamlit)."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from app import catalogue, lake, levels, periods, settings
from app.access import rights
from app.errors import DashboardError
from app.i18n import t
from app.intake import check, consequences, waiting
from app.intake.waiting import Waiting
from app.reporting import steps
from app.reporting.checked import Checked

_HEADS = ("state", "at", "dataset", "periods", "areas", "by", "changes", "note", "answer")


def show(lang: str) -> None:
    """The files that wait and what became of the others; one of them, to be judged."""
    told = st.session_state.pop("review_told", None)
    if told:
        st.success(told, icon=":material/check_circle:")
    found = waiting.listed(settings.load())
    if not settings.load().review:
        st.info(t("review.not_set", lang), icon=":material/info:")
    elif not found:
        st.info(t("review.none", lang), icon=":material/inbox:")
    if not found:
        return
    heads = [t(f"review.{name}", lang) for name in _HEADS]
    st.dataframe(
        pd.DataFrame([_row(entry, lang) for entry in found], columns=heads), hide_index=True,
        key="review_table", row_height=35, height=min(360, 38 + 35 * len(found)),
    )  # fmt: skip
    open_ = [entry for entry in found if entry.state == "waiting"]
    if not open_:
        st.success(t("review.all_judged", lang), icon=":material/task_alt:")
        return
    chosen = st.selectbox(
        t("review.choose", lang), open_, key="review_chosen", width=640,
        format_func=lambda entry: _title(entry, lang),
    )  # fmt: skip
    if chosen is not None:
        _judge(chosen, lang)


def _judge(entry: Waiting, lang: str) -> None:
    try:
        found = _checked(entry, lang)
    except DashboardError as error:
        st.error(error.text(lang), icon=":material/error:")
        return
    steps.part(found, lang)
    if entry.explanation:
        st.markdown(f"**{t('review.explanation', lang)}**　{entry.explanation}")
    person = rights.acting()
    own = entry.who == person.id
    if own:
        st.caption(t("review.own", lang))
    with st.form(f"review_{entry.id}", border=True):
        reason = st.text_input(
            t("review.reason", lang), max_chars=500, key=f"review_reason_{entry.id}"
        )
        with st.container(horizontal=True):
            stored = st.form_submit_button(
                t("review.approve", lang), type="primary", icon=":material/inventory:",
                disabled=own or not rights.may(person, "approve"), key=f"approve_{entry.id}",
            )  # fmt: skip
            back = st.form_submit_button(
                t("review.take_back" if own else "review.send_back", lang),
                icon=":material/undo:", key=f"send_back_{entry.id}",
            )  # fmt: skip
    if back and not own and not reason.strip():
        st.error(t("review.lacks_reason", lang), icon=":material/edit:")
        return
    try:
        if stored:
            with st.spinner(t("reporting.storing", lang)):
                done = waiting.approve(settings.load(), entry.id, lang, found.assessment)
            if done.submission is None:
                key = "reporting.overtaken" if done.overtaken else "review.not_stored"
                st.warning(t(key, lang), icon=":material/sync_problem:")
                return
            _tell(t("review.stored", lang, submission=f"S{done.submission}"))
        elif back:
            waiting.send_back(settings.load(), entry.id, reason.strip())
            _tell(t("review.sent_back_now", lang))
    except DashboardError as error:
        st.error(error.text(lang), icon=":material/error:")


def _tell(text: str) -> None:
    st.session_state["review_told"] = text
    st.rerun()


def _checked(entry: Waiting, lang: str) -> Checked:
    """The file as it is judged over the store of this moment; kept while both stay."""
    config, known = settings.load(), catalogue.load()
    key = (lake.stamp(config), entry.id, lang)
    kept = st.session_state.get("review_checked")
    if kept is not None and kept[0] == key:
        found: Checked = kept[1]
        return found
    with st.spinner(t("reporting.checking", lang)):
        upload = waiting.upload_of(config, entry, lang)
        assessment = check.check(config, upload, known, lang)
        follows = None
        if not assessment.errors:
            follows = consequences.consequences(config, assessment, known)
    found = Checked(upload, assessment, follows)
    st.session_state["review_checked"] = (key, found)
    return found


def _row(entry: Waiting, lang: str) -> tuple[str, ...]:
    dataset = catalogue.load().dataset(entry.dataset)
    named = [levels.unit(code).label(lang) for code in entry.area_codes[:3]]
    more = "…" if len(entry.area_codes) > len(named) else ""
    answer = f"S{entry.submission}" if entry.submission else entry.reason
    return (
        t(f"review.state_{entry.state}", lang), entry.at[:16].replace("T", " "),
        dataset.label(lang), " ".join(periods.label(period, lang) for period in entry.periods),
        t("finding.and", lang).join(named) + more, entry.by,
        f"+{entry.added} ~{entry.changed}", entry.note, answer,
    )  # fmt: skip


def _title(entry: Waiting, lang: str) -> str:
    dataset = catalogue.load().dataset(entry.dataset).label(lang)
    quarters = " ".join(periods.label(period, lang) for period in entry.periods)
    return f"{entry.id}　{dataset}　{quarters}　{entry.by}"
