"""Files that were uploaded and are not submitted yet, kept so that none is ever lost.

Each lies under uploads/drafts in a folder named by its SHA-256, under the name it came with.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from app import failures, storage
from app.access import people, rights
from app.errors import StoreUnavailable
from app.intake import kept_files
from app.periods import SHANGHAI
from app.settings import Settings
from app.storage import Stored

KEPT_FOR = dt.timedelta(days=30)
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
    files = storage.of(settings)
    with contextlib.suppress(OSError, StoreUnavailable):  # what can't be swept is in nobody's way
        files.sweep(_folder(), KEPT_FOR)
    sha256 = hashlib.sha256(content).hexdigest()
    name = kept_files.clean_name(file_name)
    try:
        files.keep(f"{_folder()}/{sha256}/{name}", content)
    except OSError as error:
        raise failures.named(settings, error) from error
    kept = find(settings, sha256)
    return kept or Draft(sha256, name, dt.datetime.now(SHANGHAI))  # submitted meanwhile


def find(settings: Settings, sha256: str) -> Draft | None:
    """The draft with this content, under the name it was last given; None if there is none."""
    if not _SHA256.fullmatch(sha256):  # it may come from an address
        return None
    found = storage.of(settings).listed(f"{_folder()}/{sha256}")
    return max(map(_draft, found), key=lambda draft: draft.kept_at, default=None)


@contextmanager
def at_hand(settings: Settings, draft: Draft) -> Iterator[Path]:
    """The content of a draft as a path to be read meanwhile; the file has the draft's name."""
    name = f"{_folder()}/{draft.sha256}/{draft.file_name}"
    with storage.of(settings).at_hand(name) as path:
        yield path


def pending(settings: Settings) -> list[Draft]:
    """All drafts, the newest first."""
    latest: dict[str, Draft] = {}
    for each in storage.of(settings).listed(_folder()):
        draft = _draft(each)
        known = latest.get(draft.sha256)
        own = each.name.count("/") == _folder().count("/") + 2 and _SHA256.fullmatch(draft.sha256)
        if own and (known is None or known.kept_at < draft.kept_at):
            latest[draft.sha256] = draft
    return sorted(latest.values(), key=lambda draft: draft.kept_at, reverse=True)


def drop(settings: Settings, sha256: str) -> None:
    """Throw a draft away; nothing happens where there is none. Raises OSError."""
    if _SHA256.fullmatch(sha256):
        files = storage.of(settings)
        for each in files.listed(f"{_folder()}/{sha256}"):
            files.remove(each.name)


def _folder() -> str:
    """The drafts of the one who asks: nobody sees those of others."""
    person = rights.acting()
    whole = f"{kept_files.UPLOADS}/drafts"
    if person.id == people.LOCAL:
        return whole
    return f"{whole}/of-{hashlib.sha256(person.id.encode()).hexdigest()[:16]}"


def _draft(stored: Stored) -> Draft:
    path = PurePosixPath(stored.name)
    return Draft(path.parent.name, path.name, stored.modified)
