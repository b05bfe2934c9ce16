"""Trying a name and a password."""

from __future__ import annotations

from app.access import accounts, attempts, audit, passwords, rights, sessions
from app.settings import Settings


def tried(store: Settings, name: str, password: str) -> str | float | None:
    """The token of a new session; or seconds to wait before the next try; or None if it is wrong.

    Nothing in the answer or the time it takes tells a wrong password from a name that is not on the
    list or may not sign in.
    """
    identity = accounts.plain_id(name)
    wait = attempts.started(store, identity)
    if wait > 0:
        return wait
    account = accounts.found(store, identity, "password")
    right = passwords.is_right(password, account.hash if account else None)
    if account is None or account.disabled or not right:
        # what was typed for a name that is not on the list may be a password
        audit.record("sign_in_refused", rights.NOBODY, name=account.id if account else None)
        return None
    attempts.succeeded(store, identity)
    audit.record("sign_in", account.person)
    return sessions.begin(store, account.id)
