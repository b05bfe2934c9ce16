"""A vintage laid over another one is the same as one built anew, and disturbs no reader."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tries import tries

import queries
from app import catalogue, lake, reads, serving
from app import settings as configured
from app.errors import RevertRefused
from app.intake import commit, ledger
from app.serving import Serving, bases, model
from app.settings import Settings

AREAS = ("440222", "440229", "440281")
QUARTERS = ("2022Q4", "2023Q1", "2023Q2")
DATASETS = ("care_beds", "child_welfare")
TABLES = (
    "submission", "wording", "observation", "area_group", "kept_total",
    *(model.table_of(name) for name in (*model.BY_QUARTER, model.PERIOD)),
)  # fmt: skip


def anew(store: Settings, vintage: int) -> duckdb.DuckDBPyConnection:
    """The whole model of a vintage, built from nothing."""
    db = lake.connect()
    at = lake.copy(store, db, lambda source: lake.snapshot_of(source, vintage))

    def copied(source: duckdb.DuckDBPyConnection) -> None:
        queries.run("incoming/observation", source)
        bases.copy_small(source)

    lake.copy(store, db, copied, at)
    model.build(db, catalogue.load())
    return db


def differences(source: Serving, whole: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """How many rows of each table are in one of the two alone."""
    found = {}
    for table in TABLES:
        whole.register("other", source.cursor().sql(f"from {table}").to_arrow_table())
        (count,) = whole.execute(
            f"select count(*) from ((from {table} except all from other)"
            f" union all (from other except all from {table}))"
        ).fetchall()[0]
        whole.unregister("other")
        if count:
            found[table] = count
    return found


def put(
    store: Settings, dataset: str, quarter: str, areas: Sequence[str], value: float,
    sample: bool = False,
) -> int:  # fmt: skip
    """Store the cells of some areas in a quarter as one submission."""
    measures = [m.id for m in catalogue.load().dataset(dataset).measures]
    keys = [(area, place) for area in areas for place in range(len(measures))]
    cells: dict[str, list[Any]] = {
        "dataset_id": [dataset] * len(keys), "area_code": [area for area, _ in keys],
        "period": [quarter] * len(keys), "measure_id": [measures[place] for _, place in keys],
        "value": [value + place for _, place in keys], "status": ["reported"] * len(keys),
        "sample": [sample] * len(keys), "keep": [True] * len(keys),
    }  # fmt: skip
    held = sum(len(ledger.stored_cells(store, dataset, quarter, area)) for area in areas)
    entry = commit.Entry(
        dataset, [quarter], "填报人", "季报", sample=sample, row_count=len(areas),
        added=len(keys) - held, changed=held,
    )  # fmt: skip
    with lake.session(store, write=True) as db:
        return commit.write(db, cells, entry, lake.last_vintage(db))


def undo(store: Settings, submission: int) -> None:
    """Revert it, where it is reverted for the first time and no later one touched its cells."""
    try:
        ledger.revert(store, submission, by="复核人", note="撤销")
    except RevertRefused:
        pass


def withdraw(store: Settings, dataset: str, quarter: str, area: str) -> None:
    """Withdraw what there is of an area's quarter."""
    if ledger.stored_cells(store, dataset, quarter, area):
        ledger.withdraw(store, dataset, quarter, area, None, by="复核人", note="误报")


Step = Callable[[Settings], object]
PLACE = st.tuples(st.sampled_from(DATASETS), st.sampled_from(QUARTERS), st.sampled_from(AREAS))
PLACE_OF_ALL = PLACE.map(lambda place: (place[0], place[1], [place[2]]))
STEPS = st.one_of(
    st.builds(
        lambda place, value, sample: lambda store: put(store, *place, value, sample),
        PLACE_OF_ALL, st.integers(0, 300), st.booleans(),
    ),
    st.builds(lambda back: lambda store: undo(store, last(store) - back), st.integers(0, 0)),
    st.builds(lambda place: lambda store: withdraw(store, *place), PLACE),
)  # fmt: skip


def last(store: Settings) -> int:
    return len(ledger.history(store))


@pytest.mark.hypothesis
@settings(max_examples=tries(1), deadline=None)
@given(
    steps=st.lists(STEPS, min_size=2, max_size=4), in_file=st.booleans(),
    chunk=st.sampled_from([1, bases.CHUNK]),
)  # fmt: skip
def test_a_vintage_laid_over_the_last_is_as_if_built_anew(
    steps: list[Step], in_file: bool, chunk: int
) -> None:
    with pytest.MonkeyPatch.context() as patch, TemporaryDirectory() as folder:
        patch.setenv("DASHBOARD_STORE", folder)
        patch.setenv("DASHBOARD_SERVING_CELLS", "0" if in_file else "")
        patch.setattr(bases, "FAR", 10)  # always laid over the first
        patch.setattr(bases, "CHUNK", chunk)  # cells built at once
        store = configured.load()
        put(store, "care_beds", "2023Q1", AREAS, 100)
        put(store, "care_beds", "2023Q2", AREAS, 100)  # its flows begin with the quarter before
        held = [serving.open_vintage(store)]
        for step in steps:
            step(store)
            held.append(serving.open_vintage(store))
        held.append(serving.open_vintage(store, 1))
        for source in held:  # the older ones were not disturbed
            assert differences(source, anew(store, source.vintage)) == {}
        bases.forget()


