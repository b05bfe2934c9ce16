"""Growth: what the serving database and every question of the pages cost as the areas multiply.

`python -m benchmarks.growth` measures the province and 3,000 areas, `… long` also 40,000; each size
in a process of its own, whose largest memory is told. Nothing is drawn: these are the questions.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

import duckdb

import queries
from app import areas, lake, peers, reads, scopes, serving, settings, trends, view
from app import catalogue as catalogues
from app.profile import standing
from app.quality import findings
from app.scopes import Choices
from app.serving import Serving
from benchmarks import grown
from benchmarks.grown import Size

SHORT = (Size(124, 16), Size(3_000, 64))
LONG = (*SHORT, Size(40_000, 64, 1))
AIMS = {3_000: 50, 40_000: 300}  # ms
ROUNDS = 5  # after the first, which plans and reads what is cold


@dataclass(frozen=True)
class Asked:
    """One question at one size: ms of the median and the slowest, of the first time, and of CPU.

    The last is the least there was over all threads, which another load on the machine adds
    little to.
    """

    name: str
    median: float
    worst: float
    first: float
    processor: float


def main() -> None:
    """Measure each size in a process of its own, or, told a size and a folder, that one here."""
    if sys.argv[1:2] == ["at"]:
        measure(Size(*(int(text) for text in sys.argv[3:6])))
        return
    sizes(LONG if "long" in sys.argv[1:] else SHORT)


def sizes(wanted: Sequence[Size]) -> None:
    """Measure each size in a process of its own."""
    for size in wanted:
        with tempfile.TemporaryDirectory() as folder:
            at(size, Path(folder))


def at(size: Size, folder: Path) -> None:
    """Fill a store of a size below a folder and measure it."""
    place = {
        "DASHBOARD_CATALOGUE": str(grown.catalogue(folder / "catalogue", size)),
        "DASHBOARD_REFERENCE": str(grown.reference(folder / "reference", size)),
        "DASHBOARD_STORE": str(folder / "store"),
        "DASHBOARD_CACHE": str(folder / "cache"),
    }
    given = [str(folder), str(size.areas), str(size.quarters), str(size.datasets)]
    subprocess.run(
        [sys.executable, "-m", "benchmarks.growth", "at", *given],
        cwd=settings.ROOT, env=os.environ | place, check=True,
    )  # fmt: skip


def measure(size: Size) -> None:
    """Fill the store of this process's settings, if it is empty, and print what all costs."""
    config, known = settings.load(), catalogues.load()
    print(f"\n{size} quarters, {len(known.datasets)} datasets", flush=True)
    if not settings.load().folder.exists():
        taken, made = _timed(lambda: grown.store(config, known, size))
        print(f"  filled by {made:,} submissions in {taken / 1000:,.1f} s", flush=True)
    before = _resident()
    taken, source = _timed(lambda: serving.open_vintage(config))
    cells = source.cursor().execute("select count(*) from observation").fetchall()[0][0]
    _tell("serving database, built anew", taken, f"{cells:,} cells, {_grown(before)}")
    for name, again in _updates(config, size):
        taken, source = _timed(again)
        _tell(name, taken, _grown(before))
    _questions(source, size)


def _updates(config: settings.Settings, size: Size) -> Iterator[tuple[str, Callable[[], Serving]]]:
    """A correction of a quarter in the middle, and a past vintage."""
    yield "opened once more", lambda: serving.open_vintage(config)
    dataset = next(iter(catalogues.load().datasets.values()))
    with lake.session(config, write=True) as db:
        last = grown.submit(db, dataset, grown.periods(size.quarters)[-3], size.areas, seed=1)
    yield "after a correction of a quarter", lambda: serving.open_vintage(config)
    yield "as of the vintage before", lambda: serving.open_vintage(config, last - 1)
    yield "as it is now, once more", lambda: serving.open_vintage(config)


def _questions(source: Serving, size: Size) -> None:
    found = sorted(asked(source), key=lambda each: -each.worst)
    aim = AIMS.get(size.areas, 50)
    for each in found:
        over = "  over the aim" if each.worst > aim else ""
        print(
            f"  {each.name:<40}{each.median:10,.1f}{each.worst:10,.1f}{each.first:10,.1f}"
            f"{each.processor:10,.1f} ms{over}"
        )
    worst = max(each.worst for each in found)
    middle = statistics.median(each.median for each in found)
    print(
        f"  {len(found)} questions: median {middle:,.1f} ms, slowest {worst:,.1f} ms (aim {aim});"
        f" memory at most {_most():,.0f} MB",
        flush=True,
    )


