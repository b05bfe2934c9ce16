"""Serves the dashboard: Streamlit's app on uvicorn, with compression, caching and safe headers.

The only module that knows how the pages reach a browser; it draws nothing.
"""

from __future__ import annotations

import asyncio
import base64
import gc
import gzip
import hashlib
import importlib
import ipaddress
import mimetypes
import os
import pkgutil
import re
import socket
import sys
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from email.utils import formatdate
from pathlib import Path
from typing import Any

import streamlit as st
import uvicorn
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import config as streamlit_config
from streamlit import file_util
from streamlit.runtime.pages_manager import PagesManager

from app import assets, settings
from app.access import modes, sessions
from app.access.door import HEADER, Door
from app.access.people import LOCAL, VISITOR
from app.errors import ServeRefused
from app.i18n import t
from app.settings import Settings

DASHBOARD = settings.ROOT / "dashboard.py"

# Streamlit names each bundle file after its content, so a cached one is never out of date.
FOREVER = "public, max-age=31536000, immutable"
# Long enough for one visit, short enough that new boundaries show the same day.
BRIEFLY = "public, max-age=300, must-revalidate"
ALWAYS_ASK = "no-cache"

_COMPRESSIBLE = {
    ".js",
    ".css",
    ".json",
    ".geojson",
    ".topojson",
    ".svg",
    ".html",
    ".txt",
}
_MEDIA_TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".geojson": "application/geo+json",
    ".topojson": "application/json",
}
# The parts of the bundle every page with a chart, a table and a headline figure asks for. They are
# announced in the first HTML, so that the browser fetches them while the first run is computed.
_ANNOUNCED = ("BidiComponent.", "DataFrame.", "arrowFormatUtils.", "Metric.")
_WEB_FONT = re.compile(rb"\s*<link\s+rel=\"preload\"[^>]*as=\"font\"[^>]*/>")
_INLINE_SCRIPT = re.compile(rb"<script>(.*?)</script>", re.DOTALL)


@dataclass(frozen=True)
class _Served:
    """One file ready to send: its bytes plain and gzipped (None where that saves nothing)."""

    body: bytes
    gzipped: bytes | None
    etag: str
    media_type: str

    @classmethod
    def of(cls, body: bytes, suffix: str, level: int = 6) -> _Served:
        gzipped = gzip.compress(body, level, mtime=0) if suffix in _COMPRESSIBLE else None
        guess = mimetypes.types_map.get(suffix, "application/octet-stream")
        return cls(
            body,
            gzipped,
            hashlib.sha256(body).hexdigest()[:20],
            _MEDIA_TYPES.get(suffix, guess),
        )

    def response(self, headers: Headers, cache_control: str) -> Response:
        """Answer one GET: 304 where the browser holds this version, gzip where it takes it."""
        compress = self.gzipped is not None and "gzip" in headers.get("accept-encoding", "")
        etag = f'"{self.etag}{"-gz" if compress else ""}"'
        answer = {
            "Cache-Control": cache_control,
            "ETag": etag,
            "Vary": "Accept-Encoding",
        }
        held = {
            tag.strip().removeprefix("W/") for tag in headers.get("if-none-match", "").split(",")
        }
        if etag in held or "*" in held:
            return Response(status_code=304, headers=answer)
        if compress:
            answer["Content-Encoding"] = "gzip"
        return Response(
            self.gzipped if compress else self.body,
            headers=answer,
            media_type=self.media_type,
        )