@pytest.fixture
def filed(store: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    """A store of two submissions that is served from files."""
    monkeypatch.setenv("DASHBOARD_SERVING_CELLS", "0")
    config = configured.load()
    put(config, "care_beds", "2023Q1", AREAS, 100)
    put(config, "care_beds", "2023Q2", AREAS[1:2], 100)
    yield config
    bases.forget()


def files(store: Settings) -> list[Path]:
    return sorted(store.cache.glob("*.duckdb"))


def test_another_process_and_a_restart_find_the_file_that_was_built(filed: Settings) -> None:
    serving.open_vintage(filed)
    (built,) = files(filed)
    assert built.stat().st_mode & 0o077 == 0
    made = built.stat().st_ino
    bases.forget()  # as after a restart
    source = serving.open_vintage(filed)
    assert [path.stat().st_ino for path in files(filed)] == [made]
    assert differences(source, anew(filed, 2)) == {}


def test_a_file_is_not_used_for_a_store_that_was_put_back_to_another_past(filed: Settings) -> None:
    serving.open_vintage(filed)
    assert filed.catalog_file is not None
    filed.catalog_file.unlink()
    put(filed, "care_beds", "2023Q1", AREAS, 7)
    put(filed, "care_beds", "2023Q2", AREAS[1:2], 7)
    assert differences(serving.open_vintage(filed), anew(filed, 2)) == {}


def test_a_reader_of_a_file_goes_on_when_a_newer_one_takes_its_place(
    filed: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = serving.open_vintage(filed)
    put(filed, "care_beds", "2023Q3", AREAS[1:2], 100)
    monkeypatch.setattr(bases, "FAR", 0)  # a new file is built behind the scenes
    newer = serving.open_vintage(filed)
    for thread in bases.at_work():
        thread.join()
    (built,) = files(filed)
    assert built.stem.endswith("-3")
    assert reads.available_periods(source) == ["2023Q1", "2023Q2"]
    assert differences(source, anew(filed, 2)) == differences(newer, anew(filed, 3)) == {}
    assert serving.open_vintage(filed).path == bases.PATH


def test_what_a_killed_process_left_unfinished_is_taken_away(filed: Settings) -> None:
    filed.cache.mkdir()
    left = filed.cache / "building-1-abc"
    left.touch()
    os.utime(left, (1, 1))
    serving.open_vintage(filed)
    assert not left.exists()


@pytest.fixture
def built(store: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The quarters that are built beside the base of two submissions, as they are."""
    put(store, "care_beds", "2022Q4", AREAS, 100)
    put(store, "child_welfare", "2023Q1", AREAS, 100)
    monkeypatch.setattr(bases, "FAR", 10)
    base = serving.open_vintage(store)
    noted: list[str] = []
    build = model.build_quarters

    def noting(db: duckdb.DuckDBPyConnection, wanted: Sequence[tuple[str, str]]) -> None:
        noted.extend(f"{dataset} {period}" for dataset, period in wanted)
        build(db, wanted)

    monkeypatch.setattr(model, "build_quarters", noting)
    yield noted
    assert base.vintage == 2
    bases.forget()


def test_a_submission_builds_its_own_quarter_and_the_next_of_its_year_alone(
    store: Settings, built: list[str]
) -> None:
    put(store, "care_beds", "2022Q4", AREAS[:1], 7)
    first = serving.open_vintage(store)
    assert built == ["care_beds 2022Q4"]
    put(store, "child_welfare", "2023Q1", AREAS[:1], 7)
    second = serving.open_vintage(store)
    assert built[1:] == ["child_welfare 2023Q1", "child_welfare 2023Q2"]
    again = serving.open_vintage(store, 3)
    assert len(built) == 3  # as of a vintage that somebody still reads: nothing is
    for source in (first, second, again):
        assert differences(source, anew(store, source.vintage)) == {}


def test_what_no_vintage_has_any_more_is_taken_away(store: Settings, built: list[str]) -> None:
    held = {}
    for value in (7, 8, 9):
        put(store, "care_beds", "2022Q4", AREAS[:1], value)
        held[value] = serving.open_vintage(store)

    def there() -> set[float]:
        rows = held[9].cursor().execute("select distinct value from parts.observation").fetchall()
        return {value for (value,) in rows}

    assert {7.0, 8.0, 9.0} <= there()
    del held[7], held[8]
    put(store, "child_welfare", "2023Q1", AREAS[:1], 500)
    newest = serving.open_vintage(store)
    assert 9.0 in there() and not {7.0, 8.0} & there()
    assert differences(newest, anew(store, 6)) == differences(held[9], anew(store, 5)) == {}
