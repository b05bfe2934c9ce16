"""Loads a server with many readers, and with analysts who submit: `python -m benchmarks.load`.

Beside our page stands the same page written the plain way, so that the ratio says something on any
machine. With analysts, each of whom reports a city of their own in a copy of the store, it is
looked at whether every submission is kept and no reading ever finds half of one.
"""

from __future__ import annotations

import argparse
import asyncio
import csv
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

import queries
from app import areas, lake, scopes, settings
from app.i18n import t
from app.intake import ledger
from benchmarks.browser import DASHBOARD, PLAIN, Served, Target, served
from benchmarks.readers import Heard, Reader, read_together

PAUSE = (3.0, 7.0)  # seconds between two choices of a reader
QUARTER = "2025Q1"  # the first after the sample
DATASET = "care_beds"
BOXES = tuple(t(f"bar.{name}", "zh") for name in ("period", "scope", "indicator"))
PLAIN_BOXES = ("Period", "Indicator")


OURS = Target("dashboard", DASHBOARD, f"/{DATASET}", {}, {})
OTHER = Target("plain page", PLAIN, "/", {}, {})


@dataclass
class Loaded:
    """One load of a server: what the readers met with, and its memory before and after in MB."""

    heard: Heard
    before: float
    after: float
    sessions: int

    def line(self, name: str) -> str:
        """The load as a line of a table."""
        taken = sorted(self.heard.taken) or [float("nan")]
        p50, p95 = (_percentile(taken, share) for share in (0.50, 0.95))
        each = (self.after - self.before) / self.sessions
        return (
            f"  {name:<34}{len(self.heard.taken):>8,}{p50:>9,.0f}{p95:>9,.0f}{taken[-1]:>9,.0f}"
            f"{len(self.heard.errors):>8}{self.after:>10,.0f}{each:>10.2f}"
        )


HEAD = (
    f"  {'':<34}{'changes':>8}{'p50 ms':>9}{'p95 ms':>9}{'max ms':>9}{'errors':>8}"
    f"{'memory MB':>10}{'/session':>10}"
)


@dataclass
class Analyst:
    """Somebody who reports a city again and again, each time with other numbers."""

    city: str
    folder: Path
    stored: int = 0
    failed: int = 0

    def report(self, until: float, pause: float) -> None:
        """Submit by the command line, in a process of its own, until a time (monotonic)."""
        while time.monotonic() < until:
            file = self._written(self.stored + self.failed)
            done = subprocess.run(
                [sys.executable, "-m", "app", "submit", str(file), "--by", self.city,
                 "--note", "load", "--explain", "load"],
                cwd=settings.ROOT, capture_output=True, check=False, text=True,
            )  # fmt: skip
            if done.returncode == 0:
                self.stored += 1
            else:
                self.failed += 1
                print(done.stdout[-300:], done.stderr[-300:])
            time.sleep(pause)

    def _written(self, number: int) -> Path:
        file = self.folder / f"{self.city}.csv"
        with file.open("w", encoding="utf-8", newline="") as text:
            writer = csv.writer(text)
            for place, code in enumerate(_counties(self.city)):
                row = _row(code, number)
                if not place:
                    writer.writerow(row)
                writer.writerow(row.values())
        return file


def _row(code: str, number: int) -> dict[str, object]:
    """A county's report: in one submission all counties have the same beds."""
    return {
        "area_code": code, "period": QUARTER, "institutions": 10, "beds_total": 200 + number,
        "beds_care": 120 + number, "public_beds_total": 80, "public_beds_care": 40,
        "care_beds_added_ytd": 5, "care_beds_added_plan": 20, "residents": 150,
        "residents_disabled": 60,
    }  # fmt: skip


def load(
    servers: Sequence[Served],
    sessions: int,
    seconds: float,
    boxes: tuple[str, ...],
    pause: tuple[float, float],
) -> Loaded:
    """Load running servers of the same store with readers, each of whom stays with one."""
    page = servers[0].target.path.strip("/")
    # what the first visit fills is no session's
    first = [Reader(server.port, page, boxes) for server in servers]
    asyncio.run(read_together(first, 3.0, (0.2, 0.4)))
    before = sum(memory(server.process.pid) for server in servers)
    ports = [server.port for server in servers]
    readers = [
        Reader(ports[seed % len(ports)], page, boxes, seed) for seed in range(1, sessions + 1)
    ]
    heard = asyncio.run(read_together(readers, seconds, pause))
    after = sum(memory(server.process.pid) for server in servers)
    return Loaded(heard, before, after, sessions)


