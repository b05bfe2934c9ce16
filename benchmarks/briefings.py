"""Times one county briefing and a batch of all pilot counties, as files, and their memory."""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from app import areas, reads, view
from app.briefing import batch, ledger, make
from app.briefing.parts import Request

ROUNDS = 5  # after the first, which starts the worker that draws
FIRST = "440523"


@dataclass(frozen=True)
class One:
    """One briefing as a kind of file: seconds for the first and the next, its size."""

    suffix: str
    first: float
    median: float
    worst: float
    kilobytes: float


@dataclass(frozen=True)
class All:
    """A batch: seconds, files, failures, and how much the memory of the process grew, in MB."""

    suffix: str
    seconds: float
    made: int
    failed: int
    grown: float


def one(suffix: str) -> One:
    """A county's briefing, another county each time, so that no picture is drawn before."""
    with _own_ledger():
        period = reads.available_periods(view.current()[0])[-1]
        codes = [FIRST, *sorted(areas.pilot() - {FIRST})][: ROUNDS + 1]
        spent, size = [], 0
        for code in codes:
            begun = time.perf_counter()
            size = len(make.one(Request("county", period, code), suffix).content)
            spent.append(time.perf_counter() - begun)
    first, *warm = spent
    return One(suffix, first, statistics.median(warm), max(warm), size / 1024)


def every(suffix: str) -> All:
    """All pilot counties into one zip, as the page and the command line make them."""
    with _own_ledger(), tempfile.TemporaryDirectory() as folder:
        period = reads.available_periods(view.current()[0])[-1]
        requests = batch.counties(areas.pilot(), Request("county", period, ""))
        before, begun = _resident(), time.perf_counter()
        archive = batch.Archive(Path(folder) / "all.zip", "zh")
        most = before
        made = 0
        for outcome in make.several(requests, suffix):
            archive.put(outcome)
            made += isinstance(outcome, make.Made)
            most = max(most, _resident())
        archive.close()
        seconds = time.perf_counter() - begun
    return All(suffix, seconds, made, len(archive.failures), most - before)


@contextmanager
def _own_ledger() -> Iterator[None]:
    """Enter what is made in a ledger that goes away: the store keeps its own."""
    with (
        tempfile.TemporaryDirectory() as folder,
        patch.object(ledger, "_folder", lambda _: Path(folder)),
    ):
        view.current()
        yield


def _resident() -> float:
    """MB of memory that this process holds now."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20
