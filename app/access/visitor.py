"""The visitor of the running page, by the session that the door tells it of."""

from __future__ import annotations

from collections.abc import Callable

from app import settings
from app.access import modes, people, sessions
from app.access.people import LOCAL, Person

# Streamlit is imported where a page runs: what commands and the intake need draws nothing.

VISITOR = "visitor"  # under this name the door tells a page's session who it is for


def current() -> Person | None:
    """The person of the running page, judged anew at each call; None where nobody is signed in."""
    store = settings.load()
    if store.access.mode == LOCAL:
        return people.local() if _is_local() else None
    signed = token()
    return None if signed is None else sessions.person(store, signed)


def later() -> Callable[[], Person | None]:
    """Asks again later, outside the page, who its person is, as long as the session lasts."""
    store = settings.load()
    if store.access.mode == LOCAL:
        person = current()
        return lambda: person
    signed = token()
    return lambda: None if signed is None else sessions.person(store, signed)


def token() -> str | None:
    """The signed session of the running page, whether or not it still runs; None without one."""
    import streamlit as st

    signed = st.user.get(VISITOR)
    return signed if isinstance(signed, str) else None


def _is_local() -> bool:
    # A page that runs without a server, as a test does, is reached by nobody else.
    import streamlit as st
    from streamlit import runtime

    return not runtime.exists() or modes.is_loopback(st.get_option("server.address"))
