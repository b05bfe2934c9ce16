"""Whether a store is whole: ledger, submissions, cells and files all tell the same story."""

from __future__ import annotations

import hashlib
from typing import Any

import duckdb

import queries
from app import lake
from app.intake import kept_files
from app.settings import Settings

Cell = tuple[str, str, str, str, bool]  # dataset, area, period, measure, sample


class Told:
    """What the submissions up to a vintage make of the cells, one after the other."""

    def __init__(self, store: Settings) -> None:
        self.store = store
        self.last = 0
        self.cells: dict[Cell, tuple[object, ...]] = {}

    def agrees(self) -> int:
        """The last vintage, after asserting that the store holds what its submissions tell."""
        lake.read(self.store, self._compare)
        return self.last

    def _compare(self, db: duckdb.DuckDBPyConnection) -> None:
        rows = queries.rows("lake/submissions", db)
        assert [row["vintage"] for row in rows] == list(range(1, len(rows) + 1))
        assert lake.last_vintage(db) == len(rows)
        for row in rows[self.last :]:
            self._follow(db, row)
        held = db.execute(
            "select dataset_id, area_code, period, measure_id, sample, value, status, vintage"
            " from lake.observation"
        ).fetchall()
        assert {row[:5]: row[5:] for row in held} == self.cells
        assert len(held) == len(self.cells)
        self.last = len(rows)

    def _follow(self, db: duckdb.DuckDBPyConnection, row: dict[str, Any]) -> None:
        found = queries.rows("lake/changes_of_snapshot", db, snapshot=row["snapshot_id"])
        counts = dict.fromkeys(("added", "changed", "removed"), 0)
        for c in found:
            key = (c["dataset_id"], c["area_code"], c["period"], c["measure_id"], c["sample"])
            before = (c["old_value"], c["old_status"], c["old_vintage"])
            assert self.cells.pop(key, (None, None, None)) == before
            if c["change"] != "removed":
                self.cells[key] = (c["value"], c["status"], row["vintage"])
            counts[c["change"]] += 1
        assert found, "a submission without cells"
        assert counts == {kind: row[kind] for kind in counts}
        if row["sha256"] is not None:
            kept = kept_files.place(self.store, row["sha256"], row["file_name"])
            assert hashlib.sha256(kept.read_bytes()).hexdigest() == row["sha256"]
