"""Errors with a message that says what is wrong, where, and how to mend it."""

from __future__ import annotations

import re

from app.i18n import t


class DashboardError(Exception):
    """The base of every error a user may meet: the key of a text and the values in it.

    A value that is a text of the catalogue is put in the reader's language. `str()` is Chinese.
    """

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(key, values)
        self.key = key
        self.values = values

    def text(self, lang: str) -> str:
        """The message in one language."""
        values = {k: v(lang) if callable(v) else v for k, v in self.values.items()}
        return t(self.key, lang, **values)

    def __str__(self) -> str:
        return self.text("zh")


class CatalogueInvalid(DashboardError):
    """A catalogue or reference file breaks its schema; `problem` names file, line and fault."""

    def __init__(self, problem: str) -> None:
        super().__init__("error.catalogue_invalid", problem=problem)


class GeographyInvalid(DashboardError):
    """Boundaries are absent or fail one of the checks of the build, which `problem` names."""

    def __init__(self, problem: str) -> None:
        super().__init__("error.geography_invalid", problem=problem)


class UnknownName(DashboardError):
    """A dataset, indicator, area, level, query or submission that does not exist."""


class BadPeriod(DashboardError):
    """A period that is not a quarter such as 2023Q4."""


class UploadRejected(DashboardError):
    """A file that cannot be read as a workbook or table at all."""


class RevertRefused(DashboardError):
    """Later submissions changed the same cells."""


class StoreBusy(DashboardError):
    """Another process held the store's lock for too long."""


class StoreUnavailable(DashboardError):
    """The store can't be opened or written as it is configured."""


class StoreOutdated(DashboardError):
    """The store has another form than this version reads: an older or a newer one."""

    def __init__(self, found: str, needed: str) -> None:
        self.found, self.needed = found, needed
        self.is_newer = _parts(found) > _parts(needed)
        key = "error.store_newer" if self.is_newer else "error.store_outdated"
        super().__init__(key, found=found, needed=needed)


class ServeRefused(DashboardError):
    """The dashboard can't be served at the address or port that was asked for."""


class AccountRefused(DashboardError):
    """An account that can't be added or changed as asked: name, password, role or scope."""


class NotAllowed(DashboardError):
    """Someone asked for what their role, scope or datasets do not allow, or a locked quarter."""


class BackupRefused(DashboardError):
    """A backup that can't be made here, or can't be put back where it was asked for."""


class UpgradeRefused(DashboardError):
    """A store that can't be upgraded here, or whose upgraded copy is not the same as before."""


class MoveRefused(DashboardError):
    """A store that can't be moved to where it was asked for, or did not arrive whole."""


class BadRequest(DashboardError):
    """Something asked for that is not offered, such as a kind of file."""


class NoBrowser(DashboardError):
    """There is no browser on this machine to draw pictures with."""


class PictureTooSlow(DashboardError):
    """A picture took longer than its limit, or its turn did not come."""


class PictureFailed(DashboardError):
    """A picture could not be drawn."""


class NoOffice(DashboardError):
    """There is no LibreOffice on this machine to make a PDF with, or it failed."""


class SuppressionRefused(DashboardError):
    """Small counts can't be hidden as asked: a threshold too low, or a past vintage."""


def _parts(version: str) -> list[int]:
    return [int(part) for part in re.findall(r"\d+", version)]
