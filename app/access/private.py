"""Small JSON documents in the store's folder that only the server's own user may read."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from app.errors import StoreBusy, StoreUnavailable
from app.intake import kept_files

OWNER_ONLY = 0o600
_PATIENCE = 10  # seconds until another process must have finished


class Document:
    """A JSON document in a file, read again when it has changed and written whole or not at all."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._held: tuple[tuple[int, int, int], dict[str, Any]] | None = None
        self._guard = threading.Lock()

    def read(self) -> dict[str, Any]:
        """The document, which the caller must not change; empty where there is none.

        Raises StoreUnavailable where the file holds something else.
        """
        with self._guard:
            try:
                status = self.path.stat()
            except FileNotFoundError:
                return {}
            version = (status.st_ino, status.st_mtime_ns, status.st_size)
            if self._held is None or self._held[0] != version:
                self._held = version, self._parsed()
            return self._held[1]

    def _parsed(self) -> dict[str, Any]:
        try:
            found = json.loads(self.path.read_bytes())
        except ValueError as error:
            raise StoreUnavailable("access.damaged", file=self.path) from error
        if not isinstance(found, dict):
            raise StoreUnavailable("access.damaged", file=self.path)
        return found

    @contextmanager
    def changing(self) -> Iterator[dict[str, Any]]:
        """A copy of the document to change, stored at the end; one process changes it at a time.

        Nothing is stored where the block raises. Raises StoreBusy when another does not finish.
        """
        self.path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with FileLock(f"{self.path}.lock", timeout=_PATIENCE, mode=OWNER_ONLY):
                document = json.loads(json.dumps(self.read()))
                yield document
                if document != self.read():
                    content = json.dumps(document, ensure_ascii=False, indent=1)
                    kept_files.put(self.path, content.encode(), OWNER_ONLY)
        except Timeout as error:
            raise StoreBusy("access.busy", file=self.path) from error


def made_once(path: Path, make: Callable[[], bytes]) -> bytes:
    """The content of a file, made at first use; all processes get the same."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(f"{path}.lock", timeout=_PATIENCE, mode=OWNER_ONLY):
        if not path.exists():
            kept_files.put(path, make(), OWNER_ONLY)
        if os.name == "posix" and path.stat().st_mode & 0o077:
            raise StoreUnavailable("access.readable_by_others", file=path)
        return path.read_bytes()
