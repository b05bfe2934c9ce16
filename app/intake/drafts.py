"""Files that were uploaded and are not submitted yet, kept so that none is ever lost.

Each lies under uploads/drafts in a folder named by its SHA-256, under the name it came with.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import os
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from app import lake
from app.access import people, rights
from app.intake import kept_files
from app.periods import SHANGHAI
from app.settings import Settings

KEPT_FOR = dt.timedelta(days=30)
_ABANDONED = dt.timedelta(days=1)  # an unfinished file as old as this belongs to no one
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Draft:
    """An uploaded file that waits to be submitted or thrown away."""

    sha256: str
    file_name: str
    kept_at: dt.datetime


def keep(settings: Settings, file_name: str, content: bytes) -> Draft:
    """Keep an uploaded file, and sweep away those kept too long ago.

    Raises StoreUnavailable where it can't be written.
    """
    _sweep(settings)
    sha256 = hashlib.sha256(content).hexdigest()
    target = _folder(settings) / sha256 / kept_files.clean_name(file_name)
    try:
        if not _is_there(target, len(content)):
            kept_files.put(target, content)
    except OSError as error:
        raise lake.named(settings, error) from error
    kept = find(settings, sha256)
    return kept or Draft(sha256, target.name, dt.datetime.now(SHANGHAI))  # submitted meanwhile


def find(settings: Settings, sha256: str) -> Draft | None:
    """The draft with this content, under the name it was last given; None if there is none."""
    if not _SHA256.fullmatch(sha256):  # it may come from an address
        return None
    return max(_in(_folder(settings) / sha256), key=lambda draft: draft.kept_at, default=None)


def path(settings: Settings, draft: Draft) -> Path:
    """Where the content of a draft lies; the file has the draft's name."""
    return _folder(settings) / draft.sha256 / draft.file_name


def pending(settings: Settings) -> list[Draft]:
    """All drafts, the newest first."""
    found = [find(settings, folder.name) for folder in _listed(_folder(settings))]
    return sorted(filter(None, found), key=lambda draft: draft.kept_at, reverse=True)


def drop(settings: Settings, sha256: str) -> None:
    """Throw a draft away; nothing happens where there is none. Raises OSError."""
    if _SHA256.fullmatch(sha256):
        folder = _folder(settings) / sha256
        _remove(folder, _listed(folder))


def _folder(settings: Settings) -> Path:
    """The drafts of the one who asks: nobody sees those of others."""
    person = rights.acting()
    whole = settings.uploads / "drafts"
    if person.id == people.LOCAL:
        return whole
    return whole / f"of-{hashlib.sha256(person.id.encode()).hexdigest()[:16]}"


def _is_there(file: Path, size: int) -> bool:
    """Whether a file was kept before; if so it counts as kept now."""
    try:
        if file.stat().st_size != size:
            return False
        os.utime(file)
    except FileNotFoundError:
        return False
    return True


def _in(folder: Path) -> Iterator[Draft]:
    for file in _listed(folder):
        with contextlib.suppress(FileNotFoundError):  # another process has just dropped it
            if not file.name.startswith(kept_files.UNFINISHED):
                kept_at = dt.datetime.fromtimestamp(file.stat().st_mtime, SHANGHAI)
                yield Draft(folder.name, file.name, kept_at)


def _listed(folder: Path) -> list[Path]:
    with contextlib.suppress(FileNotFoundError, NotADirectoryError):
        return list(folder.iterdir())
    return []


def _sweep(settings: Settings) -> None:
    """Remove old drafts, and what a killed process left half-written here or beside."""
    # what can't be swept is in nobody's way
    with contextlib.suppress(OSError):
        for folder in _listed(_folder(settings)):
            _remove(folder, [file for file in _listed(folder) if _is_stale(file)])
        for file in _listed(settings.uploads):
            if file.name.startswith(kept_files.UNFINISHED) and _is_stale(file):
                file.unlink(missing_ok=True)


def _is_stale(file: Path) -> bool:
    unfinished = file.name.startswith(kept_files.UNFINISHED)
    age = time.time() - file.stat().st_mtime
    return age > (_ABANDONED if unfinished else KEPT_FOR).total_seconds()


def _remove(folder: Path, files: list[Path]) -> None:
    for file in files:
        file.unlink(missing_ok=True)
    with contextlib.suppress(OSError):  # absent, or another file has come
        folder.rmdir()
