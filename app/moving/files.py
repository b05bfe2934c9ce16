"""Copies the files of a store: every one is read back from where it went and compared."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import PurePosixPath

from app import storage
from app.access import audit
from app.errors import MoveRefused
from app.intake import kept_files
from app.settings import Settings
from app.storage import Storage

PRIVATE = (f"{audit.FOLDER}/", "waiting/")
_PASSING = f"{kept_files.UPLOADS}/drafts/"  # may be dropped at the source between two runs
_AT_ONCE = 8

Progress = Callable[[str, int, int], None]


def copy(source: Settings, target: Settings, progress: Progress) -> int:
    """Copy all files and return how many; what has arrived before is compared and left.

    Raises MoveRefused where the target has files of something else, or a file arrives altered.
    """
    here, there = storage.of(source), storage.of(target)
    listed = names(here)
    known = set(listed)
    for each in there.listed(""):
        if each.name not in known and not each.name.startswith(_PASSING):
            raise MoveRefused("move.other_files", place=there.shown, file=each.name)
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        work = pool.map(lambda name: _copy(here, there, name), listed)
        for done, _ in enumerate(work, start=1):
            progress("files", done, len(listed))
    return len(listed)


def names(here: Storage) -> list[str]:
    """All files; a journal that lies in a bucket line by line is one file."""
    journals = {f"{name}.jsonl" for name in here.journals(audit.FOLDER)}
    others = (each.name for each in here.listed(""))
    kept = {name for name in others if not _is_line(name)}
    return sorted(kept | journals)


def _is_line(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return parts[0] == audit.FOLDER and len(parts) > 2


def _copy(here: Storage, there: Storage, name: str) -> None:
    try:
        found = content(here, name)
    except FileNotFoundError:
        return  # a draft that was dropped just now
    if there.size(name) == len(found) and _hash(there.read(name)) == _hash(found):
        return
    there.put(name, found, private=name.startswith(PRIVATE))
    if _hash(there.read(name)) != _hash(found):
        raise MoveRefused("move.altered", place=there.shown, file=name)


def content(here: Storage, name: str) -> bytes:
    """What one of these files holds; raises FileNotFoundError."""
    if name.startswith(f"{audit.FOLDER}/"):
        lines = here.lines(name.removesuffix(".jsonl"))
        return "".join(f"{line}\n" for line in lines).encode()
    return here.read(name)


def _hash(content: bytes) -> bytes:
    return hashlib.sha256(content).digest()
