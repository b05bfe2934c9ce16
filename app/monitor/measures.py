"""What the running server counts of itself, in Prometheus form; no person and no data are in it."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from prometheus_client import REGISTRY, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from app import lake, settings
from app.errors import DashboardError
from app.intake import ledger
from app.kept import kept
from app.pictures import queue

BUCKETS = (0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
RERUNS = Histogram(
    "dashboard_rerun_seconds", "Seconds a run of a page took.", ["page"], buckets=BUCKETS
)
PROBLEMS = Counter("dashboard_problems", "Runs of pages that failed and got a number.")
SESSIONS = Gauge("dashboard_sessions", "Pages that are open now.")
REQUESTS = Counter("dashboard_requests", "Requests over HTTP.", ["status"])
PICTURES = Gauge("dashboard_pictures_waiting", "Pictures that are being drawn or wait for it.")
PICTURES.set_function(lambda: queue.WORKER.asking)
STARTED = time.time()


@dataclass
class Run:
    """A run of a page that goes on; the page is named once it is known."""

    page: str = "none"


@contextmanager
def run() -> Iterator[Run]:
    """Time a run of a page, however it ends."""
    going, start = Run(), time.perf_counter()
    try:
        yield going
    finally:
        RERUNS.labels(going.page).observe(time.perf_counter() - start)


@dataclass(frozen=True)
class Stored:
    """The last submission of the store: its number and when it came; 0 and None before any."""

    vintage: int
    at: dt.datetime | None


def stored() -> Stored:
    """The last submission; raises StoreBusy, StoreUnavailable."""
    return _stored(lake.stamp(settings.load()))


@kept(1)
def _stored(stamp: str) -> Stored:
    newest = next(iter(ledger.history(settings.load())), None)
    return Stored(newest["vintage"], newest["submitted_at"]) if newest else Stored(0, None)


class _Store(Collector):
    """What is asked of the store when somebody looks."""

    def collect(self) -> Iterator[Metric]:
        readable = GaugeMetricFamily("dashboard_store_readable", "1 where the store can be read.")
        try:
            last = stored()
        except DashboardError:
            readable.add_metric([], 0)
            yield readable
            return
        readable.add_metric([], 1)
        yield readable
        yield GaugeMetricFamily(
            "dashboard_submissions", "Submissions in the store.", value=last.vintage
        )
        if last.at is not None:
            age = time.time() - last.at.timestamp()
            yield GaugeMetricFamily(
                "dashboard_last_submission_age_seconds", "Seconds since the last one.", value=age
            )


REGISTRY.register(_Store())


def text() -> bytes:
    """All measures in the text form of Prometheus."""
    return generate_latest(REGISTRY)


@dataclass(frozen=True)
class Taken:
    """The runs of one page: how many, and seconds within which half and 95 % of them ended."""

    page: str
    count: int
    half: float
    most: float


def taken() -> list[Taken]:
    """How long the runs of each page took, those that ran most often first."""
    counts: dict[str, dict[float, float]] = {}
    for metric in RERUNS.collect():
        for sample in metric.samples:
            if sample.name.endswith("_bucket"):
                page = counts.setdefault(sample.labels["page"], {})
                page[float(sample.labels["le"])] = sample.value
    every = [
        Taken(page, round(upto[float("inf")]), within(upto, 0.5), within(upto, 0.95))
        for page, upto in counts.items()
    ]
    return sorted(every, key=lambda page: (-page.count, page.page))


def within(upto: dict[float, float], share: float) -> float:
    """Seconds within which a share of runs ended, between the bounds of their bucket.

    `upto` has how many ended within each bound. As Prometheus' histogram_quantile has it, what lies
    above the last bound is taken for the bound.
    """
    wanted = share * upto[float("inf")]
    below, low = 0.0, 0.0
    for bound in sorted(upto):
        if upto[bound] >= wanted:
            if bound == float("inf"):
                return low
            inside = upto[bound] - below
            return low + (bound - low) * (wanted - below) / inside if inside else bound
        below, low = upto[bound], bound
    return low
