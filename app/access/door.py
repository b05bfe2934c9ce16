"""The door of the server: who a request is from, and what is open to those not signed in (ASGI).

It tells Streamlit in a header who the visitor is, as a signed token; a header of that name that
comes from outside is thrown away. It closes the connection of a page whose session is over.
"""

from __future__ import annotations

import asyncio
import logging
import re
import secrets
import time
from collections.abc import Iterable

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection, Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from app import settings
from app.access import going_back, modes, notices, origin, private, provider, roster, sessions
from app.access.people import LOCAL, Person
from app.access.sessions import Session
from app.errors import StoreBusy, StoreUnavailable
from app.i18n import t
from app.settings import Settings

HEADER = "X-Dashboard-Visitor"
ADDRESS_HEADER = "X-Dashboard-Address"  # where a visitor comes from, as the door judges it
SESSION_COOKIE, BROWSER_COOKIE = "dashboard_session", "dashboard_browser"
ENTER, LEAVE = "/access/enter", "/access/leave"
LOOK_AGAIN = 15.0  # seconds between two looks at whether an idle page's session still runs
_SESSION_OVER = 1008  # the code of a websocket closed for a breach of policy
# Streamlit's own addresses that tell nothing about data; the rest of its own are for visitors.
_OPEN = re.compile(r"/_stcore/(health|host-config|allowed-message-origins|stream)")
_STREAMLIT = re.compile(r"/(_stcore|media|component)(/|$)")
_log = logging.getLogger(__name__)


