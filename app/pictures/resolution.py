"""The resolution of a PNG, written into the file: programs place the picture by it."""

from __future__ import annotations

import struct
import zlib

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_HEADER = 8 + 25  # the signature and the first chunk, IHDR
_METRE = 0.0254  # of an inch


def told(picture: bytes, dpi: int) -> bytes:
    """A PNG that says how many dots go to an inch (its chunk pHYs, in dots a metre)."""
    assert picture.startswith(_SIGNATURE)
    dots = round(dpi / _METRE)
    body = b"pHYs" + struct.pack(">IIB", dots, dots, 1)
    chunk = struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
    return picture[:_HEADER] + chunk + picture[_HEADER:]
