"""A store that an older version wrote is opened by this one after `upgrade`, with all its past.

The store in tests/stores was written by this program with the library DuckLake of 2025 (form 0.3):
care beds of two quarters, a late report, and its reversal.
"""

from __future__ import annotations

import contextlib
import sqlite3
import zipfile
from pathlib import Path

import pytest

from app import backup, lake, reads, upgrade
from app.errors import StoreOutdated, StoreUnavailable, UpgradeRefused
from app.intake import ledger
from app.serving import open_vintage
from app.settings import Settings

OLD = Path(__file__).parent / "stores" / "ducklake_0_3.zip"


@pytest.fixture
def old(store: Settings) -> Settings:
    backup.restore(OLD, store.folder)
    return store


def test_an_older_store_is_not_opened_but_says_how_to_upgrade_it(old: Settings) -> None:
    with pytest.raises(StoreOutdated, match=r"0\.3.*python -m app upgrade"):
        ledger.history(old)


def test_after_the_upgrade_every_vintage_says_what_it_said_before(
    old: Settings, tmp_path: Path
) -> None:
    done = upgrade.run(old, tmp_path / "before.zip")
    assert (done.found, done.now, done.vintages) == ("0.3", "1.0", 4)
    assert [row["kind"] for row in ledger.history(old)] == ["revert", "upload", "upload", "upload"]
    # what the older version printed of western Guangdong in the second quarter of 2021
    told = {2: (8713, 27108, 16), 3: (9593, 29849, 18), 4: (8713, 27108, 16)}
    for vintage, (care, total, reported) in told.items():
        source = open_vintage(old, vintage)
        row = reads.headline(source, ["care_bed_share"], "2021Q2", "region", "粤西")
        found = row["care_bed_share"]
        assert (found["numerator"], found["denominator"]) == (care, total)
        assert found["areas_reporting"] == reported


def test_the_backup_from_before_is_the_store_as_it_was(old: Settings, tmp_path: Path) -> None:
    catalogue = (old.folder / "catalog.sqlite").read_bytes()
    done = upgrade.run(old)
    assert done.backup is not None and done.backup.parent == old.folder.parent
    with zipfile.ZipFile(done.backup) as archive, zipfile.ZipFile(OLD) as first:
        assert set(archive.namelist()) == set(first.namelist())
        with contextlib.closing(sqlite3.connect(":memory:")) as db:
            db.deserialize(archive.read("catalog.sqlite"))
            (form,) = db.execute(
                "select value from ducklake_metadata where key = 'version'"
            ).fetchone()
    assert form == "0.3"
    assert (old.folder / "catalog.sqlite").read_bytes() != catalogue
    assert sorted(p.name for p in old.folder.iterdir()) == ["catalog.sqlite", "files"]


def test_a_second_upgrade_changes_nothing_and_makes_no_backup(old: Settings) -> None:
    upgrade.run(old)
    catalogue = (old.folder / "catalog.sqlite").read_bytes()
    again = upgrade.run(old)
    assert (again.backup, again.vintages) == (None, 4)
    assert (old.folder / "catalog.sqlite").read_bytes() == catalogue


def test_an_upgrade_that_fails_leaves_the_old_store_as_it_was(old: Settings) -> None:
    before = (old.folder / "catalog.sqlite").read_bytes()
    for file in (old.folder / "files" / "lake" / "main" / "observation").glob("*.parquet"):
        file.unlink()  # the past can't be read any more
    with pytest.raises(StoreUnavailable):
        upgrade.run(old)
    assert (old.folder / "catalog.sqlite").read_bytes() == before
    assert sorted(path.name for path in old.folder.iterdir()) == ["catalog.sqlite", "files"]


def test_what_the_upgrade_finds_different_is_refused(
    old: Settings,
) -> None:
    with contextlib.closing(sqlite3.connect(old.folder / "catalog.sqlite")) as db:
        # as if the removal of the late report's cells had been lost
        db.execute("delete from ducklake_delete_file")
        db.execute("update ducklake_data_file set end_snapshot = null")
        db.commit()
    before = (old.folder / "catalog.sqlite").read_bytes()
    with pytest.raises(UpgradeRefused, match="对不上"):
        upgrade.run(old)
    assert (old.folder / "catalog.sqlite").read_bytes() == before


def test_a_store_of_a_newer_version_is_neither_opened_nor_changed(old: Settings) -> None:
    with contextlib.closing(sqlite3.connect(old.folder / "catalog.sqlite")) as db:
        db.execute("update ducklake_metadata set value = '9.0' where key = 'version'")
        db.commit()
    before = (old.folder / "catalog.sqlite").read_bytes()
    for work in (lambda: lake.read(old, lake.last_vintage), lambda: upgrade.run(old)):
        with pytest.raises(StoreOutdated, match=r"更新的版本.*9\.0"):
            work()
    assert (old.folder / "catalog.sqlite").read_bytes() == before


def test_where_there_is_no_store_nothing_is_upgraded_and_none_is_made(store: Settings) -> None:
    assert upgrade.run(store).vintages == 0
    assert not store.folder.exists()
