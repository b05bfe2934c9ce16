"""The first thing every page does: see who is there, and ask those who are not signed in."""

from __future__ import annotations

import logging

import streamlit as st
from streamlit import runtime

from app import choices, menu, publication, settings
from app.access import (
    arrivals,
    audit,
    browser,
    door,
    modes,
    notices,
    own_password,
    private,
    rights,
    roster,
    sessions,
    sign_in,
    visitor,
)
from app.access.people import LOCAL, Person
from app.audience import INSIDE
from app.errors import DashboardError, StoreBusy, StoreUnavailable
from app.i18n import t
from app.settings import Settings

_log = logging.getLogger(__name__)
# In the empty band above the page, so that the line takes no room from it; on a phone the band is
# below the finder.
_STYLE = """<style>
[data-testid=stMainBlockContainer] {position: relative}
[data-testid=stLayoutWrapper]:has(> .st-key-who) {
  position: absolute; top: 0; z-index: 1;
  width: calc(100% - 2 * var(--edge)); --edge: 5rem;  /* the page's own margins */
}
@media (max-width: 820px) {[data-testid=stLayoutWrapper]:has(> .st-key-who) {--edge: 1rem}}
.st-key-who {min-height: 1.5rem; flex-wrap: nowrap; white-space: nowrap}
.st-key-who * {margin: 0; line-height: 1.5rem; min-height: 0}
.st-key-who p {font-size: .8rem; overflow: hidden; text-overflow: ellipsis}
.st-key-who > :first-child, .st-key-who > :first-child * {min-width: 0}
.st-key-who > :not(:first-child) {flex-shrink: 0}
.st-key-who button {padding: 0}
@media (max-width: 640px) {
  [data-testid=stLayoutWrapper]:has(> .st-key-who) {top: 3.7rem}
  .st-key-who {gap: .6rem}
}
</style>"""


def required(lang: str) -> Person:
    """The person at this page; where there is none the page ends here, with how to sign in.

    It ends too for who signed in with a password that was made for them, until they changed it.
    """
    head = st.container()
    try:
        person = visitor.current()
        if person is None:
            _ask(lang)
    except (StoreBusy, StoreUnavailable) as error:
        person = None
        _say_unusable(error, lang)
    if person is None:
        with head:
            choices.language_switch(lang)
            st.title(menu.name(lang), anchor=False)
        st.stop()
    _enter(person)
    if _is_handed(person):
        with head:
            choices.language_switch(lang)
            st.title(menu.name(lang), anchor=False)
        own_password.required_form(lang)
        st.button(t("access.sign_out", lang), on_click=_sign_out, key="sign_out", type="tertiary")
        st.stop()
    _say_who(person, lang)
    _say_what_changed(person, lang)
    return person


def _is_handed(person: Person) -> bool:
    """Whether someone signed in with a password that was made for them."""
    store = settings.load()
    if store.access.mode != "accounts":
        return False
    account = roster.found(store, person.id, "password")
    return account is not None and account.handed


def _enter(person: Person) -> None:
    """Enter in the audit whom the provider or the gateway let in, once a session."""
    store, token = settings.load(), visitor.token()
    if store.access.mode not in ("oidc", "gateway") or st.session_state.get("arrived") == token:
        return
    session = None if token is None else sessions.read(store, token)
    if session is not None:
        arrivals.came_in(store, session, person)
        st.session_state["arrived"] = token


def _say_unusable(error: DashboardError, lang: str) -> None:
    """Say which file of sign-in can't be used and how to mend it; where it is stands in the log."""
    _log.error("%s", private.told(error, "en"))
    st.error(t("access.unusable_now", lang), icon=":material/lock:")
    st.markdown(t("access.for_administrator", lang, what=private.told(error, lang)))


def _say_what_changed(person: Person, lang: str) -> None:
    """Say why the page opened anew, as where the role was changed while it was open."""
    token = visitor.token()
    key = None if token is None else notices.take(token)
    if key is not None:
        role = t(f"access.role_{person.role}", lang)
        st.toast(t(key, lang, role=role), icon=":material/lock:", duration="infinite")


def seen(person: Person, page: str) -> None:
    """Enter in the audit that someone sees a page with inside data, once a session for each."""
    if settings.load().access.mode == LOCAL or not rights.may(person, "see"):
        return
    pages = st.session_state.setdefault("audit_seen", set())
    if page not in pages:
        pages.add(page)
        audit.record("view", person, page=page or "overview")