def load_with_analysts(
    server: Served, sessions: int, seconds: float, analysts: Sequence[Analyst], rest: float
) -> tuple[Loaded, int]:
    """The same while analysts submit; how many readings found half a submission, too."""
    until = time.monotonic() + seconds
    threads = [
        threading.Thread(target=analyst.report, args=(until - 5, rest)) for analyst in analysts
    ]
    torn = 0
    watching = threading.Event()

    def watch() -> None:
        nonlocal torn
        while not watching.wait(1.0):
            torn += _torn([analyst.city for analyst in analysts])

    threads.append(threading.Thread(target=watch))
    for thread in threads:
        thread.start()
    loaded = load([server], sessions, seconds, BOXES, PAUSE)
    for thread in threads[:-1]:
        thread.join()
    watching.set()
    threads[-1].join()
    return loaded, torn


def _torn(cities: Sequence[str]) -> int:
    """How many cities have counties that show the beds of different submissions."""

    def read(db: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
        return queries.rows("lake/quarter_cells", db, dataset_id=DATASET, period=QUARTER)

    cells = lake.read(settings.load(), read) or []
    beds = {c["area_code"]: c["value"] for c in cells if c["measure_id"] == "beds_care"}
    return sum(len({beds.get(code) for code in _counties(city)}) > 1 for city in cities)


def _counties(city: str) -> list[str]:
    return list(scopes.members(city))


def memory(process: int) -> float:
    """The memory that a process holds, in MB; 0 where the system does not tell."""
    try:
        status = Path(f"/proc/{process}/status").read_text()
    except OSError:
        return 0.0
    return int(next(line for line in status.splitlines() if "VmRSS" in line).split()[1]) / 1024


def _percentile(ordered: Sequence[float], share: float) -> float:
    if len(ordered) < 2:
        return ordered[0] if ordered else float("nan")
    return statistics.quantiles(ordered, n=100, method="inclusive")[round(100 * share) - 1]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sessions", type=int, nargs="+", default=[50, 100])
    parser.add_argument("--seconds", type=float, default=300)
    parser.add_argument("--processes", type=int, nargs="+", default=[1, 2], help="of ours")
    parser.add_argument("--analysts", type=int, default=10)
    parser.add_argument("--readers", type=int, default=40, help="beside the analysts")
    parser.add_argument("--rest", type=float, default=20, help="seconds between two reports")
    parser.add_argument("--plain", action=argparse.BooleanOptionalAction, default=True)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        store = Path(name) / "store"
        shutil.copytree(settings.load().folder, store)
        os.environ["DASHBOARD_STORE"] = str(store)
        print(f"A choice every {PAUSE[0]:g}–{PAUSE[1]:g} s for {asked.seconds:g} s\n\n{HEAD}")
        for sessions in asked.sessions:
            for processes in asked.processes:
                with ExitStack() as running:
                    servers = [running.enter_context(served(OURS)) for _ in range(processes)]
                    loaded = load(servers, sessions, asked.seconds, BOXES, PAUSE)
                print(loaded.line(f"dashboard × {processes}, {sessions} sessions"), flush=True)
                _print_errors(loaded)
            if asked.plain:
                with served(OTHER) as server:
                    loaded = load([server], sessions, asked.seconds, PLAIN_BOXES, PAUSE)
                    print(loaded.line(f"plain page, {sessions} sessions"), flush=True)
                _print_errors(loaded)
        if asked.analysts:
            _with_analysts(asked.analysts, asked.readers, asked.seconds, asked.rest, Path(name))


def _with_analysts(count: int, sessions: int, seconds: float, rest: float, folder: Path) -> None:
    cities = [code for code in areas.cities() if len(_counties(code)) > 1][:count]
    analysts = [Analyst(city, folder) for city in cities]
    before = len(ledger.history(settings.load()))
    with served(OURS) as server:
        loaded, torn = load_with_analysts(server, sessions, seconds, analysts, rest)
    print(loaded.line(f"dashboard, {sessions} sessions, {count} analysts"))
    _print_errors(loaded)
    stored, failed = sum(a.stored for a in analysts), sum(a.failed for a in analysts)
    kept = len(ledger.history(settings.load())) - before
    print(
        f"\n  {stored} submissions stored, {failed} refused, {stored - kept} lost,"
        f" {torn} readings that found half of one"
    )


def _print_errors(loaded: Loaded) -> None:
    for said in sorted(set(loaded.heard.errors)):
        print(f"    {loaded.heard.errors.count(said)} × {said}")


if __name__ == "__main__":
    main()
