"""What the pages of sign-in ask of the door and tell the browser (Streamlit)."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode, urlsplit

import streamlit as st
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.scriptrunner_utils.script_run_context import get_script_run_ctx

from app.access import door, sessions
from app.settings import Settings


def address() -> str:
    """Where the visitor of the page comes from, as the door judged it; empty without a server."""
    return st.context.headers.get(door.ADDRESS_HEADER) or ""


def fetch_cookie(store: Settings, token: str) -> None:
    """Send the browser to the door for the cookie of a session, and back to where it is."""
    query = urlencode(st.query_params.to_dict(), doseq=True)
    back = (urlsplit(st.context.url or "").path or "/") + (f"?{query}" if query else "")
    name = st.context.cookies.get(door.BROWSER_COOKIE, "")
    go(f"{door.ENTER}?ticket={sessions.ticket(store, token, name, back)}")


def go(path: str) -> None:
    """Send the browser to an address of the door, the way st.login sends it to a provider."""
    context = get_script_run_ctx()
    if context is not None:
        base = str(st.get_option("server.baseUrlPath")).strip("/")
        message = ForwardMsg()
        message.auth_redirect.url = (f"/{base}" if base else "") + path
        context.enqueue(message)


def refusal(outcome: float | None, wrong: str) -> tuple[str, dict[str, Any]]:
    """What to say of a try that was wrong or must wait: the key of a text and its values."""
    return (wrong, {}) if outcome is None else ("access.wait", {"seconds": int(outcome) + 1})
