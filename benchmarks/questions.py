"""The sample, repeated under other codes: as many areas as the pages are timed with."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

import duckdb

import queries
from app import lake, settings
from app.serving import model

TOPIC = "care_beds"
REPETITIONS = 9
AREA_TABLES = ("areas.csv", "pilot_counties.csv")


@dataclass(frozen=True)
class Size:
    """How many areas and quarters there are; the real province has 124 and the sample 16."""

    areas: int
    quarters: int


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
