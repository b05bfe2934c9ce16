"""The people who use the dashboard, and who of them is at the running page."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from app import areas, settings

Role = Literal["public", "viewer", "analyst", "reviewer", "administrator"]
ROLES: tuple[Role, ...] = ("public", "viewer", "analyst", "reviewer", "administrator")
VISITOR = "visitor"  # under this name the door tells a page's session who it is for
LOCAL = "local"


@dataclass(frozen=True)
class Person:
    """Someone who may use the dashboard, their role, and what the role is for.

    `scopes` are codes of areas, cities or regions, or that of the province; no `datasets` are all.
    """

    id: str
    name: str
    role: Role
    scopes: tuple[str, ...]
    datasets: tuple[str, ...]


def local() -> Person:
    """The user of the machine itself, who may do everything."""
    return Person(LOCAL, LOCAL, "administrator", (areas.PROVINCE,), ())


def is_loopback(address: str | None) -> bool:
    """Whether an address to listen on is reached from this machine alone."""
    host = "127.0.0.1" if address == "localhost" else (address or "").strip("[]")
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def current() -> Person | None:
    """The person of the running page, judged anew at each call; None where nobody is signed in."""
    import streamlit as st  # not at the top: what commands and the intake need draws nothing

    from app.access import sessions

    store = settings.load()
    if store.access.mode == LOCAL:
        return local() if _is_local() else None
    token = st.user.get(VISITOR)
    return sessions.person(store, token) if isinstance(token, str) else None


def visitor() -> Callable[[], Person | None]:
    """Asks again later, outside the page, who its person is, as long as the session lasts."""
    import streamlit as st

    from app.access import sessions

    store = settings.load()
    if store.access.mode == LOCAL:
        person = current()
        return lambda: person
    token = st.user.get(VISITOR)
    return lambda: sessions.person(store, token) if isinstance(token, str) else None


def _is_local() -> bool:
    # A page that runs without a server, as a test does, is reached by nobody else.
    import streamlit as st
    from streamlit import runtime

    return not runtime.exists() or is_loopback(st.get_option("server.address"))
