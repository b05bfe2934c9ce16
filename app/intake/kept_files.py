"""Files as they came, kept byte for byte under names that do no harm."""

from __future__ import annotations

import os
import re
import unicodedata
from pathlib import Path

from app import storage
from app.settings import Settings

UPLOADS = "uploads"  # the folder of a storage
_LONGEST = 200  # bytes of UTF-8 in a name; file systems end at 255
_SUFFIX = re.compile(r"\.[a-z0-9]{1,8}")
_NO_TEXT = {"Cc", "Cf", "Cs", "Zl", "Zp"}  # control, direction and joining marks, line breaks
_NOT_IN_NAMES = set('<>:"|?*')  # of Windows, and of folders shared with it


def clean_name(name: str) -> str:
    """A file's name as it may be kept and shown: no folders, no control characters, not too long.

    It is never empty or hidden, and keeps its suffix.
    """
    last = re.split(r"[/\\]", name)[-1]
    kept = (c for c in last if unicodedata.category(c) not in _NO_TEXT and c not in _NOT_IN_NAMES)
    stem, suffix = os.path.splitext("".join(kept).strip(" ."))
    if len(suffix.encode()) > _LONGEST // 2:
        stem, suffix = stem + suffix, ""
    stem = stem.encode()[: _LONGEST - len(suffix.encode())].decode(errors="ignore").strip(" .")
    return (stem or "file") + suffix


def place(settings: Settings, sha256: str, file_name: str) -> storage.File:
    """Where the file of a submission is kept."""
    suffix = Path(file_name).suffix.lower()
    name = sha256 + (suffix if _SUFFIX.fullmatch(suffix) else "")
    return storage.File(storage.of(settings), f"{UPLOADS}/{name}")


def keep(settings: Settings, sha256: str, file_name: str, content: bytes) -> None:
    """Keep the file of a submission; one that is there is left as it is. Raises OSError."""
    kept = place(settings, sha256, file_name)
    # a file of another length was not written by us, or the disk has lost some of it
    if kept.size() != len(content):
        kept.storage.put(kept.name, content)
