"""Who came in through the provider or the gateway, or was refused, entered in the audit once.

They say at every request who it is; a password is typed once a session and entered there.
"""

from __future__ import annotations

import hashlib
import logging
import time
from functools import cache
from pathlib import Path

from pydantic import TypeAdapter

from app.access import audit, private, rights
from app.access.people import Person
from app.access.private import Document
from app.access.sessions import Session
from app.errors import StoreBusy, StoreUnavailable
from app.settings import Settings

AGAIN = 600  # seconds until a refusal of the same person is entered again
MOST = 5_000  # remembered
_log = logging.getLogger(__name__)


def came_in(store: Settings, session: Session, person: Person, now: float | None = None) -> None:
    """Enter that someone came in: once a session, a gateway's being as long as one may last."""
    now = time.time() if now is None else now
    of_gateway = session.ends is None
    key = f"in {session.account}" if of_gateway else f"in {session.id}"
    until = now + store.access.hours * 3600 if session.ends is None else session.ends
    if _is_first(store, key, now, until):
        audit.record("sign_in", person, way=store.access.mode)


def was_refused(store: Settings, name: str | None, now: float | None = None) -> None:
    """Enter that someone whom the provider or the gateway knows may not come in."""
    now = time.time() if now is None else now
    if _is_first(store, f"refused {name or ''}", now, now + AGAIN):
        audit.record("sign_in_refused", rights.NOBODY, name=name, way=store.access.mode)


def _is_first(store: Settings, what: str, now: float, until: float) -> bool:
    """Whether something is new, which is remembered until a time; also over a restart."""
    key = hashlib.sha256(what.encode()).hexdigest()[:32]
    try:
        if _document(store.folder).read().get(key, 0) > now:
            return False
        with _document(store.folder).changing() as document:
            if document.pop(key, 0) > now:
                return False
            document[key] = until
            over = [name for name, end in document.items() if end <= now]
            over += list(document)[: max(0, len(document) - len(over) - MOST)]
            for name in over:
                document.pop(name, None)
    except (StoreBusy, StoreUnavailable) as error:
        # entered once too often rather than not at all, and nobody kept out for it
        _log.error("%s", private.told(error, "en"))
    return True


@cache
def _document(folder: Path) -> Document:
    return Document(folder / "arrivals.json", TypeAdapter(dict[str, float]))
