"""The ledger: history, what a submission changed, taking it back, the state of an earlier day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest
from forms import RENHUA, SHIXING, form, good, row, stored, submitted, table

from app import lake, periods, reads, serving
from app.errors import RevertRefused, UnknownName
from app.intake import ledger
from app.settings import Settings


def share(store: Settings, vintage: int | None = None, area: str = SHIXING) -> float | None:
    """The care-type share of a county in 2023Q2."""
    source = serving.open_vintage(store, vintage)
    (found,) = reads.indicator_values(source, ["care_bed_share"], ["2023Q2"], ["county"], [area])
    value: float | None = found["value"]
    return value


def cells(store: Settings, submission: int) -> dict[str, tuple[str, object, object]]:
    """By measure: what a submission did to 始兴县, the old value and the new."""
    return {
        c.measure_id: (c.change, c.old_value, c.value)
        for c in ledger.changes(store, submission)
        if c.area_code == SHIXING
    }


def test_an_absent_store_has_no_history_and_no_submissions(store: Settings) -> None:
    assert ledger.history(store) == []
    with pytest.raises(UnknownName, match="S1"):
        ledger.changes(store, 1)
    with pytest.raises(UnknownName, match="S1"):
        ledger.revert(store, 1, by="复核人", note="撤销")


def test_history_is_newest_first_and_can_be_of_one_dataset(tmp_path: Path, store: Settings) -> None:
    stored(store, table(tmp_path / "a.csv", [row(SHIXING, "2023Q2")]))
    stored(store, table(tmp_path / "b.csv", [row(SHIXING, "2023Q2", "child_welfare")]))
    stored(store, table(tmp_path / "c.csv", [row(SHIXING, "2023Q3")]))
    assert [r["vintage"] for r in ledger.history(store)] == [3, 2, 1]
    assert [r["vintage"] for r in ledger.history(store, "care_beds")] == [3, 1]


@pytest.mark.parametrize("text", ["S12", "s12", " 12 "])
def test_a_submission_is_known_by_its_number(text: str) -> None:
    assert ledger.number(text) == 12


@pytest.mark.parametrize("text", ["", "V12", "S", "12a", "-1"])
def test_what_is_no_number_of_a_submission_is_unknown(text: str) -> None:
    with pytest.raises(UnknownName):
        ledger.number(text)


def test_a_diff_shows_the_cells_added_and_changed_with_old_and_new(
    tmp_path: Path, store: Settings
) -> None:
    stored(store, table(tmp_path / "a.csv", [row(SHIXING, "2023Q2", residents=None)]))
    added = cells(store, 1)
    assert len(added) == 8
    assert added["beds_care"] == ("added", None, 120.0)
    revised = row(SHIXING, "2023Q2", residents=140, beds_care=130, institutions=None)
    stored(store, table(tmp_path / "b.csv", [revised]), explain="更正")
    assert cells(store, 2) == {
        "residents": ("added", None, 140.0),
        "beds_care": ("changed", 120.0, 130.0),
        "institutions": ("changed", 10.0, None),
    }
    (emptied,) = [c for c in ledger.changes(store, 2) if c.measure_id == "institutions"]
    assert (emptied.old_status, emptied.status) == ("reported", "missing")


def test_a_submission_that_does_not_exist_has_no_diff(tmp_path: Path, store: Settings) -> None:
    stored(store, table(tmp_path / "a.csv", [row(SHIXING, "2023Q2")]))
    with pytest.raises(UnknownName, match="S7"):
        ledger.changes(store, 7)


# ------------------------------------------------------------------ reverting


def test_a_revert_puts_back_what_was_changed_as_a_submission_of_its_own(
    tmp_path: Path, store: Settings
) -> None:
    stored(store, table(tmp_path / "a.csv", [row(SHIXING, "2023Q2")]))
    rows = [row(SHIXING, "2023Q2", beds_care=130), row(RENHUA, "2023Q2")]
    stored(store, table(tmp_path / "b.csv", rows))
    assert ledger.revert(store, 2, by="复核人", note="报错") == (3, 10)
    assert share(store) == 60.0
    assert share(store, area=RENHUA) is None
    assert share(store, vintage=2) == 65.0  # 130 of 200 beds, as it was known then
    newest, reverted, _ = ledger.history(store)
    assert (newest["vintage"], newest["reverts"]) == (3, 2)
    assert (newest["submitted_by"], newest["note"]) == ("复核人", "报错")
    assert (newest["added"], newest["changed"], newest["removed"]) == (0, 1, 9)
    assert reverted["reverted_by"] == 3
    assert cells(store, 3) == {"beds_care": ("changed", 130.0, 120.0)}


def test_a_revert_may_itself_be_reverted(tmp_path: Path, store: Settings) -> None:
    stored(store, table(tmp_path / "a.csv", [row(SHIXING, "2023Q2")]))
    ledger.revert(store, 1, by="复核人", note="撤销")
    assert share(store) is None
    assert ledger.revert(store, 2, by="复核人", note="恢复") == (3, 9)
    assert share(store) == 60.0


def test_a_revert_is_refused_when_later_submissions_changed_its_cells(
    tmp_path: Path, store: Settings
) -> None:
    stored(store, table(tmp_path / "a.csv", [row(SHIXING, "2023Q2")]))
    stored(store, table(tmp_path / "b.csv", [row(SHIXING, "2023Q2", beds_care=130)]))
    stored(store, table(tmp_path / "c.csv", [row(RENHUA, "2023Q2")]))
    stored(store, table(tmp_path / "d.csv", [row(SHIXING, "2023Q2", beds_care=130, residents=140)]))
    with pytest.raises(RevertRefused) as refused:
        ledger.revert(store, 1, by="复核人", note="撤销")
    assert "S1" in str(refused.value)
    assert "S2, S4" in str(refused.value)
    assert "S3" not in str(refused.value)
    assert len(ledger.history(store)) == 4


def test_every_later_submission_is_named_though_another_has_replaced_its_cells(
    tmp_path: Path, store: Settings
) -> None:
    stored(store, table(tmp_path / "a.csv", [row(SHIXING, "2023Q2")]))
    for number, beds in enumerate((130, 140)):
        stored(store, table(tmp_path / f"{number}.csv", [row(SHIXING, "2023Q2", beds_care=beds)]))
    with pytest.raises(RevertRefused, match="S2, S3"):
        ledger.revert(store, 1, by="复核人", note="撤销")


def test_a_submission_is_reverted_once(tmp_path: Path, store: Settings) -> None:
    stored(store, table(tmp_path / "a.csv", [row(SHIXING, "2023Q2")]))
    ledger.revert(store, 1, by="复核人", note="撤销")
    with pytest.raises(RevertRefused, match="S2"):
        ledger.revert(store, 1, by="复核人", note="再撤销")


def test_what_was_reverted_may_be_submitted_again(tmp_path: Path, store: Settings) -> None:
    path = table(tmp_path / "a.csv", [row(SHIXING, "2023Q2")])
    stored(store, path)
    ledger.revert(store, 1, by="复核人", note="撤销")
    assert stored(store, path) == 3
    assert submitted(store, path).submission == 3


def test_a_sample_and_a_real_cell_are_reverted_apart(tmp_path: Path, store: Settings) -> None:
    sample = form(tmp_path / "s.xlsx", "2023Q2", {SHIXING: good()}, sample=True)
    stored(store, sample)
    stored(store, table(tmp_path / "a.csv", [row(SHIXING, "2023Q2", beds_care=130)]))
    assert ledger.revert(store, 1, by="复核人", note="撤销") == (3, 9)
    assert share(store) == 65.0


# ------------------------------------------------------------------ as of


def test_a_date_means_the_last_vintage_of_that_day(tmp_path: Path, store: Settings) -> None:
    today = periods.today()
    assert reads.vintage_of(store, today.isoformat()) == 0
    stored(store, table(tmp_path / "a.csv", [row(SHIXING, "2023Q2")]))
    stored(store, table(tmp_path / "b.csv", [row(SHIXING, "2023Q2", beds_care=130)]))
    assert reads.vintage_of(store, today.isoformat()) == 2
    assert reads.vintage_of(store, (today + dt.timedelta(days=1)).isoformat()) == 2
    assert reads.vintage_of(store, (today - dt.timedelta(days=1)).isoformat()) == 0


def test_before_the_first_submission_nothing_was_known(tmp_path: Path, store: Settings) -> None:
    stored(store, table(tmp_path / "a.csv", [row(SHIXING, "2023Q2")]))
    assert share(store, vintage=reads.vintage_of(store, "2020-01-01")) is None


@pytest.mark.parametrize(("text", "vintage"), [("2", 2), ("V2", 2), ("S2", 2)])
def test_a_vintage_may_be_written_as_number_or_submission(
    store: Settings, text: str, vintage: int
) -> None:
    assert reads.vintage_of(store, text) == vintage


@pytest.mark.parametrize("text", ["last week", "2023Q2", "2023-02-30", ""])
def test_what_is_neither_vintage_nor_date_is_refused(store: Settings, text: str) -> None:
    with pytest.raises(UnknownName):
        reads.vintage_of(store, text)


def test_a_vintage_that_does_not_exist_is_refused(tmp_path: Path, store: Settings) -> None:
    with pytest.raises(UnknownName, match="5"):
        serving.open_vintage(store, 5)
    stored(store, table(tmp_path / "a.csv", [row(SHIXING, "2023Q2")]))
    with pytest.raises(UnknownName, match="5"):
        serving.open_vintage(store, 5)


def test_a_day_ends_by_the_clock_of_guangdong(tmp_path: Path, store: Settings) -> None:
    stored(store, table(tmp_path / "a.csv", [row(SHIXING, "2023Q2")]))
    # 16:30 UTC of one day is half past midnight of the next in Guangdong
    moment = dt.datetime(2023, 8, 1, 16, 30, tzinfo=dt.UTC)
    with lake.session(store, write=True) as db:
        db.execute("update lake.submission set submitted_at = $moment", {"moment": moment})
    assert lake.vintage_on(store, dt.date(2023, 8, 1)) == 0
    assert lake.vintage_on(store, dt.date(2023, 8, 2)) == 1


@pytest.mark.parametrize("how", ["revert", "withdraw"])
def test_a_commit_whose_answer_is_lost_counts_once(
    tmp_path: Path, store: Settings, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    stored(store, table(tmp_path / "a.csv", [row(SHIXING, "2023Q2")]))
    answered = lake.transaction
    lost = iter([True])

    @contextmanager
    def transaction(db: duckdb.DuckDBPyConnection) -> Iterator[None]:
        with answered(db):
            yield
        if next(lost, False):  # it is in the store, and the connection breaks
            raise duckdb.IOException("Postgres: server closed the connection unexpectedly")

    monkeypatch.setattr(lake, "transaction", transaction)
    if how == "revert":
        done = ledger.revert(store, 1, by="复核人", note="撤销")
    else:
        done = ledger.withdraw(store, "care_beds", "2023Q2", SHIXING, None, by="甲", note="错")
    assert done == (2, 9)
    assert [entry["vintage"] for entry in ledger.history(store)] == [2, 1]
    assert next(lost, False) is False
