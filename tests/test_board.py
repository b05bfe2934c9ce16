"""The reporting board: who has reported by when, and who is still to be reminded."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import dashboard_stores as stores
import pytest
import streamlit as st
from forms import form, good, stored

from app import areas, catalogue, levels, periods, view
from app.board import reminders, reports
from app.board.reports import Report
from app.settings import Settings

LECHANG, NANXIONG = "440281", "440282"
PERIOD = "2024Q2"
DUE = dt.date(2024, 7, 20)  # twenty days after the end of June
BEDS = "care_beds"


def reported(period: str = PERIOD, today: dt.date = DUE) -> dict[tuple[str, str], Report]:
    source, stamp = view.current()
    return {(r.dataset, r.area_code): r for r in reports.of(source, stamp, period, today)}


def test_a_quarter_is_in_time_up_to_the_days_after_its_end_that_the_catalogue_sets() -> None:
    dataset = catalogue.load().dataset(BEDS)
    assert reports.due(dataset, PERIOD) == DUE
    assert reports.due(dataset, "2023Q4") == dt.date(2024, 1, 20)
    assert reports.due(dataset.model_copy(update={"due_days": None}), PERIOD) is None
    assert periods.last_day("2024Q1") == dt.date(2024, 3, 31)


def test_a_report_after_the_day_is_late_by_days_and_one_that_lacks_is_awaited_then_overdue(
    store: Settings, tmp_path: Path
) -> None:
    stored(store, form(tmp_path / "a.xlsx", PERIOD, {LECHANG: good()}))
    found = reported()
    late = found[BEDS, LECHANG]  # stored today, long after the day
    assert (late.state, late.submission, late.by) == ("late", "S1", "填报人")
    assert late.days_late == (periods.today() - DUE).days
    assert found[BEDS, NANXIONG].state == "awaited"
    after = reported(today=DUE + dt.timedelta(days=1))
    assert after[BEDS, NANXIONG].state == "overdue"
    assert after[BEDS, NANXIONG].days_late == 0
    in_time = reported("2099Q4")
    assert {r.state for r in in_time.values()} == {"awaited"}


def test_a_correction_does_not_make_a_report_later_than_it_came(
    store: Settings, tmp_path: Path
) -> None:
    stored(store, form(tmp_path / "a.xlsx", PERIOD, {LECHANG: good()}))
    first = reported()[BEDS, LECHANG]
    path = form(tmp_path / "b.xlsx", PERIOD, {LECHANG: good(beds_care=121)})
    stored(store, path, explain="更正")
    second = reported()[BEDS, LECHANG]
    assert second.submission == "S2"
    assert second.first_at == first.first_at
    assert second.last_at is not None and first.last_at is not None
    assert second.last_at > first.last_at


def test_every_dataset_expects_all_of_its_level_and_the_counts_add_up(sampled: Path) -> None:
    with stores.store_at(sampled):
        found = list(reported(stores.LATEST).values())
    tallies = {tally.dataset: tally for tally in reports.tallies(found)}
    known = catalogue.load().datasets
    assert list(tallies) == sorted(known)
    told = stores.reported(BEDS)
    measures = [m.id for m in known[BEDS].measures if m.reference is None]
    silent = set(told.index[told[measures].isna().all(axis=1)])
    for name, tally in tallies.items():
        assert tally.expected == len(levels.units(known[name].level))
        assert sum(tally.states.values()) == tally.expected
    assert tallies[BEDS].reported == 124 - len(silent)
    assert Counter(r.state for r in found).keys() <= {"sample", "awaited", "overdue"}
    owing = reports.outstanding(found)
    assert silent <= owing.keys()
    counts = [len(rows) for rows in owing.values()]
    assert counts == sorted(counts, reverse=True)


def test_the_reminder_names_who_owes_what_by_city_and_nobody_else() -> None:
    found = [
        Report(BEDS, LECHANG, "overdue", DUE),
        Report("child_welfare", LECHANG, "awaited", DUE),
        Report("social_work_stations", LECHANG, "overdue", DUE),
        Report(BEDS, NANXIONG, "in_time", DUE),
    ]
    day = dt.date(2024, 7, 25)
    assert reminders.text(found, PERIOD, day, "zh") == (
        "2024年二季度季报催报（截至2024-07-25）：还有1个单位的3张报表没有报送，请抓紧。\n"
        "韶关市：乐昌市（护理型床位、社工站（点），2024-07-20截止，已逾期；"
        "孤儿和事实无人抚养儿童，2024-07-20截止）。"
    )
    assert reminders.text(found[3:], PERIOD, day, "zh") == ""
    english = reminders.text(found, PERIOD, day, "en")
    assert not [letter for letter in english if "\u4e00" <= letter <= "\u9fff"]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_shows_counts_signs_and_whom_to_remind(sampled: Path, lang: str) -> None:
    with stores.store_at(sampled):
        at = stores.opened("pages/submit/board.py", lang=lang, period=stores.LATEST)
    pilot = areas.pilot()
    by_dataset, by_area = (frame.value for frame in at.dataframe)
    assert len(by_dataset) == len(catalogue.load().datasets)
    counted = dict(zip(by_dataset.iloc[:, 0], by_dataset.iloc[:, 2], strict=True))
    assert counted[catalogue.load().dataset(BEDS).label(lang)] == len(pilot)
    assert len(by_area) >= len(pilot)
    text = at.code[0].value
    told = stores.reported(BEDS).loc[sorted(pilot)]
    silent = told.index[told["beds_total"].isna()]
    assert len(silent) > 0
    for code in silent:
        assert areas.load()[code].label(lang) in text


def test_the_quarters_that_have_ended_are_awaited_after_the_last_with_data() -> None:
    assert periods.last_ended(dt.date(2024, 9, 30)) == "2024Q2"
    assert periods.last_ended(dt.date(2024, 10, 1)) == "2024Q3"
    assert periods.last_ended(dt.date(2025, 1, 1)) == "2024Q4"
    assert reports.awaited(["2024Q1"], dt.date(2024, 10, 1)) == ["2024Q2", "2024Q3"]
    assert reports.awaited(["2024Q3"], dt.date(2024, 10, 1)) == []
    assert reports.awaited([], dt.date(2024, 10, 1)) == ["2024Q3"]


def test_before_any_report_the_board_shows_that_all_are_awaited(store: Settings) -> None:
    page = stores.opened("pages/submit/board.py", scope=areas.PROVINCE)
    assert not page.exception
    expected = sum(len(levels.units(d.level)) for d in catalogue.load().datasets.values())
    assert [metric.value for metric in page.metric][:2] == [f"{expected:,}", "0"]
    last = periods.last_ended(periods.today())
    assert page.selectbox(key="period_zh").value == last
    assert page.dataframe[0].value.shape[0] == len(catalogue.load().datasets)


def test_the_list_that_is_taken_out_says_of_which_quarter_and_vintage_it_is(
    sampled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: dict[str, Callable[[], bytes]] = {}

    def offered(
        label: str, data: Callable[[], bytes], file_name: str, *rest: Any, **look: Any
    ) -> None:
        taken[file_name] = data

    monkeypatch.setattr(st, "download_button", offered)
    with stores.store_at(sampled):
        stores.opened("pages/submit/board.py", period=stores.LATEST)
        (content,) = (data() for data in taken.values())
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    assert {row["报告期"] for row in rows} == {stores.LATEST}
    assert all("内部资料" in row["范围与版本"] for row in rows)