def asked(source: Serving) -> list[Asked]:
    """Time each question as the pages ask it; one whose answer is kept is asked once."""
    taken: dict[str, list[tuple[float, float]]] = {}
    with _noting(taken):
        for _ in range(ROUNDS + 1):
            for ask in _asking(source):
                ask()
    return [
        Asked(
            name,
            statistics.median(w for w, _ in times[1:] or times),
            max(w for w, _ in times[1:] or times),
            times[0][0],
            min(cpu for _, cpu in times),
        )
        for name, times in taken.items()
    ]


@contextmanager
def _noting(taken: dict[str, list[tuple[float, float]]]) -> Iterator[None]:
    """Note how long each question takes until its rows are there, by name and size of its list."""
    run = queries.run

    def timed(name: str, cursor: duckdb.DuckDBPyConnection, **params: Any) -> Any:
        begun, used = time.perf_counter(), time.process_time()
        result = run(name, cursor, **params)
        spent = 1000 * (time.perf_counter() - begun), 1000 * (time.process_time() - used)
        listed = [len(v) for k, v in params.items() if k in ("indicators", "groups", "periods")]
        group = params.get("level", params.get("area_level", ""))
        label = " ".join([name, str(group), "×".join(map(str, listed))]).strip()
        taken.setdefault(label, []).append(spent)
        return result

    with patch.object(queries, "run", timed):
        yield


def _asking(source: Serving) -> Iterator[Callable[[], object]]:
    """The questions of the pages: overview, topics, map, comparison, profile, history, quality."""
    known = catalogues.load()
    dataset = next(iter(known.datasets.values()))
    names = [each.id for each in dataset.indicators]
    every = [each for each in known.indicators]
    leading = names[0]
    quarters = reads.available_periods(source)
    period, year = quarters[-1], quarters[-5]
    county = grown.code(7)
    city = areas.load()[county].city_code
    choices = Choices(period, areas.PROVINCE, county, leading, "zh")
    groups = view.trend_groups(choices)
    for level, code in (("province", areas.PROVINCE), ("pilot", areas.PILOT), ("city", city)):
        yield lambda level=level, code=code: reads.headline(source, every, period, level, code)  # type: ignore[misc]
        yield lambda level=level, code=code: reads.county_values(  # type: ignore[misc]
            source, names, period, level, code, "zh"
        )
    yield lambda: reads.headline(source, every, period, "county", county)
    yield lambda: reads.county_values(source, every[:12], period, "province", areas.PROVINCE, "zh")
    for area_level in ("county", "city"):
        yield (
            lambda area_level=area_level: reads.map_values(  # type: ignore[misc]
                source, leading, quarters[-8:], area_level, "province", areas.PROVINCE, "zh"
            )
        )
    codes = scopes.members(areas.PROVINCE)[:12]
    yield lambda: reads.county_progress(source, leading, period, codes, "zh")
    yield lambda: reads.earlier_values(source, names, quarters[-5:], "province", areas.PROVINCE)
    yield lambda: reads.standings(source, every, period, groups)
    yield lambda: reads.group_trend(source, leading, groups, "zh")
    yield lambda: trends.tested(source, names, period, groups)
    yield lambda: reads.plan(source, leading, period, "province", areas.PROVINCE, "zh")
    measures = [each.id for each in dataset.measures if each.kind == "stock"][:4]
    yield lambda: reads.measure_totals(source, dataset.id, measures, period, groups, "zh")
    yield lambda: reads.stage_totals(source, dataset.id, measures, period, groups, "zh")
    yield lambda: reads.county_measures(
        source, dataset.id, period, "province", areas.PROVINCE, "zh"
    )
    yield lambda: reads.change_contributions(
        source, leading, period, year, "province", areas.PROVINCE, "zh"
    )
    yield lambda: reads.told_values(source, leading, period, "province", areas.PROVINCE)
    yield lambda: reads.first_submission(source, dataset.id, period, True, [year])
    yield lambda: reads.before_revision(source, dataset.id)
    yield lambda: reads.available_periods(source)
    yield lambda: reads.reporting_status(source, [period])
    yield lambda: reads.indicator_values(source, names, [period], ["city", "region", "province"])
    yield lambda: standing.of(source, choices, county, standing.indicators(every=True))
    yield lambda: peers.of(source, county)
    if len(areas.load()) <= 5_000:
        for group in findings._groups(known):
            yield lambda group=group: list(findings._found(source, period, known, group))  # type: ignore[misc]


def _timed(work: Callable[[], Any]) -> tuple[float, Any]:
    begun = time.perf_counter()
    result = work()
    return 1000 * (time.perf_counter() - begun), result


def _tell(name: str, taken: float, more: str) -> None:
    print(f"  {name:<40}{taken:10,.0f} ms   {more}", flush=True)


def _resident() -> float:
    """MB of memory that this process holds now."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def _grown(before: float) -> str:
    return f"memory +{_resident() - before:,.0f} MB, at most {_most():,.0f} MB"


def _most() -> float:
    """MB of memory that this process has held at most."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
