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
from dataclasses import asdict, dataclass, field
from pathlib import PurePosixPath
from typing import Any

from app import settings, storage
from app.access import rights
from app.access.people import Person
from app.errors import DashboardError
from app.periods import SHANGHAI
from app.settings import Settings

_LONGEST = 200  # characters of a text in an entry
FOLDER = "audit"
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
        _append(settings.load(), at, entry)
    except (OSError, DashboardError):
        _log.exception("the audit could not be written: %s", action)


def listed(store: Settings, words: str = "", most: int | None = None) -> list[Entry]:
    """The entries that hold all of some words, the newest first."""
    wanted = words.lower().split()
    found: list[Entry] = []
    files = storage.of(store)
    for month in reversed(files.journals(FOLDER)):
        for line in reversed(files.lines(month)):
            if all(word in line.lower() for word in wanted) and (entry := _read(line)):
                found.append(entry)
                if most is not None and len(found) >= most:
                    return found
    return found


def last_of_each(store: Settings, action: str) -> dict[str, str]:
    """When each person did something last."""
    found: dict[str, str] = {}
    files = storage.of(store)
    for month in reversed(files.journals(FOLDER)):
        for line in reversed(files.lines(month)):
            if f'"{action}"' in line and (entry := _read(line)) and entry.action == action:
                found.setdefault(entry.who, entry.at)
    return found


def broken(store: Settings) -> list[str]:
    """The places, as file:line, where an entry was altered or one before it taken out."""
    found = []
    files = storage.of(store)
    for month in files.journals(FOLDER):
        last = ""
        for number, line in enumerate(files.lines(month), start=1):
            entry = _read(line)
            if entry is None or entry.chain != _chained(entry, last):
                found.append(f"{PurePosixPath(month).name}.jsonl:{number}")
            last = entry.chain if entry else ""
    return found


def _append(store: Settings, at: dt.datetime, entry: Entry) -> None:
    def line(before: str) -> str:
        last = _read(before)
        whole = asdict(entry) | {"chain": _chained(entry, last.chain if last else "")}
        return json.dumps(whole, ensure_ascii=False)

    storage.of(store).add_line(f"{FOLDER}/{at:%Y-%m}", line)


def _chained(entry: Entry, before: str) -> str:
    said = json.dumps(asdict(entry) | {"chain": before}, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()[:32]


def _read(line: str) -> Entry | None:
    try:
        return Entry(**json.loads(line))
    except (ValueError, TypeError):
        return None
