"""The list of people with their roles, in accounts.json in the store's folder."""

from __future__ import annotations

import time
import unicodedata
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any, Literal

from app import areas, catalogue
from app.access import passwords
from app.access.people import ROLES, Person, Role
from app.access.private import Document
from app.errors import AccountRefused, StoreUnavailable
from app.settings import Settings

Way = Literal["password", "oidc", "gateway"]
WAYS: dict[str, Way] = {"accounts": "password", "oidc": "oidc", "gateway": "gateway"}  # by mode
_LONGEST = 200  # characters of an id


@dataclass(frozen=True)
class Account:
    """A person of the list, and how they prove who they are.

    `id` is the name typed at sign-in, or what the provider or the gateway calls them. Sessions
    begun before `sessions_from` (seconds since 1970) are over.
    """

    id: str
    name: str
    role: Role
    scopes: tuple[str, ...]
    datasets: tuple[str, ...]
    way: Way
    disabled: bool = False
    sessions_from: float = 0.0
    hash: str | None = field(default=None, repr=False)

    @property
    def person(self) -> Person:
        """Who it is, without how they sign in."""
        return Person(self.id, self.name, self.role, self.scopes, self.datasets)


_held: dict[Path, tuple[dict[str, Any], dict[str, Account]]] = {}  # as last read, by folder


def plain_id(text: str) -> str:
    """An id as it is compared: composed alike, without spaces around it."""
    return unicodedata.normalize("NFKC", text).strip()


def every(store: Settings) -> dict[str, Account]:
    """All accounts by id, in the order they were added; StoreUnavailable for a damaged list."""
    document = _document(store.folder).read()
    held = _held.get(store.folder)
    if held is None or held[0] is not document:
        found = {one.id: one for one in map(_account, document.get("accounts", []))}
        held = _held[store.folder] = document, found
    return held[1]


def found(store: Settings, identity: str, way: Way) -> Account | None:
    """The account with an id that signs in this way, or None."""
    account = every(store).get(identity)
    return account if account is not None and account.way == way else None


def add(
    store: Settings,
    identity: str,
    *,
    role: str,
    scopes: Sequence[str],
    datasets: Sequence[str] = (),
    way: Way = "password",
    password: str | None = None,
    name: str | None = None,
) -> Account:
    """Add a person; AccountRefused where the id is taken or something given is not known."""
    identity = plain_id(identity)
    if not identity or len(identity) > _LONGEST or not identity.isprintable():
        raise AccountRefused("access.bad_name")
    made = Account(
        identity,
        name or identity,
        _role(role),
        _scopes(scopes),
        _datasets(datasets),
        way,
        hash=passwords.hashed(password or "", identity) if way == "password" else None,
        sessions_from=time.time() if way == "password" else 0.0,
    )
    with _document(store.folder).changing() as document:
        listed = document.setdefault("accounts", [])
        if any(each["id"].casefold() == identity.casefold() for each in listed):
            raise AccountRefused("access.name_taken", name=identity)
        listed.append(asdict(made))
    return made


def set_password(store: Settings, identity: str, password: str) -> None:
    """Give an account another password, which ends its sessions; AccountRefused if it has none."""
    account = _wanted(store, identity)
    if account.way != "password":
        raise AccountRefused("access.no_password", name=account.id)
    changed = passwords.hashed(password, account.id)
    _change(store, identity, hash=changed, sessions_from=time.time())


def set_disabled(store: Settings, identity: str, disabled: bool) -> None:
    """Keep an account from signing in and end its sessions, or let it in again."""
    _wanted(store, identity)
    _change(store, identity, disabled=disabled, sessions_from=time.time())


def remove(store: Settings, identity: str) -> None:
    """Take a person off the list, which ends their sessions; AccountRefused if there is none."""
    account = _wanted(store, identity)
    with _document(store.folder).changing() as document:
        kept = [each for each in document.get("accounts", []) if each["id"] != account.id]
        document["accounts"] = kept


def _wanted(store: Settings, identity: str) -> Account:
    account = every(store).get(plain_id(identity))
    if account is None:
        raise AccountRefused("access.nobody", name=identity)
    return account


def _change(store: Settings, identity: str, **values: Any) -> None:
    with _document(store.folder).changing() as document:
        listed = document.get("accounts", [])
        for place, each in enumerate(listed):
            if each["id"] == plain_id(identity):
                listed[place] = asdict(replace(_account(each), **values))


def _role(text: str) -> Role:
    for role in ROLES:
        if role == text:
            return role
    raise AccountRefused("access.unknown_role", name=text, names=", ".join(ROLES))


def _scopes(codes: Sequence[str]) -> tuple[str, ...]:
    known = {areas.PROVINCE, *areas.REGIONS, *areas.cities(), *areas.load()}
    unknown = [code for code in codes if code not in known]
    if unknown or not codes:
        raise AccountRefused("access.unknown_scope", name=", ".join(unknown))
    return tuple(dict.fromkeys(codes))


def _datasets(names: Sequence[str]) -> tuple[str, ...]:
    known = catalogue.load().datasets
    for name in names:
        if name not in known:
            raise AccountRefused("access.unknown_dataset", name=name, names=", ".join(known))
    return tuple(dict.fromkeys(names))


@cache
def _document(folder: Path) -> Document:
    return Document(folder / "accounts.json")


def _account(values: dict[str, Any]) -> Account:
    try:
        made = Account(**values)
    except TypeError as error:
        raise StoreUnavailable("access.damaged", file="accounts.json") from error
    return replace(made, scopes=tuple(made.scopes), datasets=tuple(made.datasets))
