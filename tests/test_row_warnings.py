"""The checks of a county's whole row: a copy of the quarter before, or no row at all."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from forms import (
    KNOWN,
    RENHUA,
    SHIXING,
    WENGYUAN,
    Value,
    checked,
    form,
    good,
    read_file,
    row,
    stored,
    table,
)

from app import areas
from app.intake import check
from app.intake.check import Assessment
from app.intake.upload import BlankRow, Finding
from app.settings import Settings

RUYUAN = "440232"  # 乳源瑶族自治县, of 韶关 like the three of forms
FENGSHUN, WUHUA = "441423", "441424"  # 丰顺县 and 五华县 of 梅州


def rules(assessment: Assessment) -> list[str]:
    """The rules that were found, errors first."""
    return [finding.rule for finding in assessment.errors + assessment.warnings]


def found(assessment: Assessment, rule: str) -> list[Finding]:
    """The findings of one rule."""
    return [f for f in assessment.errors + assessment.warnings if f.rule == rule]


# ------------------------------------------------------------------ copied_quarter


def copies(
    tmp_path: Path,
    store: Settings,
    before: Mapping[str, Value],
    now: Mapping[str, Value],
    periods_: tuple[str, str] = ("2023Q1", "2023Q2"),
) -> list[Finding]:
    """The findings of a copy among two rows of one county."""
    keys = [{"area_code": SHIXING, "period": period} for period in periods_]
    rows = [keys[0] | dict(before), keys[1] | dict(now)]
    return found(checked(store, table(tmp_path / "a.csv", rows)), "copied_quarter")


def test_a_row_all_as_in_the_quarter_before_is_a_warning(tmp_path: Path, store: Settings) -> None:
    (finding,) = copies(tmp_path, store, good(), good())
    assert (finding.row, finding.column, finding.period) == (3, None, "2023Q2")
    # the annual plan is none of the eight
    assert finding.message.startswith("始兴县的 8 项数与2023年一季度完全相同")
    assert copies(tmp_path, store, good(), good(residents=151)) == []
    assert copies(tmp_path, store, good(), good(), ("2023Q1", "2023Q3")) == []
    assert len(copies(tmp_path, store, good(), good(), ("2022Q4", "2023Q1"))) == 1


def test_standards_and_plans_may_stay_or_change_in_a_copy(tmp_path: Path, store: Settings) -> None:
    assert copies(tmp_path, store, good(), good(care_beds_added_plan=30))
    before = good("child_welfare")
    assert copies(tmp_path, store, before, before | {"standard_scattered": 1700})
    assert not copies(tmp_path, store, before, before | {"paid_amount_ytd": 60_001})


def test_a_copy_of_nothing_but_zeros_says_nothing(tmp_path: Path, store: Settings) -> None:
    zeros = dict.fromkeys(good(), 0)
    three = zeros | {"institutions": 1, "beds_total": 20, "residents": 5}
    assert copies(tmp_path, store, three, three) == []
    four = three | {"residents_disabled": 2}
    assert len(copies(tmp_path, store, four, four)) == 1


def test_a_figure_not_reported_before_makes_it_no_copy(tmp_path: Path, store: Settings) -> None:
    assert copies(tmp_path, store, good(residents=None), good()) == []


# ------------------------------------------------------------------ missing_area


@pytest.fixture
def first_quarter(tmp_path: Path, store: Settings) -> Settings:
    """A store in which four counties of 韶关 and two of 梅州 reported a first quarter."""
    codes = (SHIXING, RENHUA, WENGYUAN, RUYUAN, FENGSHUN, WUHUA)
    stored(store, table(tmp_path / "q1.csv", [row(code, "2023Q1") for code in codes]))
    return store


def missing(tmp_path: Path, store: Settings, *codes: str) -> list[str | None]:
    """The counties said to be missing from a file of the second quarter."""
    path = table(tmp_path / "q2.csv", [row(code, "2023Q2") for code in codes])
    return [finding.area_code for finding in found(checked(store, path), "missing_area")]


def test_a_county_missing_from_its_citys_file_is_a_warning(
    tmp_path: Path, first_quarter: Settings
) -> None:
    # two of the four that reported the quarter before are half of the city
    assert missing(tmp_path, first_quarter, SHIXING, RENHUA) == [WENGYUAN, RUYUAN]
    assert missing(tmp_path, first_quarter, SHIXING, RENHUA, WENGYUAN, RUYUAN) == []
    path = table(tmp_path / "q2.csv", [row(code, "2023Q2") for code in (SHIXING, RENHUA, RUYUAN)])
    (finding,) = checked(first_quarter, path).warnings
    assert (finding.row, finding.column, finding.period) == (None, None, "2023Q2")
    assert finding.message.startswith("翁源县在2023年一季度报过，2023年二季度没有数。")


def test_a_file_of_one_county_says_nothing_of_the_others(
    tmp_path: Path, first_quarter: Settings
) -> None:
    assert missing(tmp_path, first_quarter, SHIXING) == []
    # of two cities, each with one county: neither city is covered
    assert missing(tmp_path, first_quarter, SHIXING, FENGSHUN) == []


def test_less_than_half_a_city_does_not_cover_it(tmp_path: Path, first_quarter: Settings) -> None:
    fifth = "440281"  # 乐昌市, also of 韶关: two of five are less than half
    stored(first_quarter, table(tmp_path / "late.csv", [row(fifth, "2023Q1")]))
    assert missing(tmp_path, first_quarter, SHIXING, RENHUA) == []


def test_a_county_that_is_stored_already_is_not_missing(
    tmp_path: Path, first_quarter: Settings
) -> None:
    stored(first_quarter, table(tmp_path / "first.csv", [row(WENGYUAN, "2023Q2")]))
    assert missing(tmp_path, first_quarter, SHIXING, RENHUA) == [RUYUAN]


def test_a_county_that_did_not_report_the_quarter_before_is_not_missing(
    tmp_path: Path, first_quarter: Settings
) -> None:
    rows = [row(code, "2023Q3") for code in (SHIXING, RENHUA)]
    assert rules(checked(first_quarter, table(tmp_path / "q3.csv", rows))) == []


def test_an_empty_row_is_a_warning_where_it_stands(tmp_path: Path, first_quarter: Settings) -> None:
    upload = read_file(table(tmp_path / "q2.csv", [row(SHIXING, "2023Q2")]))
    upload.blank_rows = [
        BlankRow(WUHUA, "2023Q2", "护理型床位", 40),
        BlankRow("441426", "2023Q2", "护理型床位", 41),  # 平远县 has never reported
    ]
    (finding,) = check.check(first_quarter, upload, KNOWN, "zh").warnings
    assert (finding.rule, finding.area_code) == ("missing_area", WUHUA)
    assert (finding.sheet, finding.row, finding.column) == ("护理型床位", 40, None)


def test_a_row_of_dashes_is_an_empty_row(tmp_path: Path, first_quarter: Settings) -> None:
    dashes: dict[str, Value] = dict.fromkeys(good(), "—")
    rows = [row(SHIXING, "2023Q2"), {"area_code": WUHUA, "period": "2023Q2", **dashes}]
    (finding,) = found(checked(first_quarter, table(tmp_path / "q2.csv", rows)), "missing_area")
    assert (finding.area_code, finding.row) == (WUHUA, 3)


def test_sample_that_was_reported_before_is_not_missing_from_real_data(
    tmp_path: Path, store: Settings
) -> None:
    both = {code: good() for code in (SHIXING, RENHUA, WENGYUAN)}
    stored(store, form(tmp_path / "s.xlsx", "2023Q1", both, sample=True))
    assert missing(tmp_path, store, SHIXING, RENHUA) == []


def test_the_areas_that_will_have_nothing_stored_are_listed_by_quarter(
    tmp_path: Path, first_quarter: Settings
) -> None:
    rows = [row(SHIXING, "2023Q1", residents=140), row(RENHUA, "2023Q2")]
    assessment = checked(first_quarter, table(tmp_path / "a.csv", rows))
    reported = {SHIXING, RENHUA, WENGYUAN, RUYUAN, FENGSHUN, WUHUA}
    assert assessment.missing == {
        "2023Q1": sorted(set(areas.load()) - reported),
        "2023Q2": sorted(set(areas.load()) - {RENHUA}),
    }
