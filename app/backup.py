"""A copy of the whole store, made while it is in use, and its way back.

The catalogue is copied as of one moment; every file it names was there by then and is never
changed, so that the files may be copied after it. It is a SQLite file in every backup, wherever
the store is: what is restored needs no server, and can be moved to one (app.moving). The server's
secret and the sessions are left out: after a restore everybody signs in again.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import sqlite3
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path, PurePosixPath

import queries
from app import lake, storage
from app.errors import BackupRefused
from app.moving import files
from app.moving.held import CATALOG, copied
from app.settings import Settings
from app.storage.folder import UNFINISHED

_FILES, _LIST = "files", "backup.json"
_ACCOUNTS = "accounts.json"  # in the store's own folder
_PRIVATE = (_ACCOUNTS, *(f"{_FILES}/{name}" for name in files.PRIVATE))
_CHUNK = 1 << 20


def make(settings: Settings, target: Path) -> tuple[int, int]:
    """Write a backup as a zip, whole or not at all; returns the last snapshot and how many files.

    A store on a server or an object store becomes one that needs neither. Raises BackupRefused
    where there is no store, StoreUnavailable and OSError.
    """
    if not _is_there(settings):
        raise BackupRefused("backup.nothing", folder=settings.folder)
    unfinished = target.with_name(f"{UNFINISHED}{target.name}")
    try:
        with (
            copied(settings) as copy,
            zipfile.ZipFile(unfinished, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        ):
            assert copy.catalog_file is not None
            hashes = {CATALOG: _add(archive, CATALOG, copy.catalog_file.read_bytes())}
            for inside, read in _contents(settings):
                with contextlib.suppress(FileNotFoundError):  # a draft that was dropped just now
                    hashes[inside] = _add(archive, inside, read())
            snapshot = snapshot_of(copy.catalog_file)
            told = {"snapshot": snapshot, "sha256": hashes}
            archive.writestr(_LIST, json.dumps(told, ensure_ascii=False, indent=1))
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)
    return snapshot, len(hashes)


def _is_there(settings: Settings) -> bool:
    """Whether there is a store, which may be of an older form where it is a file."""
    if settings.catalog_file is not None:
        return settings.catalog_file.exists()
    return lake.read(settings, lake.last_vintage) is not None


def restore(source: Path, folder: Path) -> tuple[int, int]:
    """Put a backup into a folder that is empty or not there; returns snapshot and files.

    Every file is compared with its hash and the store is opened before the folder gets its name.
    Raises BackupRefused for a folder in use, and for what is no backup or is damaged; OSError.
    """
    if folder.exists() and any(folder.iterdir()):
        raise BackupRefused("backup.not_empty", folder=folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".restoring-", dir=folder.parent) as name:
        whole = Path(name) / "store"
        snapshot, count = _unpack(source, whole)
        if folder.exists():
            folder.rmdir()
        whole.rename(folder)
    return snapshot, count


def _unpack(source: Path, whole: Path) -> tuple[int, int]:
    try:
        with zipfile.ZipFile(source) as archive:
            told = json.loads(archive.read(_LIST))
            hashes: dict[str, str] = told["sha256"]
            for inside, expected in hashes.items():
                target = whole / _safe(inside)
                target.parent.mkdir(parents=True, exist_ok=True)
                with archive.open(inside) as packed, target.open("xb") as file:
                    digest = hashlib.sha256()
                    while block := packed.read(_CHUNK):
                        digest.update(block)
                        file.write(block)
                if digest.hexdigest() != expected:
                    raise BackupRefused("backup.damaged", file=source, inside=inside)
                if inside.startswith(_PRIVATE):
                    target.chmod(0o600)
    except (zipfile.BadZipFile, KeyError, ValueError, TypeError, EOFError) as error:
        raise BackupRefused("backup.no_backup", file=source) from error
    if not (whole / CATALOG).exists() or snapshot_of(whole / CATALOG) != told["snapshot"]:
        raise BackupRefused("backup.no_backup", file=source)
    return told["snapshot"], len(hashes)


def snapshot_of(catalogue: Path) -> int:
    """The last snapshot that a copy of the catalogue knows."""
    with contextlib.closing(sqlite3.connect(f"{catalogue.as_uri()}?mode=ro", uri=True)) as db:
        (found,) = db.execute(queries.text("lake/last_snapshot")).fetchone()
    return int(found)


def _contents(settings: Settings) -> Iterator[tuple[str, Callable[[], bytes]]]:
    """The files beside the catalogue: their names in the backup and what reads them."""
    here = storage.of(settings)
    for name in files.names(here):
        yield f"{_FILES}/{name}", partial(files.content, here, name)
    accounts = settings.folder / _ACCOUNTS
    if accounts.is_file():
        yield _ACCOUNTS, accounts.read_bytes


def _add(archive: zipfile.ZipFile, inside: str, content: bytes) -> str:
    archive.writestr(inside, content)
    return hashlib.sha256(content).hexdigest()


def _safe(inside: str) -> Path:
    """A name of a backup as a path that stays in its folder."""
    parts = PurePosixPath(inside).parts
    if not parts or ".." in parts or PurePosixPath(inside).is_absolute() or ":" in inside:
        raise ValueError(inside)
    return Path(*parts)
