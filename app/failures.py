"""What a failure of the store or its disk means, in words that say what to mend."""

from __future__ import annotations

import errno
import re
import shutil
from pathlib import Path

import duckdb

from app import postgres
from app.errors import DashboardError, StoreOutdated, StoreUnavailable
from app.settings import Settings
from app.storage import bucket

_BUSY = (
    "database is locked", "Transaction conflict", "conflict", "could not serialize",
    "duplicate key value", "deadlock detected", "maximum retry count", "due to lock timeout",
    '"ducklake_metadata" already exists',  # two have found it empty
)  # fmt: skip
_FULL_ERRORS = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_FULL = ("No space left", "disk is full", "quota exceeded", "File too large")
_READ_ONLY_ERRORS = {errno.EACCES, errno.EPERM, errno.EROFS}
_READ_ONLY = ("readonly database", "Permission denied", "Read-only file system")
_OTHER_FORM = re.compile(
    r"catalog version is ([\w.]+), but the extension requires version ([\w.]*\w)"
)
_LEAST_SPACE = 1 << 20  # SQLite does not always say that it failed for want of space


def named(settings: Settings, error: Exception) -> DashboardError:
    """The failure of a store or a disk as an error that says what to mend."""
    said, number = str(error), getattr(error, "errno", None)
    if form := _OTHER_FORM.search(said):
        return StoreOutdated(*form.groups())
    known = postgres.named(said)
    if known is not None:
        return known
    if settings.bucket is not None and isinstance(error, duckdb.Error) and "HTTP" in said:
        return bucket.named(settings.bucket, error)
    folder = _shown(settings)
    if number in _READ_ONLY_ERRORS or any(sign in said for sign in _READ_ONLY):
        return StoreUnavailable("error.store_read_only", folder=folder)
    full = number in _FULL_ERRORS or any(sign in said for sign in _FULL)
    if full or _is_full(settings):
        return StoreUnavailable("error.disk_full", folder=folder)
    return StoreUnavailable("error.store_failed", reason=said.splitlines()[0])


def is_busy(error: Exception) -> bool:
    """Whether another process was at work, so that it may go well the next time."""
    return not isinstance(error, OSError) and any(sign in str(error) for sign in _BUSY)


def _is_full(settings: Settings) -> bool:
    folder = Path(_shown(settings))
    return folder.exists() and shutil.disk_usage(folder).free < _LEAST_SPACE


def _shown(settings: Settings) -> str:
    """The folder or bucket that is meant when the store can't be written."""
    return str(settings.catalog_file.parent) if settings.catalog_file else settings.files
