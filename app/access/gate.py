"""The first thing every page does: see who is there, and ask those who are not signed in."""

from __future__ import annotations

from urllib.parse import urlencode, urlsplit

import streamlit as st
from streamlit import runtime
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.scriptrunner_utils.script_run_context import get_script_run_ctx

from app import choices, menu, publication, settings
from app.access import accounts, audit, door, modes, people, rights, sessions, sign_in
from app.access.people import LOCAL, VISITOR, Person
from app.audience import INSIDE
from app.i18n import t
from app.settings import Settings

# In the empty band above the page, so that the line takes no room from it; on a phone the band is
# below the finder.
_STYLE = """<style>
[data-testid=stLayoutWrapper]:has(> .st-key-who) {position: absolute; top: 0; z-index: 1}
.st-key-who {min-height: 1.5rem; flex-wrap: nowrap; white-space: nowrap}
.st-key-who * {margin: 0; line-height: 1.5rem; min-height: 0}
.st-key-who p {font-size: .8rem; overflow: hidden; text-overflow: ellipsis}
.st-key-who button {padding: 0}
@media (max-width: 640px) {
  [data-testid=stLayoutWrapper]:has(> .st-key-who) {top: 3.7rem; width: calc(100% - 2rem)}
}
</style>"""


def required(lang: str) -> Person:
    """The person at this page; where there is none the page ends here, with how to sign in."""
    person = people.current()
    if person is None:
        _ask(lang)
        st.stop()
    _say_who(person, lang)
    return person


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
        if store.access.mode != "gateway":  # a gateway signs its people out itself
            st.button(
                t("access.sign_out", lang), on_click=_sign_out, key="sign_out", type="tertiary"
            )


def _sign_out() -> None:
    store, token = settings.load(), st.user.get(VISITOR)
    if isinstance(token, str):
        sessions.end(store, token)
    if store.access.mode == "oidc":
        st.logout()
    else:
        _go(door.LEAVE)


def _ask(lang: str) -> None:
    store = settings.load()
    choices.language_switch(lang)
    st.title(menu.name(lang), anchor=False)
    mode = store.access.mode
    token = st.user.get(VISITOR)
    session = sessions.read(store, token) if isinstance(token, str) else None
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
        st.error(t("access.not_listed", lang, name=session.account))
    else:
        st.error(t("access.gateway_silent", lang))


def _ask_provider(store: Settings, session: sessions.Session | None, lang: str) -> None:
    if session is not None and _is_listed(store, session):
        st.info(t("access.over", lang))
    elif session is not None or st.user.get("is_logged_in"):
        if session is not None:
            st.error(t("access.not_listed", lang, name=session.account))
        else:
            st.error(t("access.no_claim", lang, claim=store.access.oidc_claim))
        st.button(t("access.sign_out", lang), on_click=_sign_out, key="sign_out")
    st.button(t("access.sign_in", lang), on_click=st.login, key="sign_in", type="primary")


def _is_listed(store: Settings, session: sessions.Session) -> bool:
    account = accounts.found(store, session.account, "oidc")
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
    if sent and name and password:
        st.session_state["sign_in_tries"] = tries + 1
        del st.session_state[field]
        _answer(sign_in.tried(store, name, password), store)
        st.rerun()
    told = st.session_state.pop("sign_in_told", None)
    if told is not None:
        key, values = told
        st.error(t(key, lang, **values), icon=":material/lock:")


def _answer(outcome: str | float | None, store: Settings) -> None:
    """Send the browser for its cookie, or keep what to say in the next run."""
    if isinstance(outcome, str):
        query = urlencode(st.query_params.to_dict(), doseq=True)
        back = (urlsplit(st.context.url or "").path or "/") + (f"?{query}" if query else "")
        browser = st.context.cookies.get(door.BROWSER_COOKIE, "")
        st.session_state["sign_in_told"] = None
        _go(f"{door.ENTER}?ticket={sessions.ticket(store, outcome, browser, back)}")
        st.stop()
    elif outcome is None:
        st.session_state["sign_in_told"] = "access.wrong", {}
    else:
        st.session_state["sign_in_told"] = "access.wait", {"seconds": int(outcome) + 1}


def _go(path: str) -> None:
    """Send the browser to an address of the door, the way st.login sends it to a provider."""
    context = get_script_run_ctx()
    if context is not None:
        base = str(st.get_option("server.baseUrlPath")).strip("/")
        message = ForwardMsg()
        message.auth_redirect.url = (f"/{base}" if base else "") + path
        context.enqueue(message)