class Door:
    """Lets visitors through as the settings say; `base` is the path the app is served under."""

    def __init__(self, app: ASGIApp, base: str = "") -> None:
        self.app = app
        self.base = base
        self.store = settings.load()
        self.proxies = modes.proxies(self.store) if self.store.access.mode != LOCAL else []
        self.secure = self.store.access.url.startswith("https:")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in {"http", "websocket"}:
            await self.app(scope, receive, send)
            return
        if self.store.access.mode == LOCAL:
            await self.app(_told(scope, None, ""), receive, send)
        elif self.store.access.mode == "gateway" and not self._is_proxy(scope):
            await _refuse(scope, receive, send, 403, "access.not_from_gateway", self.store)
        elif scope["type"] == "websocket":
            await self._page(scope, receive, send)
        else:
            await self._request(scope, receive, self._safe(send))

    def _is_proxy(self, scope: Scope) -> bool:
        # The connection itself alone counts: what a request says of its way here can be made up.
        return origin.is_among(origin.peer(scope), self.proxies)

    def _named(self, scope: Scope, token: str | None) -> Scope:
        return _told(scope, token, origin.address(scope, self.proxies))

    def _token(self, scope: Scope) -> str | None:
        """The signed session a request comes with, whether or not it still runs."""
        cookies = HTTPConnection({**scope, "type": "http"}).cookies
        match self.store.access.mode:
            case "accounts":
                return cookies.get(SESSION_COOKIE)
            case "oidc":
                found = provider.session(self.store, cookies)
            case _:
                found = self._named_by_gateway(Headers(scope=scope))
        return None if found is None else sessions.token(self.store, found)

    def _named_by_gateway(self, headers: Headers) -> Session | None:
        named = headers.getlist(self.store.access.gateway_header)
        if len(named) != 1 or not named[0].strip():
            return None  # two would leave it to chance who it is
        account = named[0].encode("latin-1").decode("utf-8", "replace")
        return Session("gateway", roster.plain_id(account), None, None)

    # ------------------------------------------------------------------ requests

    async def _request(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = re.sub("/+", "/", scope["path"].removeprefix(self.base))
        if self.store.access.mode == "accounts" and path in {ENTER, LEAVE}:
            answer = self._entered(Request(scope)) if path == ENTER else self._left(Request(scope))
            await answer(scope, receive, send)
            return
        token = self._token(scope)
        if _STREAMLIT.match(path) and not _OPEN.fullmatch(path):
            if _person(self.store, token) is None:
                await _refuse(scope, receive, send, 401, "access.sign_in_first", self.store)
                return
        if self.store.access.mode == "oidc" and path == going_back.LOGIN:
            send = going_back.remembered(scope, send, self.store.access.url, self.base)
        elif self.store.access.mode == "oidc" and path == going_back.CALLBACK:
            send = going_back.returned(scope, send, self.base)
        await self.app(self._named(scope, token), receive, self._marked(scope, send))

    def _entered(self, request: Request) -> Response:
        """The answer to a ticket: the cookie of the session, and back to the page."""
        shown = request.query_params.get("ticket", "")
        browser = request.cookies.get(BROWSER_COOKIE, "")
        redeemed = sessions.redeemed(self.store, shown, browser)
        known = redeemed and going_back.PATH.fullmatch(redeemed[1])
        back = redeemed[1] if redeemed and known else f"{self.base}/"
        answer = RedirectResponse(back, status_code=303)
        if redeemed:
            self._set(answer, SESSION_COOKIE, redeemed[0], round(self.store.access.hours * 3600))
        answer.headers["Cache-Control"] = "no-store"
        return answer

    def _left(self, request: Request) -> Response:
        """The answer after signing out: without the cookie of the session that is over.

        A session that runs is not touched, so that no link from elsewhere signs anyone out.
        """
        answer = RedirectResponse(f"{self.base}/", status_code=303)
        token = request.cookies.get(SESSION_COOKIE)
        if token is not None and _person(self.store, token) is None:
            answer.delete_cookie(SESSION_COOKIE, path=self.base or "/")
        answer.headers["Cache-Control"] = "no-store"
        return answer

    def _set(self, answer: Response, name: str, value: str, seconds: int | None) -> None:
        answer.set_cookie(
            name, value, max_age=seconds, path=self.base or "/", httponly=True, samesite="lax"
        )

    def _marked(self, scope: Scope, send: Send) -> Send:
        """Gives a browser a name of its own, to which a ticket is bound, with its first page."""
        static = scope["path"].removeprefix(self.base).startswith(("/static/", "/app/static/"))
        cookies = HTTPConnection(scope).cookies
        if self.store.access.mode != "accounts" or static or BROWSER_COOKIE in cookies:
            return send

        async def marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                made = Response()
                self._set(made, BROWSER_COOKIE, secrets.token_urlsafe(16), None)
                MutableHeaders(scope=message).append("set-cookie", made.headers["set-cookie"])
            await send(message)

        return marked

    def _safe(self, send: Send) -> Send:
        """Keeps every cookie, also Streamlit's, to encrypted connections where readers use them."""
        if not self.secure:
            return send

        async def safe(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [
                    (name, value if name != b"set-cookie" else _secured(value))
                    for name, value in message["headers"]
                ]
            await send(message)

        return safe

    # ------------------------------------------------------------------ pages

    async def _page(self, scope: Scope, receive: Receive, send: Send) -> None:
        token = self._token(scope)
        if token is None:
            # Streamlit resumes a page only for the visitor who opened it; this one is nobody.
            await self.app(self._named(scope, token), receive, send)
            return
        watched = _Watched(self.store, token, receive, send)
        await self.app(self._named(scope, token), watched.receive, watched.send)


class _Watched:
    """The connection of a page, closed as soon as its visitor is another than when it opened.

    That is when their session is over, when their role or scope is changed, and for somebody who
    was only told that they are not on the list when they are.
    """

    def __init__(self, store: Settings, token: str, receive: Receive, send: Send) -> None:
        self.store = store
        self.token = token
        self._receive = receive
        self._send = send
        self._person = _person(store, token)
        session = sessions.read(store, token) if self._person else None
        hours = time.time() + store.access.hours * 3600
        # a gateway's sessions have no end of their own: it is asked again after the same time
        self._ends = (session.ends if session else None) or hours
        self._over = False

    def _left(self) -> float:
        return self._ends - time.time()

    def _runs(self) -> bool:
        return self._left() > 0 and _person(self.store, self.token) == self._person

    async def receive(self) -> Message:
        waiting = asyncio.ensure_future(self._receive())
        try:
            while True:
                pause = min(LOOK_AGAIN, max(self._left(), 0) + 0.1)
                done, _ = await asyncio.wait({waiting}, timeout=pause)
                if done and waiting.result()["type"] != "websocket.receive":
                    return waiting.result()
                if not self._runs():
                    return await self._closed()
                if done:
                    return waiting.result()
        finally:
            waiting.cancel()

    async def _closed(self) -> Message:
        """Let the browser open its page anew, which shows the sign-in, and end the connection.

        By itself it would connect again but leave on the screen what is there.
        """
        self._over = True
        if self._person is not None and _person(self.store, self.token) is not None:
            notices.leave(self.token, "access.rights_changed")
        again = ForwardMsg()
        again.auth_redirect.url = ""  # relative to the page itself
        await self._send({"type": "websocket.send", "bytes": again.SerializeToString()})
        await self._send({"type": "websocket.close", "code": _SESSION_OVER})
        return {"type": "websocket.disconnect", "code": _SESSION_OVER}

    async def send(self, message: Message) -> None:
        if not self._over:
            await self._send(message)


def _person(store: Settings, token: str | None) -> Person | None:
    """Whom a token stands for; where that can't be told, as for a damaged list, nobody."""
    try:
        return None if token is None else sessions.person(store, token)
    except (StoreBusy, StoreUnavailable) as error:
        _log.error("%s", private.told(error, "en"))
        return None


def _told(scope: Scope, token: str | None, address: str) -> Scope:
    """The request with who and where its visitor is, in place of what it may itself say of that."""
    ours = {HEADER.lower().encode(), ADDRESS_HEADER.lower().encode()}
    headers: Iterable[tuple[bytes, bytes]] = scope["headers"]
    kept = [(key, value) for key, value in headers if key.lower() not in ours]
    if token is not None:
        kept.append((HEADER.lower().encode(), token.encode("latin-1", "replace")))
    kept.append((ADDRESS_HEADER.lower().encode(), address.encode("ascii", "replace")))
    return {**scope, "headers": kept}


def _secured(cookie: bytes) -> bytes:
    return cookie if b"; secure" in cookie.lower() else cookie + b"; Secure"


async def _refuse(
    scope: Scope, receive: Receive, send: Send, status: int, key: str, store: Settings
) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": _SESSION_OVER})  # before it opens: 403
        return
    text = t(key, store.lang)
    answer = PlainTextResponse(text, status_code=status, headers={"Cache-Control": "no-store"})
    await answer(scope, receive, send)
