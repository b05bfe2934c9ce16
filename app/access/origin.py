"""Which address a request comes from, as far as that can be known."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Sequence

from starlette.datastructures import Headers
from starlette.types import Scope

from app.access.modes import Network

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def peer(scope: Scope) -> Address | None:
    """The machine at the other end of the connection itself."""
    client = scope.get("client")
    return _address(client[0]) if client else None


def is_among(address: Address | None, networks: Iterable[Network]) -> bool:
    """Whether an address is in one of some networks."""
    return address is not None and any(address in network for network in networks)


def address(scope: Scope, proxies: Sequence[Network]) -> str:
    """The address of the visitor; empty where there is none.

    A proxy that was named adds to X-Forwarded-For whom it got the request from. What stands before
    the first address that is none of theirs was written by someone else and is not believed.
    """
    found = peer(scope)
    said = ",".join(Headers(scope=scope).getlist("x-forwarded-for")).split(",")
    while is_among(found, proxies) and said:
        before = _address(said.pop().strip())
        if before is None:
            break
        found = before
    return str(found or "")


def _address(text: str) -> Address | None:
    try:
        found = ipaddress.ip_address(text)
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found