def _say_who(person: Person, lang: str) -> None:
    """The line on every page that says who uses it, and the way out."""
    store = settings.load()
    st.html(_STYLE)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="who"):
        own = False
        role = t(f"access.role_{person.role}", lang)
        inside = rights.may(person, "see") and choices.audience() == INSIDE
        kind = t("access.inside" if inside else "access.outside", lang)
        local = store.access.mode == LOCAL
        who = t("access.signed_in", lang, name=person.name, role=role)
        st.caption(f"**{kind}**", width="content")
        publication.switch(person, lang)
        st.caption(t("access.local", lang) if local else who, width="content")
        if local:
            return
        if store.access.mode == "accounts":
            own = st.button(t("access.own_password", lang), key="own_password", type="tertiary")
        if store.access.mode != "gateway":  # a gateway signs its people out itself
            st.button(
                t("access.sign_out", lang), on_click=_sign_out, key="sign_out", type="tertiary"
            )
    if own:
        own_password.open_form(lang)


def _sign_out() -> None:
    store, token = settings.load(), visitor.token()
    person = visitor.current()
    if token is not None:
        sessions.end(store, token)
    if person is not None:
        audit.record("sign_out", person)
    if store.access.mode == "oidc":
        st.logout()
    else:
        browser.go(door.LEAVE)


def _ask(lang: str) -> None:
    store = settings.load()
    mode = store.access.mode
    token = visitor.token()
    session = None if token is None else sessions.read(store, token)
    if mode not in modes.MODES or store.access.hours <= 0:
        st.error(t("access.unknown_mode", lang, name=mode, names=", ".join(modes.MODES)))
    elif mode == LOCAL:
        st.error(t("access.only_here", lang))
    elif runtime.exists() and door.HEADER not in st.get_option("server.trustedUserHeaders"):
        st.error(t("access.needs_serve", lang))
    elif mode == "accounts":
        _ask_password(store, lang)
    elif mode == "oidc":
        _ask_provider(store, session, lang)
    elif session is not None:
        arrivals.was_refused(store, session.account)
        st.error(t("access.not_listed", lang, name=session.account))
    else:
        st.error(t("access.gateway_silent", lang))


def _ask_provider(store: Settings, session: sessions.Session | None, lang: str) -> None:
    if session is not None and _is_listed(store, session):
        st.info(t("access.over", lang))
    elif session is not None or st.user.get("is_logged_in"):
        arrivals.was_refused(store, session.account if session else None)
        if session is not None:
            st.error(t("access.not_listed", lang, name=session.account))
        else:
            st.error(t("access.no_claim", lang, claim=store.access.oidc_claim))
        st.button(t("access.sign_out", lang), on_click=_sign_out, key="sign_out")
    st.button(t("access.sign_in", lang), on_click=st.login, key="sign_in", type="primary")


def _is_listed(store: Settings, session: sessions.Session) -> bool:
    account = roster.found(store, session.account, "oidc")
    return account is not None and not account.disabled


def _ask_password(store: Settings, lang: str) -> None:
    tries = st.session_state.setdefault("sign_in_tries", 0)
    with st.form("sign_in", width=420, enter_to_submit=True):
        name = st.text_input(
            t("access.name", lang), key="sign_in_name", max_chars=200, autocomplete="username"
        )
        field = f"sign_in_password_{tries}"  # a new one for every try, so that none keeps any
        password = st.text_input(
            t("access.password", lang), key=field, type="password",
            max_chars=200, autocomplete="current-password",
        )  # fmt: skip
        sent = st.form_submit_button(t("access.sign_in", lang), type="primary")
    st.caption(t("access.no_account", lang))
    if sent and name and password:
        st.session_state["sign_in_tries"] = tries + 1
        del st.session_state[field]
        _answer(sign_in.tried(store, name, password, browser.address()), store)
        st.rerun()
    told = st.session_state.pop("sign_in_told", None)
    if told is not None:
        key, values = told
        st.error(t(key, lang, **values), icon=":material/lock:")


def _answer(outcome: str | float | None, store: Settings) -> None:
    """Send the browser for its cookie, or keep what to say in the next run."""
    if isinstance(outcome, str):
        st.session_state["sign_in_told"] = None
        browser.fetch_cookie(store, outcome)
        st.stop()
    st.session_state["sign_in_told"] = browser.refusal(outcome, "access.wrong")
