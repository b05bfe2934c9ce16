"""Trying a name and a password, and changing one's own."""

from __future__ import annotations

from app.access import accounts, attempts, audit, passwords, rights, roster, sessions
from app.errors import AccountRefused
from app.settings import Settings


def tried(
    store: Settings, name: str, password: str, address: str = "", now: float | None = None
) -> str | float | None:
    """The token of a new session; or seconds to wait before the next try; or None if it is wrong.

    `address` is where the try comes from. Nothing in the answer or the time it takes tells a wrong
    password from a name that is not on the list or may not sign in.
    """
    identity = roster.plain_id(name)
    wait = attempts.started(store, identity, address, now)
    if wait > 0:
        return wait
    account = roster.found(store, identity, "password")
    right = passwords.is_right(password, account.hash if account else None)
    if account is None or account.disabled or not right:
        # what was typed for a name that is not on the list may be a password
        audit.record("sign_in_refused", rights.NOBODY, name=account.id if account else None)
        return None
    attempts.succeeded(store, identity, address, now)
    audit.record("sign_in", account.person)
    return sessions.begin(store, account.id)


def changed(
    store: Settings, signed: str, present: str, password: str, address: str = ""
) -> str | float | None:
    """Put another password in place of one's present one, tried like at sign-in.

    All sessions end; the token of a new one is the answer. AccountRefused for a new password that
    won't do.
    """
    person = sessions.person(store, signed)
    if person is None:
        return None
    wait = attempts.started(store, person.id, address)
    if wait > 0:
        return wait
    try:
        if not accounts.set_own_password(store, person.id, present, password):
            audit.record("own_password_refused", person)
            return None
    except AccountRefused:  # the present one was right
        attempts.succeeded(store, person.id, address)
        raise
    attempts.succeeded(store, person.id, address)
    return sessions.begin(store, person.id)
