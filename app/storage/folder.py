"""Files in a folder of this machine, or one that several machines share."""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import json
import os
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from app.errors import StoreBusy, StoreUnavailable
from app.periods import SHANGHAI
from app.storage.contract import Stored

UNFINISHED = ".incoming-"  # what a name begins with until the file is whole
OWNER_ONLY, EVERYBODY = 0o600, 0o666
_ABANDONED = dt.timedelta(days=1)  # an unfinished file as old as this belongs to no one
_PATIENCE = 10  # seconds until another process must have finished
_LAST_BYTES = 65_536  # of a journal; a line is far shorter


@dataclass(frozen=True)
class Folder:
    """A folder as a storage: app.storage.contract says what each method does."""

    root: Path

    @property
    def shown(self) -> str:
        return str(self.root)

    def read(self, name: str) -> bytes:
        return (self.root / name).read_bytes()

    def first_line(self, name: str) -> bytes:
        with (self.root / name).open("rb") as file:
            return file.readline()

    def size(self, name: str) -> int | None:
        try:
            return (self.root / name).stat().st_size
        except FileNotFoundError:
            return None

    def put(self, name: str, content: bytes, *, private: bool = False) -> None:
        put(self.root / name, content, OWNER_ONLY if private else EVERYBODY)

    def put_new(self, name: str, content: bytes, *, private: bool = False) -> bool:
        if self.size(name) is not None:
            return False
        self.put(name, content, private=private)
        return True

    def keep(self, name: str, content: bytes) -> None:
        with contextlib.suppress(FileNotFoundError):  # swept away between the two: written anew
            if self.size(name) == len(content):
                os.utime(self.root / name)
                return
        self.put(name, content)

    def remove(self, name: str) -> None:
        path = self.root / name
        path.unlink(missing_ok=True)
        with contextlib.suppress(OSError):  # absent, or other files are in it
            path.parent.rmdir()

    def listed(self, under: str) -> list[Stored]:
        found = []
        for path in _files(self.root / under):
            if path.name.startswith(UNFINISHED) or path.suffix == ".lock":
                continue
            with contextlib.suppress(FileNotFoundError):  # another process has just removed it
                status = path.stat()
                modified = dt.datetime.fromtimestamp(status.st_mtime, SHANGHAI)
                name = path.relative_to(self.root).as_posix()
                found.append(Stored(name, status.st_size, modified))
        return found

    def sweep(self, under: str, age: dt.timedelta) -> None:
        folder = self.root / under
        for path in _files(folder):
            unfinished = path.name.startswith(UNFINISHED)
            if _age(path) > (_ABANDONED if unfinished else age):
                self.remove(path.relative_to(self.root).as_posix())
        above = [parent for parent in folder.parents if parent.is_relative_to(self.root)]
        for path in (found for parent in above for found in parent.glob(f"{UNFINISHED}*")):
            if _age(path) > _ABANDONED:
                path.unlink(missing_ok=True)

    @contextmanager
    def at_hand(self, name: str) -> Iterator[Path]:
        yield self.root / name

    @contextmanager
    def changing(self, name: str) -> Iterator[dict[str, Any]]:
        path = self.root / name
        with _locked(path):
            try:
                held = json.loads(path.read_bytes())
            except FileNotFoundError:
                held = {}
            except ValueError as error:
                raise StoreUnavailable("access.damaged", file=path) from error
            yield held
            put(path, json.dumps(held, ensure_ascii=False, indent=1).encode(), OWNER_ONLY)

    def add_line(self, journal: str, make: Callable[[str], str]) -> None:
        path = self.root / f"{journal}.jsonl"
        with _locked(path):
            line = make(_last_line(path)) + "\n"
            flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT
            with os.fdopen(os.open(path, flags, OWNER_ONLY), "ab") as file:
                file.write(line.encode())
                file.flush()
                os.fsync(file.fileno())

    def journals(self, under: str) -> list[str]:
        return sorted(f"{under}/{path.stem}" for path in (self.root / under).glob("*.jsonl"))

    def lines(self, journal: str) -> list[str]:
        return (self.root / f"{journal}.jsonl").read_text("utf-8").splitlines()


def put(target: Path, content: bytes, mode: int = EVERYBODY) -> None:
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
    finally:
        unfinished.unlink(missing_ok=True)
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


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(f"{path}.lock", timeout=_PATIENCE, mode=OWNER_ONLY):
            yield
    except Timeout as error:
        raise StoreBusy("access.busy", file=path) from error


def _files(folder: Path) -> list[Path]:
    """All files in a folder and below; one that disappears meanwhile may be among them."""
    found: list[Path] = []
    for place, _, names in os.walk(folder):
        found += [Path(place, name) for name in names]
    return sorted(found)


def _age(path: Path) -> dt.timedelta:
    try:
        return dt.timedelta(seconds=time.time() - path.stat().st_mtime)
    except FileNotFoundError:
        return dt.timedelta(0)


def _last_line(path: Path) -> str:
    try:
        with path.open("rb") as file:
            end = file.seek(0, os.SEEK_END)
            file.seek(max(0, end - _LAST_BYTES))
            lines = file.read().splitlines()
    except FileNotFoundError:
        return ""
    return lines[-1].decode("utf-8", "replace") if lines else ""
