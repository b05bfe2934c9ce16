"""Errors with a message that says what is wrong, where, and how to mend it."""

from __future__ import annotations


class DashboardError(Exception):
    """The base of every error a user may meet; its text is fit to be shown."""


class CatalogueInvalid(DashboardError):
    """A catalogue or reference file breaks its schema; the text names file and line."""


class GeographyInvalid(DashboardError):
    """Boundaries are absent or fail one of the checks of the build."""


class UnknownName(DashboardError):
    """A dataset, indicator, area, level, query or submission that does not exist."""


class BadPeriod(DashboardError):
    """A period that is not a quarter such as 2023Q4."""


class UploadRejected(DashboardError):
    """A file that cannot be read as a workbook or table at all."""


class ExplanationNeeded(DashboardError):
    """A submission with warnings came without an explanation."""


class RevertRefused(DashboardError):
    """Later submissions changed the same cells."""


class StoreBusy(DashboardError):
    """Another process held the store's lock for too long."""


class StoreUnavailable(DashboardError):
    """The store can't be opened as it is configured."""


class ServeRefused(DashboardError):
    """The dashboard can't be served at the address or port that was asked for."""
