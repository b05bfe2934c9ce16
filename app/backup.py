"""A copy of the whole store, made while it is in use, and its way back.

The catalogue is copied by SQLite itself, as of one moment; every file it names was there by then
and is never changed, so that the files may be copied after it. The server's secret and the sessions
are left out: after a restore everybody signs in again.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import sqlite3
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import queries
from app import lake
from app.errors import BackupRefused
from app.intake import kept_files
from app.settings import Settings

_CATALOG, _FILES, _LIST = "catalog.sqlite", "files", "backup.json"
_ACCOUNTS = "accounts.json"  # in the store's own folder
_PRIVATE = (_ACCOUNTS, f"{_FILES}/audit/", f"{_FILES}/waiting/")
_CHUNK = 1 << 20


def make(settings: Settings, target: Path) -> tuple[int, int]:
    """Write a backup as a zip, whole or not at all; returns the last snapshot and how many files.

    Raises BackupRefused where there is no store or its catalogue is held by a server, which has
    backups of its own, and OSError.
    """
    if settings.catalog_file is None:
        raise BackupRefused("backup.server", catalog=settings.catalog.partition(":")[0])
    if not settings.catalog_file.exists():
        raise BackupRefused("backup.nothing", folder=settings.folder)
    unfinished = target.with_name(f"{kept_files.UNFINISHED}{target.name}")
    try:
        with tempfile.TemporaryDirectory(prefix="backup-") as name:
            catalogue = Path(name) / _CATALOG
            copy_catalogue(settings.catalog_file, catalogue)
            hashes: dict[str, str] = {}
            with zipfile.ZipFile(unfinished, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
                for inside, path in [(_CATALOG, catalogue), *_contents(settings)]:
                    with contextlib.suppress(
                        FileNotFoundError
                    ):  # a draft that was dropped just now
                        hashes[inside] = _add(archive, inside, path)
                snapshot = snapshot_of(catalogue)
                told = {"snapshot": snapshot, "sha256": hashes}
                archive.writestr(_LIST, json.dumps(told, ensure_ascii=False, indent=1))
        unfinished.replace(target)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
    return snapshot, len(hashes)


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
    if not (whole / _CATALOG).exists() or snapshot_of(whole / _CATALOG) != told["snapshot"]:
        raise BackupRefused("backup.no_backup", file=source)
    return told["snapshot"], len(hashes)


def copy_catalogue(source: Path, target: Path) -> None:
    """Copy a catalogue as of one moment, also while others write to it."""
    with (
        contextlib.closing(sqlite3.connect(f"{source.as_uri()}?mode=ro", uri=True)) as held,
        contextlib.closing(sqlite3.connect(target)) as copy,
    ):
        held.execute(f"pragma busy_timeout = {int(lake.PATIENCE * 1000)}")
        held.backup(copy)


def snapshot_of(catalogue: Path) -> int:
    """The last snapshot that a copy of the catalogue knows."""
    with contextlib.closing(sqlite3.connect(f"{catalogue.as_uri()}?mode=ro", uri=True)) as db:
        (found,) = db.execute(queries.text("lake/last_snapshot")).fetchone()
    return int(found)


def _contents(settings: Settings) -> Iterator[tuple[str, Path]]:
    """The files beside the catalogue: their names in the backup and where they are."""
    files = Path(settings.files)
    roots = [(files, _FILES), (settings.folder / _ACCOUNTS, _ACCOUNTS)]
    for root, prefix in roots:
        listed = [root] if root.is_file() else sorted(root.rglob("*"))
        for path in listed:
            if path.is_file() and not _is_passing(path):
                inside = PurePosixPath(prefix, *path.relative_to(root).parts)
                yield str(inside), path


def _is_passing(path: Path) -> bool:
    return path.name.startswith(kept_files.UNFINISHED) or path.suffix == ".lock"


def _add(archive: zipfile.ZipFile, inside: str, path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file, archive.open(inside, "w", force_zip64=True) as packed:
        while block := file.read(_CHUNK):
            digest.update(block)
            packed.write(block)
    return digest.hexdigest()


def _safe(inside: str) -> Path:
    """A name of a backup as a path that stays in its folder."""
    parts = PurePosixPath(inside).parts
    if not parts or ".." in parts or PurePosixPath(inside).is_absolute() or ":" in inside:
        raise ValueError(inside)
    return Path(*parts)
