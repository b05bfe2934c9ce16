"""The checks of data/catalogue/checks.yaml that hold an upload against the area's own history."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from forms import (
    CORE,
    DONGGUAN,
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

from app import periods
from app.catalogue import Catalogue
from app.intake import check
from app.intake.check import Assessment
from app.intake.upload import Finding
from app.settings import Settings


def rules(assessment: Assessment) -> list[str]:
    """The rules that were found, errors first."""
    return [finding.rule for finding in assessment.errors + assessment.warnings]


def found(assessment: Assessment, rule: str) -> list[Finding]:
    """The findings of one rule."""
    return [f for f in assessment.errors + assessment.warnings if f.rule == rule]


def quarters(
    measure: str, values: Sequence[Value], first: str, dataset_id: str = "care_beds"
) -> list[dict[str, Value]]:
    """Rows of 始兴县 in consecutive quarters that differ in one measure."""
    return [
        row(SHIXING, periods.shift(first, step), dataset_id, **{measure: value})
        for step, value in enumerate(values)
    ]


@pytest.fixture
def judged(tmp_path: Path, store: Settings) -> Any:
    """Store the earlier values of a measure and judge the one that follows them."""
    seen: dict[str, str] = {}

    def judge(
        measure: str, earlier: Sequence[Value], value: Value, dataset_id: str = "care_beds",
        first: str = "2021Q1",
    ) -> Assessment:  # fmt: skip
        if earlier and not seen:
            rows = quarters(measure, earlier, first, dataset_id)
            stored(store, table(tmp_path / "earlier.csv", rows), explain="核对无误")
            seen["stored"] = measure
        period = periods.shift(first, len(earlier))
        line = row(SHIXING, period, dataset_id, **{measure: value})
        return checked(store, table(tmp_path / "now.csv", [line]))

    return judge


def catalogue_with(dataset_id: str, **changed: Any) -> Catalogue:
    """The catalogue with one dataset changed."""
    dataset = KNOWN.datasets[dataset_id].model_copy(update=changed)
    datasets = {**KNOWN.datasets, dataset_id: dataset}
    dataset_of = {i: datasets[d.id] for i, d in KNOWN.dataset_of.items()}
    return dataclasses.replace(KNOWN, datasets=datasets, dataset_of=dataset_of)


def checked_by(
    store: Settings, path: Path, dataset_id: str, lang: str = "zh", **changed: Any
) -> Assessment:
    """A file judged with a dataset's declaration changed."""
    known = catalogue_with(dataset_id, **changed)
    upload = read_file(path)
    upload.dataset = known.datasets[dataset_id]
    return check.check(store, upload, known, lang)


# ------------------------------------------------------------------ unusual_change

# The changes of STEADY are 2, −3, 2, 2, −3: their median is 2 and most lie on it, so that only the
# range counts: 99 to 103, less or more 30 %. Those of RESTLESS are 20, −20, 30, −30, 20: median 20,
# distances from it 0, 40, 10, 50, 0, of which the median is 10; 5 × 1.4826 × 10 = 74.13.
STEADY = [100, 102, 99, 101, 103, 100]
RESTLESS = [100, 120, 100, 130, 100, 120]


@pytest.mark.parametrize(
    ("earlier", "unusual", "usual"),
    [
        (STEADY, 134, 133),  # above 103 × 1.3 = 133.9
        (STEADY, 69, 70),  # below 99 × 0.7 = 69.3
        (RESTLESS, 215, 214),  # 95 − 20 = 75 is more than 74.13, and 94 − 20 = 74 less
        ([3] * 6, 13, 12),  # a change of less than 10 is never unusual
        ([20], 61, 60),  # more than three times as many, where there is too little history
        ([9], 29, 28),  # and a change of 20 at least
        ([100], 33, 34),  # 33.3 is a third
        ([0], None, 500),  # a beginning is no change
    ],
)
def test_a_change_beyond_the_own_history_is_a_warning(
    judged: Any, earlier: list[Value], unusual: Value, usual: Value
) -> None:
    assert "unusual_change" not in rules(judged("institutions", earlier, usual))
    if unusual is not None:
        (finding,) = found(judged("institutions", earlier, unusual), "unusual_change")
        assert (finding.row, finding.column) == (2, "institutions")
        assert (finding.area_code, finding.value) == (SHIXING, str(unusual))


def test_the_message_of_a_change_holds_the_figures_it_was_judged_by(judged: Any) -> None:
    (finding,) = judged("institutions", [1000, 1020, 990, 1010, 1030, 1000], 2500).warnings
    assert finding.message == (
        "变动超出本地以往的情形：2022年二季度为 1,000，现为 2,500，以往在 990 至 1,030 之间"
        "（累计数按单季数比）。请核对；属实的，说明原因。"
    )


def test_a_flow_is_judged_by_the_quarters_own_amount(judged: Any) -> None:
    # ten in each quarter: 39 is 19 in the quarter, nine more than ever; 43 is 23
    earlier = [10, 20, 30, 40, 10, 20]
    assert "unusual_change" not in rules(judged("care_beds_added_ytd", earlier, 39))
    (finding,) = found(judged("care_beds_added_ytd", earlier, 43), "unusual_change")
    assert "2022年二季度为 10，现为 23" in finding.message


