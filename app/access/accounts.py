"""Changing the list of people: what an administrator does, and one's own password."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from app import areas, catalogue
from app.access import audit, passwords, rights, roster
from app.access.people import ROLES, Role
from app.access.roster import WAYS, Account, Way, plain_id
from app.errors import AccountRefused
from app.settings import Settings

_LONGEST = 200  # characters of an id


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
    with roster.changing(store) as listed:
        if any(each.id.casefold() == identity.casefold() for each in listed):
            raise AccountRefused("access.name_taken", name=identity)
        listed.append(made)
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
    with roster.changing(store) as listed:
        account = _found(listed, identity)
        listed.remove(account)
        _require_administrator(store, account, listed)
    audit.record("user_removed", name=account.id)


def _wanted(store: Settings, identity: str) -> Account:
    return _found(roster.every(store).values(), identity)


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
    with roster.changing(store) as listed:
        before = _found(listed, identity)
        after = replace(before, **values)
        listed[listed.index(before)] = after
        _require_administrator(store, before, listed)
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
