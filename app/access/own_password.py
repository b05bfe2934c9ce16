"""Changing one's own password, from the line that says who one is (Streamlit)."""

from __future__ import annotations

import streamlit as st

from app import settings
from app.access import browser, notices, sign_in, visitor
from app.access.passwords import LONGEST, SHORTEST
from app.errors import DashboardError
from app.i18n import t

_FIELDS = {"present": "current-password", "new": "new-password", "again": "new-password"}


def open_form(lang: str) -> None:
    """Ask for the present password and twice for another, above the page."""
    st.dialog(t("access.own_password", lang))(_form)(lang)


def required_form(lang: str) -> None:
    """Ask for the same in the page itself: somebody else has seen the present password."""
    st.subheader(t("access.own_password", lang), anchor=False)
    st.markdown(t("access.handed", lang))
    with st.container(width=420):
        st.fragment(_form)(lang)


def _form(lang: str) -> None:
    tries = st.session_state.setdefault("own_password_tries", 0)
    keys = [f"own_password_{name}_{tries}" for name in _FIELDS]  # new ones for every try
    with st.form("own_password_form", border=False):
        present, new, again = (
            st.text_input(
                t(f"access.own_password_{name}", lang), key=key, type="password",
                max_chars=LONGEST, autocomplete=kind,
            )
            for key, (name, kind) in zip(keys, _FIELDS.items(), strict=True)
        )  # fmt: skip
        st.caption(t("access.own_password_rule", lang, shortest=SHORTEST))
        sent = st.form_submit_button(t("access.own_password_now", lang), type="primary")
    if sent and present and new:
        st.session_state["own_password_tries"] = tries + 1
        for key in keys:
            del st.session_state[key]
        st.session_state["own_password_told"] = _changed(lang, present, new, again)
        st.rerun(scope="fragment")
    told = st.session_state.pop("own_password_told", None)
    if told:
        st.error(told, icon=":material/lock:")


def _changed(lang: str, present: str, new: str, again: str) -> str | None:
    """What is wrong; None where the password was changed and the browser goes for its cookie."""
    store, token = settings.load(), visitor.token()
    if new != again:
        return t("access.differ", lang)
    try:
        outcome = sign_in.changed(store, token or "", present, new, browser.address())
    except DashboardError as error:
        return error.text(lang)
    if isinstance(outcome, str):
        notices.leave(outcome, "access.own_password_done")
        browser.fetch_cookie(store, outcome)
        st.stop()
    key, values = browser.refusal(outcome, "access.wrong_present")
    return t(key, lang, **values)
