"""A catalogue in Postgres: how it is reached, what its failures mean, and its latest snapshot."""

from __future__ import annotations

import logging
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import duckdb

import queries
from app.errors import StoreUnavailable

KIND = "postgres:"
FRESH = 0.5  # seconds for which a process believes the snapshot it has seen
GRACE = 30.0  # seconds for which it goes on with it while Postgres can't be asked
RECONNECT = 15.0  # seconds until a Postgres that is being restarted must be back
_LOST = (
    "server closed the connection", "terminating connection", "connection to server was lost",
    "no connection to the server", "could not receive data from server", "Connection refused",
    "Connection reset by peer", "connection has been closed unexpectedly", "starting up",
    "shutting down", "not yet accepting connections", "in recovery mode", "Is the server running",
    'Failed to execute query "ROLLBACK"',
)  # fmt: skip
_UNREACHABLE = (
    *_LOST, "could not translate host name", "timeout expired", "No route to host",
    "Network is unreachable", "could not connect", "onnection timed out",
)  # fmt: skip
_SPOKEN = ("Postgres", "Failed to execute query")  # the words that tell its failures from others
_REFUSED = (
    "password authentication failed", "no password supplied", "no pg_hba.conf entry",
    "permission denied", "Peer authentication failed", "not permitted to log in",
)  # fmt: skip
_ILL_WRITTEN = ("invalid connection option", 'missing "=" after')
_NO_DATABASE = re.compile(r'(?:database|role) "[^"]*" does not exist')
_PASSWORD = re.compile(r"\bpassword\s*=|://[^@/]*:[^@/]*@", re.IGNORECASE)
_SHORT = "connect_timeout=5 keepalives_idle=5 tcp_user_timeout=8000 "
_log = logging.getLogger(__name__)


def check(catalog: str) -> None:
    """Refuse a password in the setting, which lists of processes would show, and an address.

    DuckDB puts the password of a secret before what is set, which does not go with an address.
    """
    if _PASSWORD.search(catalog):
        raise StoreUnavailable("error.password_in_catalog")
    if "://" in catalog:
        raise StoreUnavailable("error.bad_catalog", catalog=f"{KIND}…://…")


def is_lost(said: str) -> bool:
    """Whether a failure is of the connection alone, so that it is worth trying again soon."""
    return _is_of_postgres(said) and any(sign in said for sign in _LOST)


def named(said: str) -> StoreUnavailable | None:
    """What Postgres says went wrong as an error that says what to mend; None for all else."""
    reason = _reason(said)
    if any(sign in said for sign in _REFUSED):
        return StoreUnavailable("error.catalog_refused", reason=reason)
    if any(sign in said for sign in _ILL_WRITTEN):
        return StoreUnavailable("error.bad_catalog", catalog=f"{KIND}…")
    if _NO_DATABASE.search(said):
        return StoreUnavailable("error.no_database", reason=reason)
    if _is_of_postgres(said) and any(sign in said for sign in _UNREACHABLE):
        return StoreUnavailable("error.catalog_unreachable", reason=reason)
    return None


def _is_of_postgres(said: str) -> bool:
    return any(words in said for words in _SPOKEN)


def _reason(said: str) -> str:
    """The line of a message that says why, without where the connection was made to."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    told = next((line for line in lines if "FATAL" in line or "failed:" in line), lines[0])
    return re.split(r'Unable to connect to Postgres at "[^"]*": ', told)[-1]


class Watch:
    """The latest snapshot of a catalogue, over one connection that is kept.

    It is asked at most once in FRESH seconds, in about a millisecond. Postgres may be restarted:
    for GRACE seconds the snapshot last seen stands.
    """

    def __init__(self, place: str, password: str, engine: duckdb.DuckDBPyConnection) -> None:
        self._place, self._password, self._db = place, password, engine
        self._turn = threading.Lock()
        self._seen: int | None = None
        self._asked = self._answered = float("-inf")

    def latest(self) -> int | None:
        """The number of the latest snapshot, None where there is no lake; raises duckdb.Error."""
        with self._turn:
            now = time.monotonic()
            if now - self._asked >= FRESH:
                try:
                    self._seen, self._answered = self._ask(), now
                except duckdb.Error:
                    if now - self._answered > GRACE:
                        raise
                    _log.warning("the catalogue can't be asked; what was seen last stands")
                self._asked = now
            return self._seen

    def forget(self) -> None:
        """Ask anew next time: this process has written."""
        with self._turn:
            self._asked = float("-inf")

    def _ask(self) -> int | None:
        try:
            return self._number()
        except duckdb.Error as error:
            if "does not exist" in str(error) and "ducklake_snapshot" in str(error):
                return None
            self._db.execute("detach database if exists catalogue")
            self._attach()
            return self._number()

    def _number(self) -> int | None:
        if not self._db.execute(queries.text("lake/attached_catalogue")).fetchall():
            self._attach()
        asked = quoted(queries.text("lake/last_snapshot"))
        row = self._db.execute(f"from postgres_query('catalogue', {asked})").fetchone()
        return int(row[0]) if row else None

    def _attach(self) -> None:
        self._db.execute(secret(self._password))
        place = quoted(_SHORT + self._place)
        self._db.execute(f"attach {place} as catalogue (type postgres, read_only)")


class Turns:
    """The turns of those who write to a catalogue, in all processes: each waits for those before.

    Without them everyone's work would still be right, since who was overtaken does it again; but
    among many one could be overtaken again and again.
    """

    def __init__(self, place: str, password: str, engine: duckdb.DuckDBPyConnection) -> None:
        self._place, self._password, self._db = place, password, engine

    @contextmanager
    def taken(self, patience: float) -> Iterator[None]:
        """Hold the turn, which is waited for so many seconds; it ends with the connection."""
        self._db.execute(secret(self._password))
        limit = f"options='-c lock_timeout={max(1, int(patience * 1000))}' "
        place = quoted(_SHORT + limit + self._place)
        self._db.execute(f"attach {place} as turns (type postgres, read_only)")
        try:
            self._db.execute("begin")
            asked = quoted(queries.text("lake/take_turn"))
            self._db.execute(f"from postgres_query('turns', {asked})").fetchall()
            yield
        finally:
            with suppress(duckdb.Error):  # the connection was lost, and the turn with it
                self._db.execute("rollback")
            self._db.execute("detach turns")


def secret(password: str) -> str:
    """The statement that gives DuckDB the password of Postgres."""
    given = f", password {quoted(password)}" if password else ""
    return f"create or replace secret __default_postgres (type postgres{given})"


def quoted(value: str) -> str:
    """A text as SQL writes it."""
    return "'" + value.replace("'", "''") + "'"
