"""What a visitor is to be told once their page has opened anew."""

from __future__ import annotations

import threading

_MOST = 1_000
_waiting: dict[str, list[str]] = {}  # keys of texts, by the visitor's token
_guard = threading.Lock()


def leave(token: str, key: str) -> None:
    """Leave a text for the next page of a visitor."""
    with _guard:
        _waiting[token] = [*_waiting.pop(token, []), key][-_MOST:]
        for old in list(_waiting)[: max(0, len(_waiting) - _MOST)]:
            del _waiting[old]


def take(token: str) -> str | None:
    """The text that was left, which is then gone; several pages of one visitor take one each."""
    with _guard:
        left = _waiting.pop(token, [])
        if left[1:]:
            _waiting[token] = left[1:]
        return left[0] if left else None
