"""Compaction: fewer files; every vintage, change and revert as before, also when it is killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from command_calls import command, environment
from test_laid import AREAS, put
from whole_store import Told

from app import lake
from app.intake import ledger
from app.settings import ROOT, Settings

QUARTERS = ("2022Q3", "2022Q4", "2023Q1", "2023Q2", "2023Q3")


@pytest.fixture
def long(store: Settings) -> Settings:
    """A store with a history: quarters, a correction, a revert and a withdrawal."""
    for quarter in QUARTERS:
        put(store, "care_beds", quarter, AREAS, 100)
    put(store, "care_beds", QUARTERS[0], AREAS[:2], 120)
    put(store, "child_welfare", QUARTERS[1], AREAS[1:2], 30)
    ledger.revert(store, 6, by="复核人", note="撤销")
    ledger.withdraw(
        store, "care_beds", QUARTERS[2], AREAS[0], ["beds_total"], by="复核人", note="误报"
    )
    return store


def vintages(store: Settings) -> dict[int, list[tuple[object, ...]]]:
    """All the cells of every vintage."""
    listed = [(row["vintage"], row["snapshot_id"]) for row in ledger.history(store)]
    with lake.session(store) as db:
        return {
            vintage: db.execute(
                f"from lake.observation at (version => {snapshot}) order by all"
            ).fetchall()
            for vintage, snapshot in listed
        }


def data_files(store: Settings) -> list[Path]:
    return sorted((Path(store.files) / "lake").rglob("*.parquet"))


def test_every_vintage_change_and_revert_is_as_before(long: Settings) -> None:
    before, history = vintages(long), ledger.history(long)
    many = set(data_files(long))
    done = command(long, "compact", "--grace", "0")
    assert done.returncode == 0, done.stderr
    assert len(many - set(data_files(long))) == 4  # the quarters nothing was taken away from
    assert vintages(long) == before
    assert ledger.history(long) == history
    assert Told(long).agrees() == 9  # each change feed, cell by cell
    assert ledger.revert(long, 9, by="复核人", note="撤销")[0] == 10
    put(long, "care_beds", "2023Q4", AREAS, 100)
    assert command(long, "compact", "--grace", "0").returncode == 0
    assert {v: cells for v, cells in vintages(long).items() if v < 10} == before
    assert Told(long).agrees() == 11


def test_what_was_merged_just_now_is_left_for_those_who_still_read_it(long: Settings) -> None:
    many = data_files(long)
    assert command(long, "compact").returncode == 0
    assert set(many) <= set(data_files(long))


@pytest.mark.parametrize("kills", [2, pytest.param(40, marks=pytest.mark.soak)])
def test_killed_anywhere_it_loses_nothing(long: Settings, kills: int) -> None:
    before, history = vintages(long), ledger.history(long)
    for attempt in range(kills):
        process = subprocess.Popen(
            [sys.executable, "-m", "app", "compact", "--grace", "0"],
            cwd=ROOT, env=environment(long), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        time.sleep(0.7 + 1.2 * attempt / kills)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        assert vintages(long) == before
        put(long, "child_welfare", QUARTERS[attempt % 5], AREAS[: 1 + attempt % 3], attempt)
        before, history = vintages(long), ledger.history(long)
    assert command(long, "compact", "--grace", "0").returncode == 0
    assert vintages(long) == before
    assert ledger.history(long) == history
    Told(long).agrees()
