"""How long the next try of a password must wait, for one account and for all together."""

from __future__ import annotations

import hashlib
import time
from functools import cache
from pathlib import Path
from typing import Any

from app.access.private import Document
from app.settings import Settings

FREE = 5  # wrong tries of an account until the next must wait
FREE_IN_ALL = 50  # the same for all accounts together
LONGEST, LONGEST_IN_ALL = 900, 30  # seconds
FORGOTTEN = 86_400  # seconds after which a wrong try counts no more
RECOVERY = 6  # seconds in which the count of all together falls by one
_MOST = 10_000  # names remembered
_ALL = "all"


def started(store: Settings, name: str) -> float:
    """Count a try as wrong until it proves right; seconds to wait where it may not be made yet.

    The name need not be that of an account, so that waiting tells nobody which names exist.
    """
    now = time.time()
    with _document(store.folder).changing() as document:
        names = document.setdefault("names", {})
        own, everyone = _tries(names.get(_key(name)), now), _all_tries(document.get(_ALL), now)
        wait = max(
            _left(own, FREE, LONGEST, now), _left(everyone, FREE_IN_ALL, LONGEST_IN_ALL, now)
        )
        if wait > 0:
            return wait
        names.pop(_key(name), None)  # the names tried last stand last
        names[_key(name)] = [own[0] + 1, now]
        document[_ALL] = [everyone[0] + 1, now]
        for old in list(names)[: max(0, len(names) - _MOST)]:
            del names[old]
    return 0.0


def succeeded(store: Settings, name: str) -> None:
    """Forget the wrong tries of an account, and that the last try was counted as one."""
    with _document(store.folder).changing() as document:
        document.get("names", {}).pop(_key(name), None)
        count, last = document.get(_ALL, [1, time.time()])
        document[_ALL] = [max(0, count - 1), last]


def _tries(kept: Any, now: float) -> tuple[float, float]:
    """The wrong tries of a name and when the last was."""
    count, last = kept or (0, now)
    last = min(last, now)  # the clock may have been set back
    return (0, now) if now - last > FORGOTTEN else (count, last)


def _all_tries(kept: Any, now: float) -> tuple[float, float]:
    count, last = kept or (0, now)
    last = min(last, now)
    return max(0.0, count - (now - last) / RECOVERY), last


def _left(tries: tuple[float, float], free: int, longest: int, now: float) -> float:
    """Seconds until the next try, which double with each wrong one beyond the free ones."""
    count, last = tries
    if count < free:
        return 0.0
    wait: float = min(float(longest), 2.0 ** min(count - free + 1, 20.0))
    return max(0.0, last + wait - now)


def _key(name: str) -> str:
    # Someone may type the password where the name belongs: it must not be kept.
    return hashlib.sha256(name.casefold().encode()).hexdigest()[:32]


@cache
def _document(folder: Path) -> Document:
    return Document(folder / "sign_in_attempts.json")