class Bundle:
    """Streamlit's own scripts, styles and first page, compressed once and kept in memory.

    `folder` is the folder of the installed bundle, `base` the path the app is served under
    (empty, or starting with a slash). Only files found at the start are served, so that no path
    of a request ever reaches the disk.
    """

    def __init__(self, folder: Path, base: str = "", lang: str = "zh") -> None:
        self._files = {
            f"{base}/{path.relative_to(folder).as_posix()}": path
            for path in sorted((folder / "static").rglob("*"))
            if path.suffix in {".js", ".css"}
        }
        self._ready: dict[str, _Served] = {}
        index = (folder / "index.html").read_bytes()
        # Survives compression on the way, which length and ETag do not.
        self._index_modified = formatdate((folder / "index.html").stat().st_mtime, usegmt=True)
        self._first = _first_page(index, lang, [path.name for path in self._files.values()])
        self._first_page = _Served.of(self._first, ".html")

    @property
    def inline_scripts(self) -> list[str]:
        """The content-security hashes of the scripts written inside the first page."""
        return [
            "'sha256-" + base64.b64encode(hashlib.sha256(script).digest()).decode() + "'"
            for script in _INLINE_SCRIPT.findall(self._first)
        ]

    def compress_all(self) -> None:
        """Compress every file not asked for yet; what the first page names comes first."""
        names = sorted(
            self._files,
            key=lambda name: (Path(name).name.encode() not in self._first, name),
        )
        for name in names:
            self._served(name)

    def _served(self, name: str) -> _Served:
        # Two threads may compress the same file at once; waiting for each other would cost more.
        if name not in self._ready:
            path = self._files[name]
            self._ready[name] = _Served.of(path.read_bytes(), path.suffix)
        return self._ready[name]

    async def file(self, path: str, headers: Headers) -> Response | None:
        """The answer to a GET of `path`, or None where it is not a file of the bundle."""
        if path not in self._files:
            return None
        served = self._ready.get(path)
        if served is None:
            served = await run_in_threadpool(self._served, path)
        return served.response(headers, FOREVER)

    def is_first_page(self, start: Message) -> bool:
        """Whether an answer of Streamlit's begins its index.html, which it sends for any page."""
        headers = Headers(raw=start["headers"])
        return (
            start["status"] == 200
            and headers.get("content-type", "").startswith("text/html")
            and headers.get("last-modified") == self._index_modified
        )

    def first_page(self, headers: Headers) -> Response:
        """The answer with the first page in place of Streamlit's index.html."""
        return self._first_page.response(headers, ALWAYS_ASK)


def _first_page(index: bytes, lang: str, bundle: list[str]) -> bytes:
    """Streamlit's index.html in our language, without its web font, announcing later scripts."""
    page = _WEB_FONT.sub(b"", index)
    page = page.replace(
        b'<html lang="en">',
        b'<html lang="zh-CN">' if lang == "zh" else b'<html lang="en">',
    )
    links = [
        f'<link rel="modulepreload" crossorigin href="./static/js/{name}">'
        for name in bundle
        if name.startswith(_ANNOUNCED) and name.endswith(".js")
    ]
    links += [
        f'<link rel="preload" as="script" href="./app/static/{assets.library()}">',
        f'<link rel="modulepreload" href="./app/static/{assets.script()}">',
    ]
    return page.replace(b"</head>", "\n".join([*links, "</head>"]).encode(), 1)


class _BundleMiddleware:
    """Answers for the bundle's files before Streamlit's uncompressed handler sees the request."""

    def __init__(self, app: ASGIApp, bundle: Bundle) -> None:
        self.app = app
        self.bundle = bundle

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] not in {"GET", "HEAD"}:
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        response = await self.bundle.file(scope["path"], headers)
        if response is None:

            async def unless_first_page(message: Message) -> None:
                nonlocal response
                if message["type"] == "http.response.start" and self.bundle.is_first_page(message):
                    response = self.bundle.first_page(headers)
                if response is None:
                    await send(message)

            await self.app(scope, receive, unless_first_page)
        if response is not None:
            await response(scope, receive, send)


