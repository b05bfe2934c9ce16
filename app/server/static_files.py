"""The files under static/, compressed once a version."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from app import assets
from app.server.sendable import BRIEFLY, FOREVER, Sendable


class StaticFiles:
    """The files under static/, revalidated by content and compressed once a version."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()
        self._held: dict[Path, tuple[tuple[int, int], Sendable]] = {}

    def _load(self, relative: str) -> Sendable:
        path = (self._folder / relative).resolve()
        if not path.is_relative_to(self._folder) or not path.is_file():
            raise HTTPException(404)
        status = path.stat()
        version = (status.st_mtime_ns, status.st_size)
        held = self._held.get(path)
        if held is None or held[0] != version:
            held = self._held[path] = (
                version,
                Sendable.of(path.read_bytes(), path.suffix, 9),
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
        with suppress(HTTPException):  # not there before the set-up has run
            self._load(assets.library())
