"""The store itself: where it is, one connection at a time, and what keeps SQL apart from Python."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest
from forms import RENHUA, SHIXING, row, stored, table

from app import lake, reads, serving, settings
from app.errors import StoreUnavailable
from app.intake import ledger
from app.settings import Settings


def test_sql_cannot_see_python_variables() -> None:
    secret = [1, 2, 3]  # noqa: F841 - a query that names it must fail
    with lake.connect() as db, pytest.raises(duckdb.CatalogException):
        db.execute("from secret")


def test_times_are_those_of_guangdong_in_every_cursor() -> None:
    with lake.connect() as db:
        shown = db.cursor().execute("select cast(timestamptz '2023-08-01 16:30:00+00' as text)")
        assert shown.fetchone() == ("2023-08-02 00:30:00+08",)


def test_reading_an_absent_store_gives_nothing_and_makes_nothing(store: Settings) -> None:
    assert lake.read(store, lake.last_vintage) is None
    assert serving.open_vintage(store).vintage == 0
    assert store.catalog_file is not None
    assert not store.catalog_file.parent.exists()


def test_a_lake_opened_for_reading_refuses_to_be_written(tmp_path: Path, store: Settings) -> None:
    stored(store, table(tmp_path / "a.csv", [row(SHIXING, "2023Q2")]))
    with lake.session(store) as db, pytest.raises(duckdb.Error):
        db.execute("delete from lake.observation")


def test_a_transaction_that_fails_leaves_nothing(tmp_path: Path, store: Settings) -> None:
    stored(store, table(tmp_path / "a.csv", [row(SHIXING, "2023Q2")]))
    with lake.session(store, write=True) as db:
        with pytest.raises(ZeroDivisionError), lake.transaction(db):
            db.execute("delete from lake.observation")
            raise ZeroDivisionError
        assert db.execute("select count(*) from lake.observation").fetchone() == (9,)


def test_opening_a_store_for_writing_makes_no_vintage(store: Settings) -> None:
    for _ in range(2):
        with lake.session(store, write=True) as db:
            assert lake.last_vintage(db) == 0
    with lake.session(store) as db:
        assert db.execute("select count(*) from lake.ledger").fetchone() == (1,)
        snapshots = db.execute("select count(*) from lake.snapshots()").fetchone()
    with lake.session(store, write=True), pytest.raises(TimeoutError):
        raise TimeoutError
    with lake.session(store) as db:
        assert db.execute("select count(*) from lake.snapshots()").fetchone() == snapshots


def test_threads_take_turns_at_the_store(tmp_path: Path, store: Settings) -> None:
    files = [
        table(tmp_path / f"{area}.csv", [row(area, "2023Q2")]) for area in (SHIXING, RENHUA)
    ]  # fmt: skip
    threads = [threading.Thread(target=stored, args=(store, file)) for file in files]
    for thread in threads:
        thread.start()
    for _ in range(3):
        ledger.history(store)
    for thread in threads:
        thread.join(timeout=60)
    assert {entry["vintage"] for entry in ledger.history(store)} == {1, 2}


def test_a_serving_database_lets_go_of_the_lake(tmp_path: Path, store: Settings) -> None:
    stored(store, table(tmp_path / "a.csv", [row(SHIXING, "2023Q2")]))
    source = serving.open_vintage(store)
    with pytest.raises(duckdb.CatalogException):
        source.cursor().execute("from lake.observation")
    stored(store, table(tmp_path / "b.csv", [row(RENHUA, "2023Q2")]))
    assert (source.vintage, serving.open_vintage(store).vintage) == (1, 2)
    (old,) = reads.indicator_values(source, ["care_bed_share"], ["2023Q2"], ["province"])
    assert old["areas_reporting"] == 1


@pytest.mark.parametrize("catalog", ["mysql:host=db", "catalog.sqlite", "sqlite", ":memory:"])
def test_a_catalogue_of_another_kind_is_named_as_the_setting_to_mend(
    store: Settings, catalog: str
) -> None:
    with pytest.raises(StoreUnavailable, match="DASHBOARD_CATALOG"):
        ledger.history(replace(store, catalog=catalog))


def test_a_file_that_is_no_catalogue_is_refused_in_plain_words(store: Settings) -> None:
    assert store.catalog_file is not None
    store.catalog_file.parent.mkdir(parents=True)
    store.catalog_file.write_bytes(b"no database at all " * 100)
    with pytest.raises(StoreUnavailable, match="DASHBOARD_STORE"):
        ledger.history(store)


def test_the_settings_name_the_store_by_its_folder_or_by_its_parts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DASHBOARD_STORE", str(tmp_path / "store"))
    assert settings.load().catalog_file == tmp_path / "store" / "catalog.sqlite"
    monkeypatch.setenv("DASHBOARD_CATALOG", f"sqlite:{tmp_path / 'other.sqlite'}")
    monkeypatch.setenv("DASHBOARD_FILES", str(tmp_path / "files"))
    store = settings.load()
    stored(store, table(tmp_path / "a.csv", [row(SHIXING, "2023Q2")]))
    assert (tmp_path / "other.sqlite").exists()
    assert len(list((tmp_path / "files" / "uploads").iterdir())) == 1
    assert not (tmp_path / "store").exists()


def test_a_store_in_a_folder_with_a_quote_in_its_name_works(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DASHBOARD_STORE", str(tmp_path / "民政 o'clock"))
    store = settings.load()
    assert stored(store, table(tmp_path / "a.csv", [row(SHIXING, "2023Q2")])) == 1
    assert len(ledger.history(store)) == 1
