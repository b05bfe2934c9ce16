"""Which submissions are named as those that a number has changed by."""

from __future__ import annotations

from pathlib import Path

import pytest
from forms import form, good, stored, submitted

from app import lake, settings
from app.briefing import touching
from app.briefing.parts import Quantity, Trace
from app.intake import ledger
from app.settings import Settings

LECHANG, NANXIONG = "440281", "440282"  # two counties of one city, both pilot counties
PERIOD = "2024Q2"


def told(
    indicator: str, area: str, since: int, *, period: str = PERIOD, quantity: Quantity = "value",
    level: str = "county", within: str = "",
) -> list[str]:  # fmt: skip
    """The ids of the submissions after one that a number has changed by."""
    trace = Trace(indicator, level, area, period, since, quantity, 1.0, within)
    store = settings.load()
    last = lake.read(store, lake.last_vintage) or 0
    return [s.id for s in touching.between(since, last, lake.stamp(store)).behind(trace)]


@pytest.fixture
def reported(store: Settings, tmp_path: Path) -> Settings:
    """A store with the care beds of two counties, as S1."""
    stored(store, form(tmp_path / "一.xlsx", PERIOD, {LECHANG: good(), NANXIONG: good()}))
    return store


def test_what_was_taken_away_elsewhere_is_not_named(reported: Settings) -> None:
    ledger.withdraw(reported, "care_beds", PERIOD, NANXIONG, None, by="审核", note="填错县")
    assert told("care_bed_share", LECHANG, 1) == []
    assert told("care_bed_share", NANXIONG, 1) == ["S2"]
    assert told("care_bed_share", "440200", 1, level="city") == ["S2"]
    assert told("care_bed_share", LECHANG, 1, quantity="rank", within="pilot/pilot") == ["S2"]


def test_every_correction_of_a_cell_is_named_also_one_that_was_corrected(
    reported: Settings, tmp_path: Path
) -> None:
    for beds in (81, 82):
        row = good(beds_care=beds)
        stored(reported, form(tmp_path / f"{beds}.xlsx", PERIOD, {LECHANG: row}), explain="更正")
    assert told("care_bed_share", LECHANG, 1) == ["S2", "S3"]
    assert told("care_bed_share", LECHANG, 2) == ["S3"]
    assert told("care_bed_share", LECHANG, 3) == []
    assert told("care_bed_share", LECHANG, 1, quantity="target") == []
    assert told("care_bed_share", LECHANG, 1, period="2024Q3") == []
    for quantity, period in (("change_previous", "2024Q3"), ("change_year", "2025Q2")):
        found = told("care_bed_share", LECHANG, 1, period=period, quantity=quantity)  # type: ignore[arg-type]
        assert found == ["S2", "S3"]


def test_other_measures_of_the_same_county_are_not_named(
    reported: Settings, tmp_path: Path
) -> None:
    row = good(residents=int(good()["residents"] or 0) + 1)
    stored(reported, form(tmp_path / "二.xlsx", PERIOD, {LECHANG: row}), explain="更正")
    assert told("care_bed_share", LECHANG, 1) == []
    assert told("care_beds", LECHANG, 1) == ["S2"]  # of the dataset as a whole


def test_real_data_in_place_of_the_sample_change_all_counties(
    store: Settings, tmp_path: Path
) -> None:
    both = {LECHANG: good(), NANXIONG: good()}
    stored(store, form(tmp_path / "样例.xlsx", PERIOD, both, sample=True))
    stored(store, form(tmp_path / "实报.xlsx", PERIOD, {LECHANG: good()}), explain="实报")
    assert told("care_bed_share", NANXIONG, 1) == ["S2"]
    stored(store, form(tmp_path / "更正.xlsx", PERIOD, {LECHANG: good(beds_care=81)}), explain="改")
    assert told("care_bed_share", NANXIONG, 2) == []


def test_a_quarters_own_amount_changes_with_the_total_of_the_quarter_before(
    store: Settings, tmp_path: Path
) -> None:
    for period in ("2024Q1", PERIOD):
        path = form(tmp_path / f"{period}.xlsx", period, {LECHANG: good("disability_allowances")},
                    dataset_id="disability_allowances")  # fmt: skip
        stored(store, path)
    row = good("disability_allowances", paid_amount_ytd=89000)
    path = form(tmp_path / "改.xlsx", "2024Q1", {LECHANG: row}, dataset_id="disability_allowances")
    outcome = submitted(store, path, explain="更正")
    assert outcome.submission == 3
    assert told("allowance_per_payment_month", LECHANG, 2) == ["S3"]
    assert told("allowance_per_payment_month", LECHANG, 2, period="2024Q3") == []
    assert told("hardship_coverage", LECHANG, 2) == []
