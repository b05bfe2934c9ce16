"""Listens, and serves the dashboard until it is interrupted."""

from __future__ import annotations

import ipaddress
import os
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import uvicorn
from streamlit import config as streamlit_config

from app import settings
from app.access import modes
from app.errors import ServeRefused
from app.i18n import t
from app.monitor import log
from app.server.application import DASHBOARD, Steps, build_app
from app.settings import Settings


def _listen(port: int, address: str) -> socket.socket:
    """A listening socket, or ServeRefused with the reason there is none."""
    host = "127.0.0.1" if address == "localhost" else address.strip("[]")
    try:
        ipaddress.ip_address(host)
    except ValueError as error:
        raise ServeRefused("serve.no_address", address=address) from error
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    try:
        # On Windows this option would let two servers share one port.
        if os.name != "nt":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(256)
    except (OSError, OverflowError) as error:
        listener.close()
        raise ServeRefused("serve.port_in_use", port=port, address=address) from error
    listener.setblocking(False)
    return listener


class _Server(uvicorn.Server):
    """Says where the dashboard is once it answers."""

    ready_line = ""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            print(self.ready_line, flush=True)


def serve(
    port: int, address: str, warm: Callable[[], None] | None = None,
    ahead: Steps | None = None, script: Path = DASHBOARD,
) -> None:  # fmt: skip
    """Serve the dashboard until interrupted, and print its URL when it is ready.

    `warm` is called once before the first visitor, to fill what all sessions share, and the steps
    of `ahead` are gone through once visitors may come. Raises
    ServeRefused for an address that others reach while no way of signing in is set up, a port that
    is taken, or an installation without its static files.
    """
    store = settings.load()
    modes.check(store, address)
    lang = store.lang
    if modes.is_unencrypted(store):
        print(t("serve.unencrypted", lang, url=store.access.url), file=sys.stderr, flush=True)
    listener = _listen(port, address)
    try:
        port = listener.getsockname()[1]
        if str(settings.ROOT) not in sys.path:
            sys.path.insert(0, str(settings.ROOT))
        log.configure(store, port)
        app = build_app(script, warm, ahead)
        _tell_streamlit(port, address, store)
        url = f"http://{f'[{address}]' if ':' in address else address}:{port}"
        server = _Server(uvicorn.Config(app, **_uvicorn_options()))
        log.take_over()
        server.ready_line = t("serve.ready", lang, url=url)
        server.run(sockets=[listener])
    finally:
        listener.close()


def _tell_streamlit(port: int, address: str, store: Settings) -> None:
    """Let Streamlit's own checks of origin and host know where it is served."""
    streamlit_config.set_option("server.port", port)
    streamlit_config.set_option("server.address", address)
    # A page elsewhere whose name is made to point at this machine must not open a session.
    if not streamlit_config.is_manually_set("server.allowedHosts"):
        hosts = ["localhost", "127.0.0.1", "::1"]
        if named := modes.host(store):
            hosts.append(named)
        streamlit_config.set_option("server.allowedHosts", hosts)
    # A gateway may ask for our own name on behalf of a page under the name that readers type.
    if store.access.url and not streamlit_config.is_manually_set("server.corsAllowedOrigins"):
        streamlit_config.set_option("server.corsAllowedOrigins", [store.access.url])


def _uvicorn_options() -> dict[str, Any]:
    """Uvicorn's settings, with the message size Streamlit expects of its websocket."""
    return {
        # uvloop and httptools where they are installed; Windows has neither.
        "loop": "auto",
        "http": "auto",
        "ws": "websockets-sansio",
        "ws_max_size": streamlit_config.get_option("server.maxMessageSize") * 1_000_000,
        "ws_per_message_deflate": False,
        "access_log": False,
        "log_config": None,  # ours
        "server_header": False,
        "proxy_headers": False,  # or a header could pretend which machine asks
        "timeout_graceful_shutdown": 2,
    }
