"""Times the building of the database in memory and each question put to it, at two sizes."""

from __future__ import annotations

import csv
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

import duckdb

import queries
from app import catalogue as catalogues
from app import lake, model, serving, settings
from app.catalogue import Catalogue

TOPIC = "care_beds"
REPETITIONS = 9
AREA_TABLES = ("areas.csv", "pilot_counties.csv")


@dataclass(frozen=True)
class Size:
    """How many areas and quarters there are; the real province has 124 and the sample 16."""

    areas: int
    quarters: int


SIZES = (Size(124, 16), Size(3000, 64))


@dataclass(frozen=True)
class Timed:
    """One thing timed at one size: the median in ms, the worst, and the rows it gave."""

    name: str
    median: float
    worst: float
    rows: int


def opening() -> Timed:
    """Build the database in memory from the lake, as the dashboard does for each vintage."""

    def once() -> int:
        with serving.open_vintage(settings.load()).cursor() as cursor:
            return int(cursor.execute("select count(*) from observation").fetchall()[0][0])

    return _timed("from the lake", once, repetitions=5)


def at(size: Size) -> list[Timed]:
    """Build the model at a size and run every question of queries/ on it."""
    catalogue = catalogues.load()
    with tempfile.TemporaryDirectory() as folder, areas_of(Path(folder), size.areas):
        source = serving.open_vintage(settings.load()).db
        cells = source.execute("from observation").to_arrow_table()
        source.close()
        db = enlarged(cells, size)
        start = time.perf_counter()
        model.build(db, catalogue)
        built = 1000 * (time.perf_counter() - start)
    count = int(db.execute("select count(*) from observation").fetchall()[0][0])
    results = [Timed("the model", built, built, count)]
    values = _values(db, catalogue)
    for name in queries.names():
        given = {key: values[key] for key in queries.parameters(name)}

        def once(name: str = name, given: dict[str, Any] = given) -> int:
            return len(queries.run(name, db.cursor(), **given).fetchall())

        results.append(_timed(name, once))
    db.close()
    return results


def _timed(name: str, once: Callable[[], int], repetitions: int = REPETITIONS) -> Timed:
    taken = []
    rows = 0
    for _ in range(repetitions + 1):
        start = time.perf_counter()
        rows = once()
        taken.append(1000 * (time.perf_counter() - start))
    # The first time reads files and plans.
    return Timed(name, statistics.median(taken[1:]), max(taken[1:]), rows)


@contextmanager
def areas_of(folder: Path, count: int) -> Iterator[None]:
    """Let the model read as many areas: the real ones again and again under other codes."""
    written: set[str] = set()
    for name in AREA_TABLES:
        with (settings.REFERENCE / name).open(encoding="utf-8", newline="") as source:
            reader = csv.DictReader(source)
            known, columns = list(reader), list(reader.fieldnames or ())
        with (folder / name).open("w", encoding="utf-8", newline="") as enlarged:
            writer = csv.DictWriter(enlarged, columns)
            writer.writeheader()
            for copy in range(_copies(count)):
                for position, row in enumerate(known):
                    codes = {key: _code(row[key], copy) for key in row if key.endswith("code")}
                    if name == "areas.csv":
                        if copy * len(known) + position >= count:
                            break
                        written.add(codes["code"])
                    elif codes["code"] not in written:
                        continue
                    writer.writerow(row | codes)
    (folder / "standards.yaml").write_bytes((settings.REFERENCE / "standards.yaml").read_bytes())
    with patch.object(model, "REFERENCE", folder):
        yield


def _code(code: str, copy: int) -> str:
    return code if copy == 0 else f"{copy:02d}{code[2:]}"


def _copies(areas: int) -> int:
    return -(-areas // 124)


def enlarged(cells: Any, size: Size) -> duckdb.DuckDBPyConnection:
    """The stored cells, copied to more areas and to earlier years in blocks of four."""
    db = lake.connect()
    queries.run("incoming/no_observation", db)
    queries.run("incoming/no_submission", db)
    queries.run("incoming/no_wording", db)
    db.register("cells", cells)
    db.execute(
        """
        insert into observation by name
        select
            cells.* replace (
                case
                    when copies.copy = 0 then area_code
                    else printf('%02d', copies.copy) || right(area_code, 4)
                end as area_code,
                (cast(left(period, 4) as integer) - 4 * blocks.block) || right(period, 2) as period
            )
        from cells, range($copies) as copies (copy), range($blocks) as blocks (block)
        """,
        {"copies": _copies(size.areas), "blocks": -(-size.quarters // 16)},
    )
    db.unregister("cells")
    return db


def _values(db: duckdb.DuckDBPyConnection, catalogue: Catalogue) -> dict[str, Any]:
    """What the topic page asks with: the newest quarter, all its indicators, the pilot counties."""
    dataset = catalogue.datasets[TOPIC]
    indicators = [indicator.id for indicator in dataset.indicators]
    (period,) = db.execute("select max(period) from period").fetchall()[0]
    regions = db.execute("select distinct region_code from area").fetchall()
    return {
        "dataset_id": TOPIC,
        "indicators": indicators,
        "indicator_id": indicators[0],
        "measures": [measure.id for measure in dataset.measures],
        "period": period,
        "periods": [period],
        "level": "pilot",
        "levels": ["county"],
        "group_code": "pilot",
        "groups": ["province/440000", *(f"region/{code}" for (code,) in regions)],
        "areas": [],
    }
