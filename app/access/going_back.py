"""Back to the page one came from, after the provider has said who one is (ASGI).

Streamlit's own st.login ends at the first page. The browser names the page on its way out; it is
kept in a cookie until the browser comes back.
"""

from __future__ import annotations

import re
from urllib.parse import quote, unquote, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import Response
from starlette.types import Message, Scope, Send

LOGIN, CALLBACK = "/auth/login", "/oauth2callback"
PATH = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]*")  # a path and query of this server and no other
_COOKIE, _SECONDS = "dashboard_back", 900
_LONGEST = 2_000  # characters; browsers keep no cookie of more than 4096


def remembered(scope: Scope, send: Send, url: str, base: str) -> Send:
    """Lets the browser keep the page it leaves to sign in, if it is one of the dashboard at url."""
    left = urlsplit(Headers(scope=scope).get("referer", ""))
    path = left.path + (f"?{left.query}" if left.query else "")
    ours = urlsplit(url)
    if (left.scheme, left.netloc) != (ours.scheme, ours.netloc) or not PATH.fullmatch(path):
        return send
    if len(path) > _LONGEST:
        return send
    made = Response()
    made.set_cookie(
        _COOKIE, quote(path, safe=""), max_age=_SECONDS, path=base or "/", httponly=True,
        samesite="lax",
    )  # fmt: skip

    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message).append("set-cookie", made.headers["set-cookie"])
        await send(message)

    return sent


def returned(scope: Scope, send: Send, base: str) -> Send:
    """Sends the browser on to the page it kept, in place of the first page."""
    path = unquote(HTTPConnection(scope).cookies.get(_COOKIE, ""))
    if not PATH.fullmatch(path):
        return send
    made = Response()
    made.delete_cookie(_COOKIE, path=base or "/")

    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            if headers.get("location") == f"{base}/":
                headers["location"] = path
            headers.append("set-cookie", made.headers["set-cookie"])
        await send(message)

    return sent
