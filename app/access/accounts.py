"""The list of people with their roles, in accounts.json in the store's folder."""

from __future__ import annotations

import time
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, TypeAdapter

from app import areas, catalogue
from app.access import audit, passwords, rights
from app.access.people import ROLES, Person, Role
from app.access.private import Document
from app.errors import AccountRefused
from app.settings import Settings

Way = Literal["password", "oidc", "gateway"]
WAYS: dict[str, Way] = {"accounts": "password", "oidc": "oidc", "gateway": "gateway"}  # by mode
_LONGEST = 200  # characters of an id


@dataclass(frozen=True)
class Account:
    """A person of the list, and how they prove who they are.

    `id` is the name typed at sign-in, or what the provider or the gateway calls them. Sessions
    begun before `sessions_from` (seconds since 1970) are over. `handed` tells that the password was
    made for them, so that somebody else has seen it: they change it before anything else.
    """

    __pydantic_config__ = ConfigDict(extra="forbid")

    id: str
    name: str
    role: Role
    scopes: tuple[str, ...]
    datasets: tuple[str, ...]
    way: Way
    disabled: bool = False
    sessions_from: float = 0.0
    hash: str | None = field(default=None, repr=False)
    handed: bool = False

    @property
    def person(self) -> Person:
        """Who it is, without how they sign in."""
        return Person(self.id, self.name, self.role, self.scopes, self.datasets)


class _Listed(BaseModel):
    """What accounts.json holds."""

    model_config = ConfigDict(extra="forbid")

    accounts: list[Account] = []


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
    handed: bool = False,
) -> Account:
    """Add a person; AccountRefused where the id is taken or something given is not known."""
    rights.require("administer")
    identity = _plain_name(identity)
    made = Account(
        identity,
        _plain_name(name or identity),
        _role(role),
        _scopes(scopes),
        _datasets(datasets),
        way,
        hash=passwords.hashed(password or "", identity) if way == "password" else None,
        sessions_from=time.time() if way == "password" else 0.0,
        handed=handed and way == "password",
    )
    with _document(store.folder).changing() as document:
        listed = document.setdefault("accounts", [])
        if any(each["id"].casefold() == identity.casefold() for each in listed):
            raise AccountRefused("access.name_taken", name=identity)
        listed.append(asdict(made))
    audit.record("user_added", name=made.id, **_told(made))
    return made


def change(
    store: Settings,
    identity: str,
    *,
    role: str | None = None,
    scopes: Sequence[str] | None = None,
    datasets: Sequence[str] | None = None,
    name: str | None = None,
) -> Account:
    """Change what is given of an account, which counts at once; AccountRefused as for `add`."""
    rights.require("administer")
    given = {
        "role": None if role is None else _role(role),
        "scopes": None if scopes is None else _scopes(scopes),
        "datasets": None if datasets is None else _datasets(datasets),
        "name": None if name is None else _plain_name(name),
    }
    before, after = _change(store, identity, **{k: v for k, v in given.items() if v is not None})
    old, new = _told(before), _told(after)
    changed: dict[str, Any] = {
        key: f"{old[key]} → {new[key]}" for key in new if new[key] != old[key]
    }
    if before != after:
        audit.record("user_changed", name=after.id, **changed)
    return after


def set_password(store: Settings, identity: str, password: str, *, handed: bool = False) -> None:
    """Give an account another password, which ends its sessions; AccountRefused if it has none."""
    rights.require("administer")
    _renew(store, _wanted(store, identity), password, handed)
    audit.record("user_password", name=plain_id(identity))


def set_own_password(store: Settings, identity: str, present: str, password: str) -> bool:
    """Whether the present password is right, and the new one was put in its place.

    All sessions of the account end. AccountRefused for a new one that won't do.
    """
    account = _wanted(store, identity)
    if account.disabled or not passwords.is_right(present, account.hash):
        return False
    if present == password:
        raise AccountRefused("access.same_password")
    _renew(store, account, password, handed=False)
    audit.record("own_password", account.person)
    return True


def set_disabled(store: Settings, identity: str, disabled: bool) -> None:
    """Keep an account from signing in and end its sessions, or let it in again.

    Raises AccountRefused for the last administrator.
    """
    rights.require("administer")
    _change(store, identity, disabled=disabled, sessions_from=time.time())
    audit.record("user_disabled" if disabled else "user_enabled", name=plain_id(identity))


def remove(store: Settings, identity: str) -> None:
    """Take a person off the list, which ends their sessions.

    Raises AccountRefused if there is none, and for the last administrator.
    """
    rights.require("administer")
    with _document(store.folder).changing() as document:
        listed = [_account(each) for each in document.get("accounts", [])]
        account = _found(listed, identity)
        kept = [each for each in listed if each.id != account.id]
        _require_administrator(store, account, kept)
        document["accounts"] = [asdict(each) for each in kept]
    audit.record("user_removed", name=account.id)


def _wanted(store: Settings, identity: str) -> Account:
    return _found(every(store).values(), identity)


def _found(listed: Iterable[Account], identity: str) -> Account:
    for account in listed:
        if account.id == plain_id(identity):
            return account
    raise AccountRefused("access.nobody", name=identity)


def _renew(store: Settings, account: Account, password: str, handed: bool) -> None:
    if account.way != "password":
        raise AccountRefused("access.no_password", name=account.id)
    changed = passwords.hashed(password, account.id)
    _change(store, account.id, hash=changed, sessions_from=time.time(), handed=handed)


def _change(store: Settings, identity: str, **values: Any) -> tuple[Account, Account]:
    """Change values of an account; how it was before and is now."""
    with _document(store.folder).changing() as document:
        listed = [_account(each) for each in document.get("accounts", [])]
        before = _found(listed, identity)
        after = replace(before, **values)
        listed = [after if each.id == before.id else each for each in listed]
        _require_administrator(store, before, listed)
        document["accounts"] = [asdict(each) for each in listed]
    return before, after


def _require_administrator(store: Settings, before: Account, after: Iterable[Account]) -> None:
    """Raise AccountRefused where a change would leave no administrator who can sign in."""
    way = WAYS.get(store.access.mode, before.way)
    if _administers(before, way) and not any(_administers(each, way) for each in after):
        raise AccountRefused("access.last_administrator", name=before.id)


def _administers(account: Account, way: Way) -> bool:
    return account.way == way and account.role == "administrator" and not account.disabled


def _told(account: Account) -> dict[str, Any]:
    """What the audit says of an account."""
    return {
        "role": account.role,
        "scopes": " ".join(account.scopes),
        "datasets": " ".join(account.datasets),
        "shown": account.name if account.name != account.id else "",
    }


def _plain_name(text: str) -> str:
    name = plain_id(text)
    if not name or len(name) > _LONGEST or not name.isprintable():
        raise AccountRefused("access.bad_name")
    return name


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
    return Document(folder / "accounts.json", TypeAdapter(_Listed))


def _account(values: dict[str, Any]) -> Account:
    made = Account(**values)
    return replace(made, scopes=tuple(made.scopes), datasets=tuple(made.datasets))
