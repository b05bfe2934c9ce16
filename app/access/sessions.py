"""Sessions: who signed in, from when until when, in a signed token that the browser carries."""

from __future__ import annotations

import re
import secrets
import time
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

from itsdangerous import BadSignature, URLSafeSerializer, URLSafeTimedSerializer
from pydantic import TypeAdapter

from app.access import roster
from app.access.people import Person
from app.access.private import Document, made_once
from app.errors import StoreUnavailable
from app.settings import Settings

TICKET_SECONDS = 60  # a browser takes a fraction of one to come back for its cookie
_HOUR = 3600
_SECRET = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Session:
    """One sign-in of one account; times are seconds since 1970.

    A gateway answers for its sessions itself: theirs have no beginning and no end.
    """

    id: str
    account: str
    begun: float | None
    ends: float | None


def secret(store: Settings) -> str:
    """The server's secret, made at first use and kept beside the accounts.

    Raises StoreUnavailable for one that was cut short: whoever guessed it could sign anything.
    """
    return _secret(store.folder)


@cache
def _secret(folder: Path) -> str:
    path = folder / "access.secret"
    held = made_once(path, lambda: secrets.token_hex(32).encode()).decode("latin-1")
    if not _SECRET.fullmatch(held):
        raise StoreUnavailable("access.damaged_secret", file=path)
    return held


def check(store: Settings) -> None:
    """Raise StoreUnavailable where the secret or the list of ended sessions can't be used."""
    secret(store)
    _ended(store.folder).read()


def begin(store: Settings, account: str) -> str:
    """The token of a session that begins now."""
    now = time.time()
    session = Session(secrets.token_urlsafe(16), account, now, now + store.access.hours * _HOUR)
    return token(store, session)


def token(store: Settings, session: Session) -> str:
    """A session, signed; the same session gives the same token."""
    return _signer(store).dumps(asdict(session))


def read(store: Settings, signed: str) -> Session | None:
    """The session of a token; None where the token is not ours."""
    try:
        return Session(**_signer(store).loads(signed))
    except (BadSignature, TypeError):
        return None


def person(store: Settings, signed: str) -> Person | None:
    """Whom a token stands for at this moment.

    None where the token is not ours, the session is over or was ended, or the account is gone, was
    disabled or got another password since.
    """
    session = read(store, signed)
    way = roster.WAYS.get(store.access.mode)
    if session is None or way is None or not _runs(store, session):
        return None
    account = roster.found(store, session.account, way)
    if account is None or account.disabled:
        return None
    if session.begun is not None and session.begun < account.sessions_from:
        return None
    return account.person


def _runs(store: Settings, session: Session) -> bool:
    now = time.time()
    if session.ends is not None and now >= session.ends:
        return False
    # A shorter limit counts at once, also for those who came in under a longer one.
    if session.begun is not None and now >= session.begun + store.access.hours * _HOUR:
        return False
    return session.id not in _ended(store.folder).read()


def end(store: Settings, signed: str) -> None:
    """End the session of a token for good, wherever else the token is held."""
    session = read(store, signed)
    if session is None or session.ends is None:
        return
    with _ended(store.folder).changing() as document:
        for name in [name for name, ends in document.items() if ends < time.time()]:
            del document[name]
        document[session.id] = session.ends


def ticket(store: Settings, signed: str, browser: str, back: str) -> str:
    """What the browser shows to the door to get its cookie; good for one minute and one browser.

    `back` is the path and query to go to afterwards.
    """
    return _tickets(store).dumps([signed, browser, back])


def redeemed(store: Settings, shown: str, browser: str) -> tuple[str, str] | None:
    """The token a ticket is for and where to go; None if it is old, not ours or another's."""
    try:
        signed, owner, back = _tickets(store).loads(shown, max_age=TICKET_SECONDS)
    except (BadSignature, ValueError, TypeError):
        return None
    return (str(signed), str(back)) if browser and owner == browser else None


def _signer(store: Settings) -> URLSafeSerializer:
    return URLSafeSerializer(secret(store), salt="session")


def _tickets(store: Settings) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(secret(store), salt="ticket")


@cache
def _ended(folder: Path) -> Document:
    return Document(folder / "ended_sessions.json", TypeAdapter(dict[str, float]))
