"""Storing a checked file, and what became of it (Streamlit)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import streamlit as st

from app import catalogue, menu, settings
from app.access import people, rights
from app.errors import DashboardError
from app.i18n import t
from app.intake import drafts, submit, waiting
from app.reporting.checked import Checked
from app.reporting.file import forget

REPORTER = "reporter"  # who submits, remembered for the session


@dataclass(frozen=True)
class Stored:
    """A submission just made from this page."""

    submission: int
    dataset_id: str
    period: str
    added: int
    changed: int


@dataclass(frozen=True)
class Told:
    """What the analyst said of a file that does not say it itself."""

    dataset: str = ""
    period: str = ""
    picks: Mapping[str, str] = field(default_factory=dict)


def confirm(found: Checked, told: Told, lang: str) -> None:
    """Who, a note, an explanation where there are warnings, and the button that stores.

    Where the setting asks for a second pair of eyes the file waits for a reviewer instead.
    """
    assessment = found.assessment
    review = settings.load().review
    st.subheader(t("reporting.step_confirm", lang), anchor=False)
    with st.form("confirm", border=True):
        by = st.text_input(
            t("reporting.by", lang),
            value=reporter(),
            max_chars=60,
            key="confirm_by",
            disabled=is_named(),
        )
        note = st.text_input(
            t("reporting.note", lang),
            max_chars=200,
            key="confirm_note",
            placeholder=t("reporting.note_hint", lang),
        )
        explanation = ""
        if assessment.warnings:
            explanation = st.text_area(
                t("reporting.explanation", lang, warnings=len(assessment.warnings)),
                max_chars=2000, key="confirm_explanation",
                placeholder=t("reporting.explanation_hint", lang),
            )  # fmt: skip
        asked = st.form_submit_button(
            t("review.hand_in" if review else "reporting.store", lang),
            type="primary",
            icon=":material/inventory:",
            on_click=_seen,
        )
    if not asked:
        return
    lacking = [
        t(f"reporting.lacks_{name}", lang)
        for name, text in (("by", by), ("note", note), ("explanation", explanation))
        if not text.strip() and (name != "explanation" or assessment.warnings)
    ]
    if lacking:
        st.error("\n".join(lacking), icon=":material/edit:")
        return
    st.session_state[REPORTER] = by.strip()
    if review:
        _hand_in(found, told, by.strip(), note.strip(), explanation.strip(), lang)
    else:
        _store(found, by.strip(), note.strip(), explanation.strip(), lang)


def reporter() -> str:
    """The name of who submits: of who is signed in, else the one typed last."""
    if is_named():
        return rights.acting().name
    return str(st.session_state.get(REPORTER, ""))


def is_named() -> bool:
    """Whether people sign in, so that nobody types a name."""
    return settings.load().access.mode != people.LOCAL


def _hand_in(found: Checked, told: Told, by: str, note: str, explanation: str, lang: str) -> None:
    st.session_state.pop("seen", None)
    try:
        with st.spinner(t("reporting.storing", lang)):
            entry = waiting.hand_in(
                settings.load(), found.assessment, by=by, note=note, explanation=explanation,
                dataset_asked=told.dataset, period=told.period, picks=told.picks,
            )  # fmt: skip
    except DashboardError as error:
        st.error(error.text(lang), icon=":material/error:")
        return
    drafts.drop(settings.load(), found.upload.sha256)
    st.session_state["handed_in"] = entry.id
    forget()
    st.rerun()


def _seen() -> None:
    """Keep what the analyst saw when clicking: the run that follows checks the file anew."""
    st.session_state["seen"] = st.session_state["checked"][1].assessment


def _store(found: Checked, by: str, note: str, explanation: str, lang: str) -> None:
    try:
        with st.spinner(t("reporting.storing", lang)):
            outcome = submit.submit(
                settings.load(), found.upload, catalogue.load(), by=by, note=note,
                explanation=explanation or None, lang=lang, seen=st.session_state.pop("seen"),
            )  # fmt: skip
    except DashboardError as error:
        st.error(error.text(lang), icon=":material/error:")
        st.caption(t("reporting.file_is_kept", lang))
        return
    if outcome.overtaken:
        st.session_state["overtaken"] = True
        st.rerun()  # shows the file checked anew over what has been stored meanwhile
    if outcome.submission is not None:
        changed = outcome.assessment
        st.session_state["stored"] = Stored(
            outcome.submission, found.upload.dataset.id, found.upload.periods[-1],
            changed.count("added") if outcome.stored else 0,
            changed.count("changed") if outcome.stored else 0,
        )  # fmt: skip
        forget()
        st.rerun()


def overtaken(lang: str) -> None:
    """Say that the store has moved on since the preview, and that what is shown now is new."""
    if st.session_state.pop("overtaken", False):
        st.warning(t("reporting.overtaken", lang), icon=":material/sync_problem:")


def outcome(lang: str) -> bool:
    """Tell what was stored last from this page; False where nothing was."""
    handed_in = st.session_state.get("handed_in")
    if handed_in is not None:
        st.success(t("review.handed_in", lang, id=handed_in), icon=":material/hourglass_top:")
        st.button(t("reporting.another", lang), on_click=_anew, icon=":material/add:")
        return True
    stored: Stored | None = st.session_state.get("stored")
    if stored is None:
        return False
    name = f"S{stored.submission}"
    key = "reporting.stored" if stored.added or stored.changed else "reporting.stored_already"
    told = t(key, lang, submission=name, added=stored.added, changed=stored.changed)
    st.success(told, icon=":material/check_circle:")
    with st.container(horizontal=True):
        st.page_link(
            str(menu.topic(stored.dataset_id)), label=t("reporting.see_page", lang),
            icon=":material/monitoring:", query_params=_query(lang, period=stored.period),
        )  # fmt: skip
        st.page_link(
            menu.reporting("history", lang), label=t("reporting.see_submission", lang),
            icon=":material/history:", query_params=_query(lang, submission=name),
        )  # fmt: skip
        st.button(
            t("reporting.another", lang), on_click=_anew, icon=":material/add:", type="primary"
        )
    return True


def _anew() -> None:
    st.session_state.pop("stored", None)
    st.session_state.pop("handed_in", None)
    forget()


def _query(lang: str, **values: str) -> dict[str, str]:
    return values if lang == "zh" else values | {"lang": lang}
