"""Streamlit's own scripts, styles and first page, compressed and in our language."""

from __future__ import annotations

import base64
import hashlib
import re
from email.utils import formatdate
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app import assets
from app.server.addresses import Addresses
from app.server.sendable import ALWAYS_ASK, FOREVER, Sendable

# The parts of the bundle every page with a chart, a table and a headline figure asks for. They are
# announced in the first HTML, so that the browser fetches them while the first run is computed.
_ANNOUNCED = ("BidiComponent.", "DataFrame.", "arrowFormatUtils.", "Metric.")
_WEB_FONT = re.compile(rb"\s*<link\s+rel=\"preload\"[^>]*as=\"font\"[^>]*/>")
_INLINE_SCRIPT = re.compile(rb"<script>(.*?)</script>", re.DOTALL)


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
        self._ready: dict[str, Sendable] = {}
        index = (folder / "index.html").read_bytes()
        # Survives compression on the way, which length and ETag do not.
        self._index_modified = formatdate((folder / "index.html").stat().st_mtime, usegmt=True)
        self._first = _first_page(index, lang, [path.name for path in self._files.values()])
        self._first_page = Sendable.of(self._first, ".html")

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

    def _served(self, name: str) -> Sendable:
        # Two threads may compress the same file at once; waiting for each other would cost more.
        if name not in self._ready:
            path = self._files[name]
            self._ready[name] = Sendable.of(path.read_bytes(), path.suffix)
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


class BundleFirst:
    """Answers for the bundle's files before Streamlit's uncompressed handler sees the request."""

    def __init__(self, app: ASGIApp, bundle: Bundle, addresses: Addresses | None = None) -> None:
        self.app = app
        self.bundle = bundle
        self.addresses = addresses

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
                    response = self._first_page(scope, headers)
                if response is None:
                    await send(message)

            await self.app(scope, receive, unless_first_page)
        if response is not None:
            await response(scope, receive, send)

    def _first_page(self, scope: Scope, headers: Headers) -> Response:
        if self.addresses is not None:
            query = scope["query_string"].decode("latin-1")
            elsewhere = self.addresses.elsewhere(scope["path"], query, headers)
            if elsewhere is not None:
                return elsewhere
        return self.bundle.first_page(headers)
