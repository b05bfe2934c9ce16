"""The audit: who saw restricted data, took files out, changed data, people or settings, and when.

Entries are only ever added, a line of JSON each, a file a month. Each has a hash of itself and of
the one before, so that a line that was altered or taken out is noticed. What is typed as a password
or shown as data is in none.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import logging
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from app import settings
from app.access import rights
from app.access.people import Person
from app.access.private import OWNER_ONLY
from app.periods import SHANGHAI
from app.settings import Settings

_LONGEST = 200  # characters of a text in an entry
_PATIENCE = 10  # seconds until another process must have written its line
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Entry:
    """Something that was done: when, by whom in which role, and with what."""

    at: str
    who: str
    role: str
    action: str
    what: dict[str, Any] = field(default_factory=dict)
    chain: str = ""


def record(action: str, person: Person | None = None, **what: str | int | None) -> None:
    """Add an entry for the one who acts, or for another.

    Where it can't be written the log says so: what was done is not undone for it.
    """
    who = person or rights.acting()
    told = {
        key: value[:_LONGEST] if isinstance(value, str) else value
        for key, value in what.items()
        if value not in (None, "")
    }
    at = dt.datetime.now(SHANGHAI)
    entry = Entry(at.isoformat(timespec="milliseconds"), who.id, who.role, action, told)
    try:
        _append(_file(settings.load(), at), entry)
    except (OSError, Timeout):
        _log.exception("the audit could not be written: %s", action)


def listed(store: Settings, words: str = "", most: int | None = None) -> list[Entry]:
    """The entries that hold all of some words, the newest first."""
    wanted = words.lower().split()
    found: list[Entry] = []
    for path in sorted(_folder(store).glob("*.jsonl"), reverse=True):
        lines = path.read_text("utf-8").splitlines()
        for line in reversed(lines):
            if all(word in line.lower() for word in wanted) and (entry := _read(line)):
                found.append(entry)
                if most is not None and len(found) >= most:
                    return found
    return found


def last_of_each(store: Settings, action: str) -> dict[str, str]:
    """When each person did something last."""
    found: dict[str, str] = {}
    for path in sorted(_folder(store).glob("*.jsonl"), reverse=True):
        for line in reversed(path.read_text("utf-8").splitlines()):
            if f'"{action}"' in line and (entry := _read(line)) and entry.action == action:
                found.setdefault(entry.who, entry.at)
    return found


def broken(store: Settings) -> list[str]:
    """The places, as file:line, where an entry was altered or one before it taken out."""
    found = []
    for path in sorted(_folder(store).glob("*.jsonl")):
        last = ""
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
            entry = _read(line)
            if entry is None or entry.chain != _chained(entry, last):
                found.append(f"{path.name}:{number}")
            last = entry.chain if entry else ""
    return found


def _folder(store: Settings) -> Path:
    return Path(store.files) / "audit"


def _file(store: Settings, at: dt.datetime) -> Path:
    return _folder(store) / f"{at:%Y-%m}.jsonl"


def _append(path: Path, entry: Entry) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(f"{path}.lock", timeout=_PATIENCE):
        last = _read(next(_backwards(path), ""))
        whole = asdict(entry) | {"chain": _chained(entry, last.chain if last else "")}
        line = json.dumps(whole, ensure_ascii=False) + "\n"
        with os.fdopen(
            os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, OWNER_ONLY), "ab"
        ) as f:
            f.write(line.encode())
            f.flush()
            os.fsync(f.fileno())


def _chained(entry: Entry, before: str) -> str:
    said = json.dumps(asdict(entry) | {"chain": before}, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()[:32]


def _read(line: str) -> Entry | None:
    try:
        return Entry(**json.loads(line))
    except (ValueError, TypeError):
        return None


def _backwards(path: Path) -> Iterator[str]:
    """The lines of a file from its end."""
    if not path.exists():
        return
    with path.open("rb") as file:
        end = file.seek(0, os.SEEK_END)
        file.seek(max(0, end - 65_536))  # an entry is far shorter
        yield from (line.decode("utf-8", "replace") for line in reversed(file.read().splitlines()))