class _SafeHeaders:
    """Adds the headers that keep a browser from loading, framing or leaking anything elsewhere."""

    def __init__(self, app: ASGIApp, policy: str) -> None:
        self.app = app
        self.headers = {
            "Content-Security-Policy": policy,
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "same-origin",
            "X-Frame-Options": "SAMEORIGIN",
            "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(self.headers)
            await send(message)

        await self.app(scope, receive, with_headers)


def content_policy(inline_scripts: list[str]) -> str:
    """The content-security policy: everything from this server, nothing from elsewhere.

    Styles may be inline because Streamlit and Plotly write them at run time; scripts may not,
    but for those named by hash. Streamlit's decoder of messages compiles a little WebAssembly, and
    it starts a component, as our figures are, from a script of its own making (blob:).
    """
    return "; ".join(
        [
            "default-src 'self'",
            " ".join(["script-src 'self' 'wasm-unsafe-eval' blob:", *inline_scripts]),
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "media-src 'self' blob:",
            "connect-src 'self'",
            "worker-src 'self' blob:",
            "frame-src 'self'",
            "frame-ancestors 'self'",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
        ]
    )


class _StaticFiles:
    """The files under static/, revalidated by content and compressed once a version."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()
        self._held: dict[Path, tuple[tuple[int, int], _Served]] = {}

    def _load(self, relative: str) -> _Served:
        path = (self._folder / relative).resolve()
        if not path.is_relative_to(self._folder) or not path.is_file():
            raise HTTPException(404)
        status = path.stat()
        version = (status.st_mtime_ns, status.st_size)
        held = self._held.get(path)
        if held is None or held[0] != version:
            held = self._held[path] = (
                version,
                _Served.of(path.read_bytes(), path.suffix, 9),
            )
        return held[1]

    async def answer(self, request: Request) -> Response:
        """Answer a GET below app/static; HTTPException 404 for what is not a file there."""
        path = request.path_params["path"]
        served = await run_in_threadpool(self._load, path)
        versioned = path in assets.names()
        return served.response(request.headers, FOREVER if versioned else BRIEFLY)

    def compress(self) -> None:
        """Compress the largest file before the first visitor asks for it."""
        with suppress(HTTPException):
            self._load(assets.library())


def _warm_start(warm: Callable[[], None] | None) -> None:
    """Import what the first run would import, then put it out of the garbage collector's sight.

    Streamlit collects all generations after every run; frozen objects are not walked again.
    """
    from streamlit import proto

    for name in ("pandas", "plotly.graph_objects", "plotly.io", "pyarrow", "duckdb"):
        importlib.import_module(name)
    for module in pkgutil.iter_modules(proto.__path__, "streamlit.proto."):
        importlib.import_module(module.name)
    # Until a first run has called st.navigation, Streamlit takes the folder pages/ for its old kind
    # of menu and tells whoever opens a deep link that there is no such page.
    PagesManager.uses_pages_directory = False
    if warm is not None:
        warm()
    gc.collect()
    gc.freeze()


def build_app(script: Path = DASHBOARD, warm: Callable[[], None] | None = None) -> st.App:
    """The ASGI app of the dashboard whose entry file is `script`.

    `warm` runs once in a thread before the first request is answered, when Streamlit's caches
    already work. Static files come from the folder `static` beside the script.
    """
    # Makes the configuration beside the script count from any working directory, as it does
    # under `streamlit run`.
    streamlit_config._main_script_path = str(script)
    streamlit_config.get_config_options(force_reparse=True)
    store = settings.load()
    if store.access.mode != LOCAL:
        # Streamlit's own cookies stay good over a restart, and its pages hear who the visitor is.
        streamlit_config.set_option("server.cookieSecret", sessions.secret(store))
        streamlit_config.set_option("server.trustedUserHeaders", {HEADER: VISITOR})
    base = streamlit_config.get_option("server.baseUrlPath").strip("/")
    base = f"/{base}" if base else ""
    bundle = Bundle(Path(file_util.get_static_dir()), base, store.lang)

    static = _StaticFiles(script.parent / "static")

    @asynccontextmanager
    async def lifespan(_: st.App) -> AsyncIterator[None]:
        # Compression runs beside the imports: it holds no lock of the interpreter.
        for name, compress in (("static", static.compress), ("bundle", bundle.compress_all)):
            threading.Thread(target=compress, name=name, daemon=True).start()
        await asyncio.to_thread(_warm_start, warm)
        yield

    return st.App(
        script,
        secrets=_secrets(store),
        lifespan=lifespan,
        routes=[Route(f"{base}/app/static/{{path:path}}", static.answer)],
        middleware=[
            Middleware(_SafeHeaders, policy=content_policy(bundle.inline_scripts)),
            Middleware(Door, base=base),
            Middleware(_BundleMiddleware, bundle=bundle),
        ],
    )


def _secrets(store: Settings) -> dict[str, Any] | None:
    """What st.login needs; nothing where nobody signs in that way."""
    if store.access.mode != "oidc":
        return None
    from app.access import provider

    return {"auth": provider.configuration(store)}


def _listen(port: int, address: str) -> socket.socket:
    """A listening socket, or ServeRefused with the reason there is none."""
    host = "127.0.0.1" if address == "localhost" else address.strip("[]")
    try:
        ipaddress.ip_address(host)
    except ValueError as error:
        raise ServeRefused("serve.no_address", address=address) from error
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    try:
        # On Windows this option would let two servers share one port.
        if os.name != "nt":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(256)
    except (OSError, OverflowError) as error:
        listener.close()
        raise ServeRefused("serve.port_in_use", port=port, address=address) from error
    listener.setblocking(False)
    return listener


class _Server(uvicorn.Server):
    """Says where the dashboard is once it answers."""

    ready_line = ""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            print(self.ready_line, flush=True)


def serve(port: int, address: str, warm: Callable[[], None] | None = None) -> None:
    """Serve the dashboard until interrupted, and print its URL when it is ready.

    `warm` is called once before the first visitor, to fill what all sessions share. Raises
    ServeRefused for an address that others reach while no way of signing in is set up, a port that
    is taken, or an installation without its static files.
    """
    store = settings.load()
    modes.check(store, address)
    lang = store.lang
    listener = _listen(port, address)
    try:
        port = listener.getsockname()[1]
        if str(settings.ROOT) not in sys.path:
            sys.path.insert(0, str(settings.ROOT))
        app = build_app(warm=warm)
        _tell_streamlit(port, address, store)
        url = f"http://{f'[{address}]' if ':' in address else address}:{port}"
        server = _Server(uvicorn.Config(app, **_uvicorn_options()))
        server.ready_line = t("serve.ready", lang, url=url)
        server.run(sockets=[listener])
    finally:
        listener.close()


def _tell_streamlit(port: int, address: str, store: Settings) -> None:
    """Let Streamlit's own checks of origin and host know where it is served."""
    streamlit_config.set_option("server.port", port)
    streamlit_config.set_option("server.address", address)
    # A page elsewhere whose name is made to point at this machine must not open a session.
    if not streamlit_config.is_manually_set("server.allowedHosts"):
        hosts = ["localhost", "127.0.0.1", "::1"]
        if named := modes.host(store):
            hosts.append(named)
        streamlit_config.set_option("server.allowedHosts", hosts)
    # A gateway may ask for our own name on behalf of a page under the name that readers type.
    if store.access.url and not streamlit_config.is_manually_set("server.corsAllowedOrigins"):
        streamlit_config.set_option("server.corsAllowedOrigins", [store.access.url])


def _uvicorn_options() -> dict[str, Any]:
    """Uvicorn's settings, with the message size Streamlit expects of its websocket."""
    return {
        # uvloop and httptools where they are installed; Windows has neither.
        "loop": "auto",
        "http": "auto",
        "ws": "websockets-sansio",
        "ws_max_size": streamlit_config.get_option("server.maxMessageSize") * 1_000_000,
        "ws_per_message_deflate": False,
        "access_log": False,
        "log_level": "warning",
        "server_header": False,
        "proxy_headers": False,  # or a header could pretend which machine asks
        "timeout_graceful_shutdown": 2,
    }