def test_a_seasonal_flow_may_fall_each_first_quarter(judged: Any) -> None:
    earlier = [5, 25, 55, 115, 6, 26, 56, 116]
    assert "unusual_change" not in rules(judged("care_beds_added_ytd", earlier, 5))


def test_a_figure_that_comes_back_is_not_unusual(judged: Any) -> None:
    assert "unusual_change" not in rules(judged("institutions", [50, 51, 50, 51, 50, 500], 50))


def test_what_lies_further_back_than_the_limit_is_forgotten(judged: Any) -> None:
    # 500 was reported in the first of 13 earlier quarters: it no longer counts as seen before
    assert "unusual_change" in rules(judged("institutions", [500, *[50] * 12], 500))


def test_a_quarter_that_was_not_reported_is_passed_over(judged: Any) -> None:
    assert "unusual_change" in rules(judged("institutions", [100] * 6 + [None], 134))
    assert "unusual_change" not in rules(judged("institutions", [100] * 6 + [None], 130))


def test_sample_is_no_history_for_real_figures(tmp_path: Path, store: Settings) -> None:
    stored(
        store,
        form(tmp_path / "s.xlsx", "2023Q1", {SHIXING: good(institutions=400)}, sample=True),
    )
    line = row(SHIXING, "2023Q2", institutions=10)
    assert rules(checked(store, table(tmp_path / "a.csv", [line]))) == []


def test_what_is_stored_already_is_not_questioned_again(tmp_path: Path, store: Settings) -> None:
    stored(store, table(tmp_path / "a.csv", [row(SHIXING, "2023Q1", institutions=10)]))
    jump = row(SHIXING, "2023Q2", institutions=90)
    assert rules(checked(store, table(tmp_path / "b.csv", [jump]))) == ["unusual_change"]
    stored(store, table(tmp_path / "b.csv", [jump]), explain="合并")
    again = [jump, row(RENHUA, "2023Q2")]
    assert rules(checked(store, table(tmp_path / "c.csv", again))) == []


# ------------------------------------------------------------------ unit_slip, unusual_level


def test_an_amount_in_ten_thousands_is_a_unit_slip_and_nothing_else(judged: Any) -> None:
    # 60,000 yuan in each quarter; 6 in the first of the next year would be ten thousands of yuan
    earlier = [60_000, 120_000, 180_000, 240_000]
    (finding,) = judged("paid_amount_ytd", earlier, 6, "child_welfare").warnings
    assert finding.rule == "unit_slip"
    assert "10,000 倍：以往 60,000，现为 6（" in finding.message
    assert judged("paid_amount_ytd", earlier, 61_000, "child_welfare").warnings == []


@pytest.mark.parametrize(
    ("value", "factor"), [(400, "100"), (12, "1,000"), (1, "10,000"), (360_000, "100")]
)
def test_the_factor_of_a_slip_is_a_power_of_ten(judged: Any, value: int, factor: str) -> None:
    earlier = [12_000, 12_050, 12_100]
    assessment = judged("certified_disabled", earlier, value, "disability_allowances")
    if value == 360_000:  # 29.9 times 12,050; and 12,050 is 30.1 times 400
        assert rules(assessment) == ["unusual_change"]
    else:
        (finding,) = assessment.warnings
        assert finding.rule == "unit_slip" and f"相差约 {factor} 倍" in finding.message


def test_small_counts_are_no_slip(judged: Any) -> None:
    assert "unit_slip" not in rules(judged("institutions", [3, 3], 99))
    assert "unit_slip" in rules(judged("institutions", [3, 3], 100))


def test_a_zero_is_no_slip(judged: Any) -> None:
    assert "unit_slip" not in rules(judged("institutions", [500, 500], 0))


def test_a_slip_gives_way_to_the_error_that_points_at_its_cell(judged: Any) -> None:
    # 12 after 60,000 of the same year is a fall
    assessment = judged("paid_amount_ytd", [60_000], 12, "child_welfare")
    assert rules(assessment) == ["falling_flow"]


@pytest.mark.parametrize(
    ("period", "implausible", "plausible"),
    [
        # 16,500 yuan for 55 children and three months is 100 each
        ("2023Q1", 16_499, 16_500),
        ("2023Q1", 3_300_001, 3_300_000),
        # without the first quarter, the half year is shared between two
        ("2023Q2", 32_998, 33_000),
    ],
)
def test_a_first_amount_in_a_wrong_unit_is_seen_by_what_it_comes_to(
    tmp_path: Path, store: Settings, period: str, implausible: Value, plausible: Value
) -> None:
    def judge(amount: Value) -> Assessment:
        line = row(SHIXING, period, "child_welfare", paid_amount_ytd=amount)
        return checked(store, table(tmp_path / "a.csv", [line]))

    assert judge(plausible).warnings == []
    (finding,) = judge(implausible).warnings
    assert (finding.rule, finding.column) == ("unusual_level", "paid_amount_ytd")
    assert "“儿童人均月发放额”" in finding.message and "100 至 20,000" in finding.message


