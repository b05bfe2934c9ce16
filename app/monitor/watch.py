"""Answers those who watch the server, /healthz and /metrics, and counts what comes in (ASGI)."""

from __future__ import annotations

import ipaddress
import json

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app import lake, settings
from app.access import modes
from app.errors import DashboardError
from app.monitor import measures

ALIVE, READY, METRICS = "/healthz/alive", "/healthz", "/metrics"
# what a proxy adds: who asks is then not the machine that the connection comes from
_FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip")


class Watch:
    """Stands before all else; `base` is the path the app is served under."""

    def __init__(self, app: ASGIApp, base: str = "") -> None:
        self.app = app
        self.base = base
        self.watchers = modes.watchers(settings.load())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            with measures.SESSIONS.track_inprogress():
                await self.app(scope, receive, send)
        elif scope["type"] == "http":
            answer = await self._answer(scope)
            await (answer or self.app)(scope, receive, _counted(send))
        else:
            await self.app(scope, receive, send)

    async def _answer(self, scope: Scope) -> Response | None:
        match scope["path"].removeprefix(self.base):
            case path if path == ALIVE:
                return Response("alive\n", media_type="text/plain")
            case path if path == READY:
                return await run_in_threadpool(_ready)
            case path if path == METRICS:
                if not self._may_watch(scope):
                    return Response(status_code=404)
                text = await run_in_threadpool(measures.text)
                return Response(text, media_type="text/plain; version=0.0.4; charset=utf-8")
        return None

    def _may_watch(self, scope: Scope) -> bool:
        headers = Headers(scope=scope)
        if any(name in headers for name in _FORWARDED):
            return False
        try:
            peer = ipaddress.ip_address(scope["client"][0])
        except (TypeError, ValueError):
            return False
        known = getattr(peer, "ipv4_mapped", None) or peer
        return known.is_loopback or any(known in network for network in self.watchers)


def _ready() -> Response:
    """Whether pages can be shown: the server runs, since it answers; the store can be read."""
    reason = ""
    try:
        lake.stamp(settings.load())
        measures.stored()
    except DashboardError as error:
        reason = error.key
    told = {"alive": True, "ready": not reason} | ({"reason": reason} if reason else {})
    return Response(
        json.dumps(told), 503 if reason else 200, {"Cache-Control": "no-store"}, "application/json"
    )


def _counted(send: Send) -> Send:
    async def counting(message: Message) -> None:
        if message["type"] == "http.response.start":
            measures.REQUESTS.labels(f"{message['status'] // 100}xx").inc()
        await send(message)

    return counting
