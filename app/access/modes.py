"""The ways of signing in, and whether one is set up well enough to serve with it."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from app.access import attempts, roster, sessions
from app.access.people import LOCAL
from app.errors import ServeRefused
from app.settings import Settings

MODES = (LOCAL, *roster.WAYS)
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def check(store: Settings, address: str) -> None:
    """Raise ServeRefused, with how to mend it, where the dashboard may not listen on an address."""
    watchers(store)
    mode = store.access.mode
    if mode not in MODES:
        raise ServeRefused("access.unknown_mode", name=mode, names=", ".join(MODES))
    if mode == LOCAL:
        if not is_loopback(address):
            raise ServeRefused("serve.not_loopback", address=address)
        return
    missing = list(_missing(store, address))
    if missing:
        raise ServeRefused("access.not_set_up", mode=mode, missing=", ".join(missing))
    if not any(a.way == roster.WAYS[mode] for a in roster.every(store).values()):
        option = "" if mode == "accounts" else f" --{mode}"
        raise ServeRefused("access.no_accounts", mode=mode, option=option)
    proxies(store)
    sessions.check(store)
    attempts.check(store)


def is_loopback(address: str | None) -> bool:
    """Whether an address to listen on is reached from this machine alone."""
    host = "127.0.0.1" if address == "localhost" else (address or "").strip("[]")
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def is_unencrypted(store: Settings) -> bool:
    """Whether readers on other machines send passwords and get data without encryption."""
    plain = urlsplit(store.access.url).scheme == "http" and not is_loopback(host(store))
    return store.access.mode != LOCAL and plain


def _missing(store: Settings, address: str) -> Iterator[str]:
    """The settings to be made before others may come in this way."""
    access = store.access
    if access.hours <= 0:
        yield "DASHBOARD_SESSION_HOURS"
    if (access.mode == "oidc" or not is_loopback(address) or access.url) and not host(store):
        yield "DASHBOARD_URL"
    if access.mode == "oidc":
        yield from (
            name
            for name, value in {
                "DASHBOARD_OIDC_METADATA": access.oidc_metadata,
                "DASHBOARD_OIDC_CLIENT": access.oidc_client,
                "DASHBOARD_OIDC_SECRET": access.oidc_secret,
            }.items()
            if not value
        )
    if access.mode == "gateway" and not access.proxies:
        yield "DASHBOARD_PROXIES"


def host(store: Settings) -> str | None:
    """The host of the address that readers type; None where that is no address of a site."""
    parts = urlsplit(store.access.url)
    plain = not (parts.query or parts.fragment or parts.username)
    return parts.hostname if parts.scheme in {"http", "https"} and plain else None


def proxies(store: Settings) -> list[Network]:
    """The networks whose word is taken on who asks and from where; ServeRefused for no network.

    A network of all addresses would believe everyone, and is refused.
    """
    return list(_networks("DASHBOARD_PROXIES", store.access.proxies))


def watchers(store: Settings) -> list[Network]:
    """The networks that may read the server's measures; ServeRefused as for proxies."""
    return list(_networks("DASHBOARD_WATCHERS", store.watchers))


def _networks(setting: str, given: Iterable[str]) -> Iterator[Network]:
    for text in given:
        try:
            network = ipaddress.ip_network(text, strict=False)
        except ValueError as error:
            raise ServeRefused("access.bad_proxy", setting=setting, name=text) from error
        if network.prefixlen == 0:
            raise ServeRefused("access.bad_proxy", setting=setting, name=text)
        yield network
