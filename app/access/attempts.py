"""How long the next try of a password must wait.

Wrong tries count for an account from one address, so that nobody slows down another elsewhere; for
an address under all names; and, with a higher limit and shorter waits, for an account from all
addresses together but those from which it has signed in before.
"""

from __future__ import annotations

import hashlib
import ipaddress
import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel, TypeAdapter

from app.access.private import Document
from app.settings import Settings


@dataclass(frozen=True)
class _Limit:
    """So many wrong tries are free, then waits double up to the longest, in seconds.

    The count falls by one in every `recovery` seconds; without, all is forgotten a day after the
    last.
    """

    free: int
    longest: float
    recovery: float | None = None


PAIR = _Limit(free=5, longest=900)
ADDRESS = _Limit(free=50, longest=30, recovery=6)  # a whole office may share one
ACCOUNT = _Limit(free=50, longest=60, recovery=600)
FORGOTTEN = 86_400
_LIMITS = {"pair": PAIR, "address": ADDRESS, "account": ACCOUNT}
KNOWN_FOR = 30 * 86_400  # seconds for which an account is known from an address
MOST = 5_000  # names remembered of each kind
_KNOWN = "known"


def started(store: Settings, name: str, address: str, now: float | None = None) -> float:
    """Count a try as wrong until it proves right; seconds to wait where it may not be made yet.

    The name need not be that of an account, so that waiting tells nobody which names exist.
    `address` is where the try comes from, `now` the time if it is not the clock's.
    """
    now = time.time() if now is None else now
    keys = _keys(name, address)
    with _document(store.folder).changing() as document:
        if keys["pair"] in _recent(document, now):
            del keys["account"]
        tables = {kind: document.setdefault(kind, {}) for kind in keys}
        counts = {k: _count(tables[k].get(key), _LIMITS[k], now) for k, key in keys.items()}
        wait = max(_left(*counts[kind], _LIMITS[kind], now) for kind in keys)
        if wait > 0:
            return wait
        for kind, key in keys.items():
            _put(tables[kind], key, [counts[kind][0] + 1, now])
    return 0.0


def succeeded(store: Settings, name: str, address: str, now: float | None = None) -> None:
    """Forget the wrong tries of an account here, and that the last try was counted as one."""
    now = time.time() if now is None else now
    keys = _keys(name, address)
    with _document(store.folder).changing() as document:
        document.get("pair", {}).pop(keys["pair"], None)
        for kind in ("address", "account"):
            count, last = document.get(kind, {}).get(keys[kind], [0, now])
            if count:
                document[kind][keys[kind]] = [max(0, count - 1), last]
        document[_KNOWN] = _recent(document, now)
        _put(document[_KNOWN], keys["pair"], now)


def check(store: Settings) -> None:
    """Raise StoreUnavailable where what is remembered can't be used."""
    _document(store.folder).read()


def _recent(document: dict[str, Any], now: float) -> dict[str, float]:
    """When each account signed in last, by account and address; what is long ago is left out."""
    known: dict[str, float] = document.get(_KNOWN, {})
    return {key: at for key, at in known.items() if now - at < KNOWN_FOR}


def _put(table: dict[str, Any], key: str, value: Any) -> None:
    table.pop(key, None)  # those of late stand last
    table[key] = value
    for old in list(table)[: max(0, len(table) - MOST)]:
        del table[old]


def _count(kept: Any, limit: _Limit, now: float) -> tuple[float, float]:
    """The wrong tries that still count, and when the last was."""
    count, last = kept or (0, now)
    last = min(last, now)  # the clock may have been set back
    if limit.recovery is None:
        return (0.0, now) if now - last > FORGOTTEN else (count, last)
    return max(0.0, count - (now - last) / limit.recovery), last


def _left(count: float, last: float, limit: _Limit, now: float) -> float:
    """Seconds until the next try, which double with each wrong one beyond the free ones."""
    if count < limit.free:
        return 0.0
    wait: float = min(limit.longest, 2.0 ** min(count - limit.free + 1, 20.0))
    return max(0.0, last + wait - now)


def _keys(name: str, address: str) -> dict[str, str]:
    # Someone may type the password where the name belongs: it must not be kept.
    account, place = name.casefold(), network(address)
    return {
        "pair": _hashed(f"{account}\n{place}"),
        "address": _hashed(place),
        "account": _hashed(account),
    }


def network(address: str) -> str:
    """What counts as one address: of IPv6 the network, in which one machine may have any number."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if found.version == 4:
        return str(found)
    return str(found.ipv4_mapped or ipaddress.ip_network((found, 64), strict=False))


def _hashed(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]


class _Remembered(BaseModel):
    """A count and the time of the last try of each kind; when accounts signed in from where."""

    pair: dict[str, tuple[float, float]] = {}
    address: dict[str, tuple[float, float]] = {}
    account: dict[str, tuple[float, float]] = {}
    known: dict[str, float] = {}


@cache
def _document(folder: Path) -> Document:
    return Document(folder / "sign_in_attempts.json", TypeAdapter(_Remembered))
