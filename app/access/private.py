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
from pydantic import TypeAdapter

from app.errors import DashboardError, StoreBusy, StoreUnavailable
from app.i18n import t
from app.storage.folder import OWNER_ONLY, put

_OBJECT = TypeAdapter(dict[str, Any])
_PATIENCE = 10  # seconds until another process must have finished


class Document:
    """A JSON document in a file, read again when it has changed and written whole or not at all.

    What is not of the given shape is damaged: to guess at it might let someone in.
    """

    def __init__(self, path: Path, shape: TypeAdapter[Any] = _OBJECT) -> None:
        self.path = path
        self._shape = shape
        self._held: tuple[tuple[int, int, int], dict[str, Any]] | None = None
        self._guard = threading.Lock()

    def read(self) -> dict[str, Any]:
        """The document, which the caller must not change; empty where there is none.

        Raises StoreUnavailable where the file holds something else or can't be read.
        """
        with self._guard:
            try:
                status = self.path.stat()
                version = (status.st_ino, status.st_mtime_ns, status.st_size)
                if self._held is None or self._held[0] != version:
                    self._held = version, self._parsed()
            except FileNotFoundError:
                return {}
            except OSError as error:
                raise _unusable(self.path, error) from error
            return self._held[1]

    def _parsed(self) -> dict[str, Any]:
        try:
            content = self.path.read_bytes()
            self._shape.validate_json(content, strict=True)
            return dict(json.loads(content))
        except ValueError as error:
            raise StoreUnavailable("access.damaged", file=self.path) from error

    @contextmanager
    def changing(self) -> Iterator[dict[str, Any]]:
        """A copy of the document to change, stored at the end; one process changes it at a time.

        Nothing is stored where the block raises. Raises StoreBusy when another does not finish,
        StoreUnavailable for a damaged document or a folder that can't be written.
        """
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with FileLock(f"{self.path}.lock", timeout=_PATIENCE, mode=OWNER_ONLY):
                document = json.loads(json.dumps(self.read()))
                yield document
                if document != self.read():
                    content = json.dumps(document, ensure_ascii=False, indent=1)
                    put(self.path, content.encode(), OWNER_ONLY)
        except Timeout as error:  # is an OSError
            raise StoreBusy("access.busy", file=self.path) from error
        except OSError as error:
            raise _unusable(self.path, error) from error


def made_once(path: Path, make: Callable[[], bytes]) -> bytes:
    """The content of a file, made at first use; all processes get the same.

    Raises StoreUnavailable where others can read the file or we can't.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(f"{path}.lock", timeout=_PATIENCE, mode=OWNER_ONLY):
            if not path.exists():
                put(path, make(), OWNER_ONLY)
            if os.name == "posix" and path.stat().st_mode & 0o077:
                raise StoreUnavailable("access.readable_by_others", file=path)
            return path.read_bytes()
    except Timeout as error:
        raise StoreBusy("access.busy", file=path) from error
    except OSError as error:
        raise _unusable(path, error) from error


def told(error: DashboardError, lang: str) -> str:
    """What is wrong with a file by its name alone, for pages and the log: a folder may bear one."""
    named = {k: v.name if isinstance(v, Path) else v for k, v in error.values.items()}
    return t(error.key, lang, **named)


def _unusable(path: Path, error: OSError) -> StoreUnavailable:
    return StoreUnavailable("access.unusable", file=path, reason=error.strerror or error)
