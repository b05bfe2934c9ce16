"""Prints every measurement in one run: `python -m benchmarks`."""

from __future__ import annotations

import platform
import statistics
from collections.abc import Callable, Sequence

from playwright.sync_api import sync_playwright

from app import periods, reads, serving, settings
from app.briefing import make
from benchmarks import briefings, browser, checking, growth, pages
from benchmarks.browser import DASHBOARD, PLAIN, Change, Load, Measured, Target
from benchmarks.profiled import where_time_goes

TOPIC = "care_beds"
CHANGES = 15


def main() -> None:
    """Measure and print."""
    print(f"{platform.platform()}, Python {platform.python_version()}\n")
    quarters = _quarters()
    ours, plain = _targets(quarters)
    with sync_playwright() as playwright:
        chromium = browser.launch(playwright)
        print(f"Chromium {chromium.version}, 1440×900, loopback; median (least–most)\n")
        results = browser.compare(chromium, [ours, plain], quarters[:4], CHANGES)
        _print_comparison(*results)
        print("\nWhere the server's time of one change goes (profiled, so slower than above)\n")
        for share in where_time_goes(chromium, ours, quarters[:4], CHANGES):
            print(f"  {share.part:<28}{share.ms:8.1f} ms {100 * share.of_total:6.1f} %")
        chromium.close()
    print("\nAn upload read, checked and diffed, and what follows from it; median, s\n")
    for checked in map(checking.at, checking.SIZES):
        print(
            f"  {checked.rows:>6,} rows × {checked.columns} columns   reading {checked.reading:.2f}"
            f"   checking and diffing {checked.checking:.2f}   consequences {checked.following:.2f}"
            f"   peak {checked.megabytes:,.0f} MB   {checked.added:,} added,"
            f" {checked.changed:,} changed, {checked.unchanged:,} unchanged"
        )
    _print_pages()
    _print_briefings()
    print("\nGrowth: the serving database and each question put to it; median, slowest, first, ms")
    growth.sizes(growth.SHORT)


def _print_pages() -> None:
    """Redraws of each page, and how much longer they take with many areas."""
    print("\nA redraw on the server, warm cache (worst; cold cache); median, ms\n")
    few, many = (pages.at(size) for size in pages.SIZES)
    heads = [f"{size.areas:,} areas" for size in pages.SIZES]
    print(f"  {'':<20}{heads[0]:>34}{heads[1]:>34}{'ratio':>8}")
    for one, other in zip(few, many, strict=True):
        cells = [f"{r.median:,.0f} ({r.worst:,.0f}; {r.cold:,.0f})" for r in (one, other)]
        ratio = other.median / one.median
        print(f"  {one.page:<20}{cells[0]:>34}{cells[1]:>34}{ratio:8.2f}")


def _print_briefings() -> None:
    """One briefing, and all pilot counties in one go."""
    print("\nA county's briefing as a file; median (worst; the first, which starts a browser), s\n")
    for done in map(briefings.one, make.SUFFIXES):
        print(
            f"  {done.suffix:<8}{done.median:8.2f} ({done.worst:.2f}; {done.first:.2f})"
            f" {done.kilobytes:8,.0f} KB"
        )
    for suffix in (".docx", ".pdf"):
        whole = briefings.every(suffix)
        print(
            f"  all pilot counties, {suffix}: {whole.seconds:.1f} s, {whole.made} made,"
            f" {whole.failed} failed, memory grew by {whole.grown:,.0f} MB at most"
        )


def _quarters() -> list[str]:
    """The periods with data, newest first."""
    return reads.available_periods(serving.open_vintage(settings.load()), TOPIC)[::-1]


def _targets(quarters: Sequence[str]) -> tuple[Target, Target]:
    names = {period: periods.label(period, "zh") for period in quarters}
    spellings = {period: [period, names[period]] for period in quarters}
    ours = Target(
        name="dashboard",
        command=DASHBOARD,
        path=f"/{TOPIC}",
        options=names,
        spellings=spellings,
    )
    plain = Target(
        name="plain page",
        command=PLAIN,
        path="/",
        options={period: period for period in quarters},
        spellings={period: [period] for period in quarters},
    )
    return ours, plain


def _print_comparison(ours: Measured, plain: Measured) -> None:
    def row(name: str, values: Callable[[Measured], list[float]], form: str = ",.0f") -> None:
        left, right = values(ours), values(plain)
        ratio = statistics.median(left) / statistics.median(right)
        print(f"  {name:<46}{_spread(left, form):>24}{_spread(right, form):>24}{ratio:8.2f}")

    def of_loads(loads: Callable[[Measured], list[Load]]) -> Callable[[Measured], list[float]]:
        return lambda measured: [load.ms for load in loads(measured)]

    def of_changes(value: Callable[[Change], float]) -> Callable[[Measured], list[float]]:
        return lambda measured: [value(taken) for taken in measured.changes]

    print(f"  {'':<46}{'dashboard':>24}{'plain page':>24}{'ratio':>8}")
    row("start of the server, ms", lambda m: m.ready)
    row("first load after a start, ms", of_loads(lambda m: m.first))
    row("cold load (empty browser cache), ms", of_loads(lambda m: m.cold))
    row("cold load at 10 Mbit/s, ms", of_loads(lambda m: m.slow))
    row("cold load, MB", lambda m: [load.megabytes for load in m.cold], ",.2f")
    row("cold load, requests", lambda m: [float(load.requests) for load in m.cold])
    row("warm load, ms", of_loads(lambda m: m.warm))
    row("change of quarter, ms", of_changes(lambda c: c.ms))
    row("  of it to the first answer, ms", of_changes(lambda c: c.answered_ms))
    row("  of it to the last message, ms", of_changes(lambda c: c.received_ms))
    row("change of quarter, KB over the websocket", of_changes(lambda c: c.kilobytes), ",.1f")
    row("change of quarter, KB over HTTP", of_changes(lambda c: c.fetched_kilobytes), ",.1f")
    row("change of quarter, CPU of the server, ms", of_changes(lambda c: c.cpu_ms))
    print(
        f"\n  {len(ours.changes)} changes, {ours.figures} figures on our page,"
        f" {plain.figures} on the plain one"
    )


def _spread(values: Sequence[float], form: str) -> str:
    middle = statistics.median(values)
    return f"{middle:{form}} ({min(values):{form}}–{max(values):{form}})"


if __name__ == "__main__":
    main()