def test_an_indicator_without_its_denominator_says_nothing(tmp_path: Path, store: Settings) -> None:
    line = row(SHIXING, "2023Q1", "child_welfare", paid_amount_ytd=6, paid_children=0)
    assert rules(checked(store, table(tmp_path / "a.csv", [line]))) == []


# ------------------------------------------------------------------ above_100


def test_a_ratio_above_100_is_a_warning_where_no_rule_says_so(
    tmp_path: Path, store: Settings
) -> None:
    def judge(**changed: Value) -> Assessment:
        path = table(tmp_path / "a.csv", [row(SHIXING, "2023Q2", **changed)])
        return checked_by(store, path, "care_beds", rules=[])

    assert rules(judge(residents=200)) == []
    (finding,) = judge(residents=201).warnings
    assert (finding.rule, finding.column) == ("above_100", "residents")
    assert finding.message.startswith("“养老机构床位入住率”超过100%：分子 201，分母 200。")
    # the annual plan may be more than fulfilled
    assert rules(judge(care_beds_added_ytd=25)) == []


def test_a_ratio_above_100_gives_way_to_the_rule_of_the_same_cell(
    tmp_path: Path, store: Settings
) -> None:
    path = table(tmp_path / "a.csv", [row(SHIXING, "2023Q2", residents=201)])
    assert rules(checked(store, path)) == ["residents_within_beds"]


def test_only_standards_and_plans_of_the_core_datasets_may_exceed_100() -> None:
    free = {i.id for d in CORE for i in KNOWN.dataset(d).indicators if i.may_exceed_100}
    assert free == {
        "care_bed_plan_fulfilment",
        "institution_standard_ratio",
        "scattered_standard_ratio",
        "hardship_standard_ratio",
        "severe_standard_ratio",
    }


# ------------------------------------------------------------------ declarations, order, form


def test_a_dataset_may_switch_a_check_off_or_change_its_limit(
    tmp_path: Path, store: Settings
) -> None:
    stored(store, table(tmp_path / "a.csv", [row(SHIXING, "2023Q1", institutions=20)]))
    path = table(tmp_path / "b.csv", [row(SHIXING, "2023Q2", institutions=55)])
    assert rules(checked(store, path)) == []
    lower = {"unusual_change": {"first_times": 2}}
    assert rules(checked_by(store, path, "care_beds", checks=lower)) == ["unusual_change"]
    off: dict[str, Any] = {"unusual_change": False}
    path = table(tmp_path / "b.csv", [row(SHIXING, "2023Q2", institutions=5000)])
    assert rules(checked(store, path)) == ["unit_slip"]
    assert rules(checked_by(store, path, "care_beds", checks={"unit_slip": False})) == [
        "unusual_change"
    ]
    off["unit_slip"] = False
    assert rules(checked_by(store, path, "care_beds", checks=off)) == []


def test_what_the_reader_doubts_comes_first_and_is_not_doubted_twice(
    tmp_path: Path, store: Settings
) -> None:
    stored(store, table(tmp_path / "a.csv", [row(SHIXING, "2023Q1", institutions=10)]))
    upload = read_file(table(tmp_path / "b.csv", [row(SHIXING, "2023Q2", institutions=90)]))
    (doubt,) = check.check(store, upload, KNOWN, "zh").warnings
    assert doubt.rule == "unusual_change"
    reading = Finding("converted", "按万折算。", doubt.sheet, doubt.row, doubt.column)
    upload.warnings = [reading]
    assert check.check(store, upload, KNOWN, "zh").warnings == [reading]


def test_a_flood_is_cut_off_and_counted(
    tmp_path: Path, store: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(check, "MOST_FINDINGS", 2)
    rows = [row(code, "2023Q2", residents=300) for code in (SHIXING, RENHUA, WENGYUAN, DONGGUAN)]
    warnings = checked(store, table(tmp_path / "a.csv", rows)).warnings
    assert [f.area_code for f in warnings] == [SHIXING, RENHUA, None]
    assert "2" in warnings[2].message and warnings[2].rule == "residents_within_beds"


def test_messages_are_in_the_language_asked_for(tmp_path: Path, store: Settings) -> None:
    stored(store, table(tmp_path / "a.csv", [row(SHIXING, "2023Q1", institutions=1000)]))
    line = row(SHIXING, "2023Q2", institutions=10)
    path = table(tmp_path / "b.csv", [line])
    (finding,) = checked_by(store, path, "care_beds", lang="en").warnings
    assert finding.message.startswith(
        "About 100 times off this area's usual level: 1,000 before, 10 now"
    )
    (finding,) = checked(store, path).warnings
    assert finding.message.startswith("与本地以往水平相差约 100 倍：以往 1,000，现为 10")


def test_large_amounts_are_written_in_full(judged: Any) -> None:
    assessment = judged("paid_amount_ytd", [30_000_000_000.5], 20_000_000_000, "child_welfare")
    (finding,) = assessment.errors
    assert "2021年一季度为 30,000,000,000.5，2021年二季度为 20,000,000,000。" in finding.message
