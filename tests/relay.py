"""A relay before a Postgres that cuts a connection just when a commit has been made.

The server has committed and said so; who asked for it is cut off before it hears. What goes through
are the messages of Postgres's protocol: a query is Q, its length, its text.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_WRITTEN, _COMMIT = b"INSERT INTO", b"COMMIT"


class Relay:
    """Listens on a port of loopback and passes everything on to a socket of a Postgres.

    Once `armed` the next one that has written a snapshot is cut in its commit; `cuts` counts.
    """

    def __init__(self, target: Path) -> None:
        self.armed, self.cuts = False, 0
        self._target = str(target)
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._door.getsockname()[1])
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """Let nobody in any more."""
        self._door.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._door.accept()
            except OSError:
                return  # closed
            server = socket.socket(socket.AF_UNIX)
            server.connect(self._target)
            lost = threading.Event()
            for work in (self._ask, self._answer):
                threading.Thread(target=work, args=(client, server, lost), daemon=True).start()

    def _ask(self, client: socket.socket, server: socket.socket, lost: threading.Event) -> None:
        written = False
        for data in _received(client):
            written |= _WRITTEN in data and b"ducklake_snapshot" in data
            if self.armed and written and _COMMIT in data:
                self.armed = False
                lost.set()  # before the server can have answered
            server.sendall(data)
        server.close()

    def _answer(self, client: socket.socket, server: socket.socket, lost: threading.Event) -> None:
        for data in _received(server):
            if lost.is_set():
                assert _COMMIT in data  # it says that it has committed
                self.cuts += 1
                break
            client.sendall(data)
        for end in (client, server):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue  # the other side was faster


@contextmanager
def relayed(target: Path) -> Iterator[Relay]:
    """A relay before a Postgres while it is needed."""
    relay = Relay(target)
    try:
        yield relay
    finally:
        relay.close()


def _received(end: socket.socket) -> Iterator[bytes]:
    while True:
        try:
            data = end.recv(65_536)
        except OSError:
            return
        if not data:
            return
        yield data
