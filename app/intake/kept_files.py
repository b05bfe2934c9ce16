"""Files as they came, kept byte for byte: whole or not at all, and under names that do no harm."""

from __future__ import annotations

import io
import os
import re
import secrets
import unicodedata
from pathlib import Path

from app.settings import Settings

UNFINISHED = ".incoming-"  # what a name begins with until the file is whole
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


def place(settings: Settings, sha256: str, file_name: str) -> Path:
    """Where the file of a submission is kept."""
    suffix = Path(file_name).suffix.lower()
    return settings.uploads / (sha256 + (suffix if _SUFFIX.fullmatch(suffix) else ""))


def put(target: Path, content: bytes, mode: int = 0o666) -> None:
    """Write a file so that it is there whole or not at all, also after a crash; raises OSError.

    `mode` are its permissions, of which the system's mask may take some away.
    """
    unfinished = target.with_name(UNFINISHED + secrets.token_hex(8))
    try:
        with _created(unfinished, mode) as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(target)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
    if os.name == "posix":
        folder = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(folder)  # or a power cut may take the new name away
        finally:
            os.close(folder)


def _created(path: Path, mode: int) -> io.BufferedWriter:
    while True:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            return open(path, "xb", opener=lambda name, flags: os.open(name, flags, mode))
        except FileNotFoundError:
            continue  # another process has just removed the empty folder
