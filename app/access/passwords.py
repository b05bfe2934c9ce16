"""Passwords: what is asked of them, and their argon2 hashes."""

from __future__ import annotations

import secrets
import threading
import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from app.errors import AccountRefused

SHORTEST, LONGEST = 10, 200  # characters
_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"  # none that looks like another
_HASHER = PasswordHasher()
# Each check takes 64 MiB; more at once would let a flood of attempts use up the memory.
_TURNS = threading.BoundedSemaphore(2)


def hashed(password: str, name: str) -> str:
    """The hash to store; AccountRefused for a password too short, too long or like the name."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise AccountRefused("access.password_length", shortest=SHORTEST, longest=LONGEST)
    if name.casefold() in password.casefold() and len(password) < len(name) + SHORTEST:
        raise AccountRefused("access.password_like_name")
    if len(set(password)) < 4:
        raise AccountRefused("access.password_simple")
    return _HASHER.hash(_plain(password))


def made() -> str:
    """A password that nobody guesses and that can be read out: four groups of four letters."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4))


def is_right(password: str, stored: str | None) -> bool:
    """Whether a password has this hash; without one it takes as long and the answer is no."""
    with _TURNS:
        try:
            _HASHER.verify(stored or _nobodys(), _plain(password[: LONGEST + 1]))
        except (VerificationError, InvalidHashError):
            return False
    return stored is not None


@cache
def _nobodys() -> str:
    return _HASHER.hash("")


def _plain(password: str) -> str:
    # Keyboards differ in how they compose a letter with its accent.
    return unicodedata.normalize("NFC", password)
