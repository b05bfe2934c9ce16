"""What was told before a correction: one dataset as an earlier vintage knew it.

Looked up in the vintage that is shown, and opened only where something was corrected.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from app import catalogue, periods, reads, serving, settings
from app.i18n import t
from app.kept import kept
from app.periods import SHANGHAI
from app.serving import Serving


@dataclass(frozen=True)
class Before:
    """The trend frame of some groups before the last correction of their dataset."""

    rows: pd.DataFrame
    vintage: int
    stored: dt.datetime

    def name(self, lang: str) -> str:
        """Which vintage it is and of which day, for the key of a figure."""
        day = f"{self.stored.astimezone(SHANGHAI):%Y-%m-%d}"
        return t("revisions.before", lang, vintage=self.vintage, day=day)


def before(source: Serving, indicator_id: str, groups: Sequence[str], lang: str) -> Before | None:
    """Groups (given as level/code) before the last correction; None where there was none."""
    dataset = catalogue.load().dataset_of[indicator_id]
    found = reads.before_revision(source, dataset.id)
    if found is None or source.outside:
        return None
    vintage, stored = found
    rows = reads.group_trend(earlier(dataset.id, vintage), indicator_id, groups, lang)
    return Before(rows, vintage, stored)


def first_told(
    source: Serving, dataset_id: str, period: str, sample: bool, base: str
) -> tuple[Serving, int] | None:
    """A dataset just before its data of a quarter began to come, and that vintage.

    None where nothing was stored then, or nothing was submitted since that could change its figure
    of the quarter `base` (or of the one before, which the quarter's own amounts are taken from).
    """
    touching = (base, periods.shift(base, -1))
    first = reads.first_submission(source, dataset_id, period, sample, touching)
    if first is None or first == 1 or source.outside:
        return None
    return earlier(dataset_id, first - 1), first - 1


def earlier(dataset_id: str, vintage: int) -> Serving:
    """One dataset as a vintage knew it."""
    return _earlier(settings.load().catalog, dataset_id, vintage)


@kept(32)
def _earlier(catalog: str, dataset_id: str, vintage: int) -> Serving:
    return serving.open_vintage(settings.load(), vintage, dataset_id)
