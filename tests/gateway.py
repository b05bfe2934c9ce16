"""A small gateway: it names the person behind every request and passes it on to the dashboard."""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

HEADER = "X-Forwarded-User"
_OWN = re.compile(rb"\r\n(?:x-forwarded-user|connection):[^\r\n]*", re.IGNORECASE)


class Gateway:
    """Where it listens, from which address it asks the dashboard, and whom it names."""

    def __init__(self, dashboard: int, source: str) -> None:
        self.dashboard = dashboard
        self.source = source
        self.person: str | None = None
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self.listener.getsockname()[1])

    def run(self) -> None:
        with suppress(OSError):  # closed at the end
            while True:
                browser, _ = self.listener.accept()
                threading.Thread(target=self._passed_on, args=(browser,), daemon=True).start()

    def _passed_on(self, browser: socket.socket) -> None:
        with suppress(OSError), browser:
            head = b""
            while b"\r\n\r\n" not in head:
                part = browser.recv(65536)
                if not part:
                    return
                head += part
            head, _, rest = head.partition(b"\r\n\r\n")
            upgrade = b"\r\nupgrade:" in head.lower()
            head = _OWN.sub(b"", head)
            head += b"\r\nConnection: " + (b"Upgrade" if upgrade else b"close")
            if self.person is not None:
                head += f"\r\n{HEADER}: {self.person}".encode()
            with socket.create_connection(
                ("127.0.0.1", self.dashboard), source_address=(self.source, 0)
            ) as server:
                server.sendall(head + b"\r\n\r\n" + rest)
                threading.Thread(target=_copied, args=(browser, server), daemon=True).start()
                _copied(server, browser)


def _copied(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while part := source.recv(65536):
            target.sendall(part)
    with suppress(OSError):
        target.shutdown(socket.SHUT_RDWR)


@contextmanager
def gateway(dashboard: int, source: str) -> Iterator[Gateway]:
    """A running gateway before the dashboard at a port."""
    made = Gateway(dashboard, source)
    threading.Thread(target=made.run, daemon=True).start()
    yield made
    made.listener.close()
