"""The list of people with their roles, in accounts.json in the store's folder."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, TypeAdapter

from app.access.people import Person, Role
from app.access.private import Document
from app.settings import Settings

Way = Literal["password", "oidc", "gateway"]
WAYS: dict[str, Way] = {"accounts": "password", "oidc": "oidc", "gateway": "gateway"}  # by mode


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


@contextmanager
def changing(store: Settings) -> Iterator[list[Account]]:
    """The list, to change in place; stored at the end, unless the block raises.

    One process changes it at a time; StoreBusy and StoreUnavailable as for every Document.
    """
    with _document(store.folder).changing() as document:
        listed = [_account(each) for each in document.get("accounts", [])]
        yield listed
        document["accounts"] = [asdict(each) for each in listed]


@cache
def _document(folder: Path) -> Document:
    return Document(folder / "accounts.json", TypeAdapter(_Listed))


def _account(values: dict[str, Any]) -> Account:
    made = Account(**values)
    return replace(made, scopes=tuple(made.scopes), datasets=tuple(made.datasets))
