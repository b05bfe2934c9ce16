"""A file ready to be sent: compressed once, with what a browser needs to keep it."""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.responses import Response

# Streamlit names each bundle file after its content, so a cached one is never out of date.
FOREVER = "public, max-age=31536000, immutable"
# Long enough for one visit, short enough that new boundaries show the same day.
BRIEFLY = "public, max-age=300, must-revalidate"
ALWAYS_ASK = "no-cache"

_COMPRESSIBLE = {
    ".js",
    ".css",
    ".json",
    ".geojson",
    ".topojson",
    ".svg",
    ".html",
    ".txt",
}
_MEDIA_TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".geojson": "application/geo+json",
    ".topojson": "application/json",
}


@dataclass(frozen=True)
class Sendable:
    """One file ready to send: its bytes plain and gzipped (None where that saves nothing)."""

    body: bytes
    gzipped: bytes | None
    etag: str
    media_type: str

    @classmethod
    def of(cls, body: bytes, suffix: str, level: int = 6) -> Sendable:
        gzipped = gzip.compress(body, level, mtime=0) if suffix in _COMPRESSIBLE else None
        guess = mimetypes.types_map.get(suffix, "application/octet-stream")
        return cls(
            body,
            gzipped,
            hashlib.sha256(body).hexdigest()[:20],
            _MEDIA_TYPES.get(suffix, guess),
        )

    def response(self, headers: Headers, cache_control: str) -> Response:
        """Answer one GET: 304 where the browser holds this version, gzip where it takes it."""
        compress = self.gzipped is not None and "gzip" in headers.get("accept-encoding", "")
        etag = f'"{self.etag}{"-gz" if compress else ""}"'
        answer = {
            "Cache-Control": cache_control,
            "ETag": etag,
            "Vary": "Accept-Encoding",
        }
        held = {
            tag.strip().removeprefix("W/") for tag in headers.get("if-none-match", "").split(",")
        }
        if etag in held or "*" in held:
            return Response(status_code=304, headers=answer)
        if compress:
            answer["Content-Encoding"] = "gzip"
        return Response(
            self.gzipped if compress else self.body,
            headers=answer,
            media_type=self.media_type,
        )
