"""The process that draws pictures: reads figures from standard input, writes files to its output.

Each message is the length of its JSON or file in eight bytes, then the thing itself; an answer
begins with one byte, 1 for a picture and 0 for the words of an error. It ends with its input.
"""

from __future__ import annotations

import os
import struct
import sys
from typing import Any, BinaryIO

import kaleido
import orjson

LENGTH = struct.Struct(">Q")


def serve(source: BinaryIO, target: BinaryIO, browser: str) -> None:
    """Draw what comes until there is no more."""
    kaleido.start_sync_server(n=1, mathjax=False, path=browser, timeout=None)
    try:
        while document := received(source):
            try:
                picture = _drawn(orjson.loads(document))
                send(target, b"\x01" + picture)
            except Exception as error:  # the dashboard, which gets its words, is the one to judge
                send(target, b"\x00" + f"{type(error).__name__}: {error}".encode())
                if type(error).__name__ == "ChannelClosedError":
                    return  # its browser is gone: the next worker starts another
    finally:
        kaleido.stop_sync_server(silence_warnings=True)


def _drawn(job: dict[str, Any]) -> bytes:
    picture: bytes = kaleido.calc_fig_sync(
        job["figure"], opts=job["options"], topojson=job["topojson"]
    )
    return picture


def received(source: BinaryIO) -> bytes:
    """The next message; empty at the end."""
    head = source.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return b""
    return source.read(LENGTH.unpack(head)[0])


def send(target: BinaryIO, message: bytes) -> None:
    """Write a message."""
    target.write(LENGTH.pack(len(message)) + message)
    target.flush()


if __name__ == "__main__":
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what the libraries print must not stand between the answers
    serve(sys.stdin.buffer, answers, sys.argv[1])
