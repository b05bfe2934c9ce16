"""Where the files beside the lake are kept: uploads, drafts, briefings, the audit, what waits.

A storage is a folder, of this machine or shared by several, or a bucket of an object store; the
setting `files` says which. Names are relative, with `/` between their parts.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from app import credentials
from app.settings import Settings
from app.storage.bucket import Bucket
from app.storage.contract import Storage, Stored
from app.storage.folder import Folder

__all__ = ["File", "Storage", "Stored", "of"]


@dataclass(frozen=True)
class File:
    """One file of a storage, which may not be there yet."""

    storage: Storage
    name: str

    def read_bytes(self) -> bytes:
        """What it holds; raises FileNotFoundError."""
        return self.storage.read(self.name)

    def size(self) -> int | None:
        """How long it is; None where it is not there."""
        return self.storage.size(self.name)

    def exists(self) -> bool:
        """Whether it is there."""
        return self.size() is not None


def of(settings: Settings) -> Storage:
    """The storage of an installation; raises StoreUnavailable for settings that will not do."""
    if settings.bucket is None:
        return Folder(Path(settings.files))
    return _bucket(settings.files, credentials.load(settings))


@lru_cache(16)
def _bucket(url: str, keys: credentials.Keys) -> Bucket:
    return Bucket(url, keys)
