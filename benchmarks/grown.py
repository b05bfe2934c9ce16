"""Makes stores of any size: made-up areas, and cells of them in bulk as ordinary submissions.

Nothing here is real or shipped. The codes begin with 9, which no province has, the names say
样例, and every cell is marked as sample. The same size gives the same store each time.
"""

from __future__ import annotations

import csv
import datetime as dt
import json
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import duckdb

import queries
from app import lake, settings
from app.catalogue import Catalogue, Dataset
from app.intake.commit import Entry
from app.settings import Settings

LAST = 4 * 2024 + 3  # 2024Q4
COUNTIES_OF_CITY = 20
REGIONS = (
    ("粤东", "Eastern Guangdong"), ("粤西", "Western Guangdong"),
    ("粤北", "Northern Guangdong"), ("珠三角", "Pearl River Delta"),
)  # fmt: skip
_WHOLE = ("units.yaml", "checks.yaml", "quality.yaml")


@dataclass(frozen=True)
class Size:
    """How many areas and quarters there are, and how many datasets they report (0: all)."""

    areas: int
    quarters: int
    datasets: int = 0

    def __str__(self) -> str:
        return f"{self.areas:,} × {self.quarters}"


def reference(folder: Path, size: Size) -> Path:
    """Write the files of reference for as many made-up areas."""
    folder.mkdir(parents=True)
    for name in ("standards.yaml", "spellings.yaml"):
        shutil.copy(settings.ROOT / "data" / "reference" / name, folder)
    rows = list(_areas(size.areas))
    _written(folder / "areas.csv", rows)
    pilots = [{"code": row["code"]} for row in rows if row["region"] != "珠三角"]
    _written(folder / "pilot_counties.csv", pilots[: max(1, len(rows) * 45 // 124)])
    return folder


def catalogue(folder: Path, size: Size) -> Path:
    """Write a catalogue with as many of the datasets that counties report, the oldest first."""
    folder.mkdir(parents=True)
    source = settings.ROOT / "data" / "catalogue"
    counties = ["care_beds", "child_welfare", "disability_allowances", "social_work_stations"]
    others = sorted(
        path.stem for path in source.glob("*.yaml")
        if path.name not in _WHOLE and path.stem not in counties
        and "\nlevel: city" not in path.read_text("utf-8")
    )  # fmt: skip
    wanted = (counties + others)[: size.datasets or None]
    for name in (*_WHOLE, *(f"{name}.yaml" for name in wanted)):
        shutil.copy(source / name, folder)
    return folder


def store(config: Settings, known: Catalogue, size: Size) -> int:
    """Fill an empty store with one submission a dataset and quarter; returns how many."""
    made = 0
    for period in periods(size.quarters):
        for dataset in known.datasets.values():
            with lake.session(config, write=True) as db:
                made = submit(db, dataset, period, size.areas)
    return made


def submit(
    db: duckdb.DuckDBPyConnection, dataset: Dataset, period: str, areas: int, seed: int = 0
) -> int:
    """Store a quarter of one dataset of all areas (the first `areas`); returns the vintage."""
    _cells(db, dataset, period, areas, seed)
    vintage = lake.last_vintage(db) + 1
    entry = Entry(
        dataset_id=dataset.id, periods=[period], submitted_by="growth", note="样例", sample=True,
        file_name="样例.xlsx", sha256=f"{vintage:064d}", row_count=areas,
    )  # fmt: skip
    now = dt.datetime(2025, 1, 1, tzinfo=dt.UTC) + dt.timedelta(minutes=vintage)
    with lake.transaction(db):
        queries.run("lake/next_vintage", db, vintage=vintage)
        if seed:  # a correction; the first time there is nothing to take away
            queries.run("lake/forget_cells", db)
        queries.run("lake/write_cells", db, vintage=vintage)
        queries.run("lake/write_submission", db, vintage=vintage, submitted_at=now, **asdict(entry))
        queries.run(
            "lake/commit_message", db, author=entry.submitted_by, message=entry.note,
            extra=json.dumps({"submission": vintage}),
        )  # fmt: skip
    return vintage


def periods(quarters: int) -> list[str]:
    """So many quarters up to the last one, oldest first."""
    return [f"{number // 4}Q{number % 4 + 1}" for number in range(LAST - quarters + 1, LAST + 1)]


def code(position: int) -> str:
    """The code of a made-up area by its position."""
    return f"9{position // COUNTIES_OF_CITY:04d}{position % COUNTIES_OF_CITY + 1:02d}"


def _areas(count: int) -> Iterator[dict[str, object]]:
    for position in range(count):
        city = position // COUNTIES_OF_CITY
        region, region_en = REGIONS[city % len(REGIONS)]
        people = 50_000 + 7_919 * position % 950_000
        yield {
            "code": code(position), "name": f"样例县{position + 1:05d}",
            "name_en": f"Sample County {position + 1:05d}", "pinyin": f"Yangli {position + 1:05d}",
            "type": "县", "city_code": f"9{city:04d}00", "city": f"样例市{city + 1:04d}",
            "city_en": f"Sample City {city + 1:04d}", "region": region, "region_en": region_en,
            "lon": 110 + position % 70 / 10, "lat": 21 + position % 40 / 10, "area_km2": 1000,
            "townships": 5 + position % 20, "villages": 60 + position % 200, "pop_2020": people,
            "pop_rural_2020": people * (position % 80) // 100, "pop_0_14_2020": people // 6,
            "population_60plus": people * (12 + position % 15) // 100,
            "dibao_class": 1 + position % 4,
        }  # fmt: skip


def _written(path: Path, rows: Sequence[dict[str, object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def _cells(
    db: duckdb.DuckDBPyConnection, dataset: Dataset, period: str, areas: int, seed: int
) -> None:
    """Make the cells: one in thirty areas is late, and a flow grows over the quarters of a year."""
    measures = [(place, m.id, m.kind == "flow") for place, m in enumerate(dataset.measures)]
    db.execute(
        f"""
        create or replace table incoming_cell as
        select
            $dataset as dataset_id,
            printf('9%04d%02d', i // {COUNTIES_OF_CITY}, i % {COUNTIES_OF_CITY} + 1) as area_code,
            $period as period,
            measure.name as measure_id,
            cast(
                (100 + measure.place * 10 + hash(i, measure.place, $seed) % 60)
                * if(measure.flow, $quarter, 1) + $number // 4 % 16 as double
            ) as value,
            'reported' as status,
            true as sample,
            true as keep
        from range($areas) as area (i)
        cross join (
            select unnest($places) as place, unnest($names) as name, unnest($flows) as flow
        ) as measure
        where hash(i, $number) % 30 <> 0
        """,
        {
            "dataset": dataset.id, "period": period, "areas": areas, "seed": seed,
            "quarter": int(period[-1]), "number": 4 * int(period[:4]) + int(period[-1]),
            "places": [place for place, _, _ in measures], "names": [n for _, n, _ in measures],
            "flows": [flow for _, _, flow in measures],
        },
    )  # fmt: skip
