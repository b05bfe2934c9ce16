"""Checking an upload: the rules of the catalogue, falling flows, yearly figures, emptied cells.

What is held against an area's own history stands in test_warnings.py and test_row_warnings.py,
what an upload would change in test_change.py.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest
from forms import (
    KNOWN,
    RENHUA,
    SHIXING,
    Value,
    checked,
    form,
    good,
    row,
    stored,
    table,
)

from app.catalogue import Rule
from app.intake.check import Assessment
from app.settings import Settings

# For each rule: what breaks it in a good row of 2023, and what just does not.
# 始兴县 has 10 townships and 127 villages in data/reference/areas.csv; the provincial minima of
# 2023 are 2017, 1359, 195 and 261 (data/reference/standards.yaml).
BREAKS: dict[str, tuple[dict[str, Value], dict[str, Value]]] = {
    "care_beds.care_beds_within_beds": (
        {"beds_care": 201, "public_beds_total": 0, "public_beds_care": 0},
        {"beds_care": 200, "public_beds_total": 0, "public_beds_care": 0},
    ),
    "care_beds.public_beds_within_beds": (
        {"public_beds_total": 201, "beds_care": 40},
        {"public_beds_total": 200, "beds_care": 40},
    ),
    "care_beds.public_care_beds_within_public_beds": (
        {"public_beds_care": 81},
        {"public_beds_care": 80},
    ),
    "care_beds.public_care_beds_within_care_beds": (
        {"beds_care": 39},
        {"beds_care": 40},
    ),
    # outside public homes 161 − 40 = 121 care beds of 200 − 80 = 120 beds
    "care_beds.other_care_beds_within_other_beds": (
        {"beds_care": 161},
        {"beds_care": 160},
    ),
    "care_beds.residents_within_beds": ({"residents": 201}, {"residents": 200}),
    "care_beds.added_within_stock": (
        {"care_beds_added_ytd": 121},
        {"care_beds_added_ytd": 120},
    ),
    "child_welfare.paid_within_supported": ({"paid_children": 61}, {"paid_children": 60}),
    "child_welfare.institution_standard_at_least_minimum": (
        {"standard_institution": 2016},
        {"standard_institution": 2017},
    ),
    "child_welfare.scattered_standard_at_least_minimum": (
        {"standard_scattered": 1358},
        {"standard_scattered": 1359},
    ),
    "disability_allowances.hardship_recipients_within_eligible": (
        {"hardship_recipients": 101},
        {"hardship_recipients": 100},
    ),
    "disability_allowances.severe_recipients_within_eligible": (
        {"severe_recipients": 81},
        {"severe_recipients": 80},
    ),
    "disability_allowances.one_card_within_recipients": (
        {"paid_by_one_card": 161},
        {"paid_by_one_card": 160},
    ),
    "disability_allowances.hardship_standard_at_least_minimum": (
        {"hardship_standard": 194.99},
        {"hardship_standard": 195},
    ),
    "disability_allowances.severe_standard_at_least_minimum": (
        {"severe_standard": 260},
        {"severe_standard": 261},
    ),
    "social_work_stations.standardised_within_stations": (
        {"stations_standardised": 6},
        {"stations_standardised": 5},
    ),
    "social_work_stations.certified_within_workers": (
        {"social_workers_certified": 31},
        {"social_workers_certified": 30},
    ),
    "social_work_stations.stations_within_townships": ({"stations": 11}, {"stations": 10}),
    "social_work_stations.points_within_villages": (
        {"service_points": 128},
        {"service_points": 127},
    ),
}


def rules_of(datasets: Iterable[str]) -> dict[str, tuple[str, Rule]]:
    """The rules of some datasets by dataset and rule, with the dataset's id."""
    return {f"{d}.{rule.id}": (d, rule) for d in datasets for rule in KNOWN.dataset(d).rules}


# those of the core datasets; the others have their cases in the tests of their dataset
RULES = rules_of(dict.fromkeys(key.partition(".")[0] for key in BREAKS))


def found(assessment: Assessment) -> list[tuple[str, str, str | None, str | None]]:
    """Severity, rule, area and period of every finding."""
    return [
        (severity, f.rule, f.area_code, f.period)
        for severity, findings in (
            ("error", assessment.errors),
            ("warning", assessment.warnings),
        )
        for f in findings
    ]


def test_every_rule_of_the_core_datasets_has_its_case() -> None:
    assert BREAKS.keys() == RULES.keys()


@pytest.mark.parametrize("key", RULES)
def test_a_rule_trips_on_the_row_that_breaks_it_and_on_no_other(
    tmp_path: Path, store: Settings, key: str
) -> None:
    trips_on_its_row_alone(tmp_path, store, *RULES[key], *BREAKS[key])


def trips_on_its_row_alone(
    tmp_path: Path,
    store: Settings,
    dataset_id: str,
    rule: Rule,
    broken: dict[str, Value],
    kept: dict[str, Value],
) -> None:
    """Assert that a rule points at the row that breaks it and keeps silent where it is kept."""
    rows = [row(RENHUA, "2023Q2", dataset_id), row(SHIXING, "2023Q2", dataset_id, **broken)]
    assessment = checked(store, table(tmp_path / "a.csv", rows))
    assert (rule.severity, rule.id, SHIXING, "2023Q2") in found(assessment)
    assert {area for _, _, area, _ in found(assessment)} == {SHIXING}
    finding = next(f for f in assessment.errors + assessment.warnings if f.rule == rule.id)
    assert (finding.row, finding.column) == (3, rule.measure)
    assert finding.message == rule.message.zh
    rows[1] = row(SHIXING, "2023Q2", dataset_id, **kept)
    assert rule.id not in {
        r for _, r, _, _ in found(checked(store, table(tmp_path / "a.csv", rows)))
    }


@pytest.mark.parametrize("key", RULES)
def test_a_rule_says_nothing_where_a_figure_is_missing(
    tmp_path: Path, store: Settings, key: str
) -> None:
    keeps_silent_on_the_missing(tmp_path, store, *RULES[key], BREAKS[key][0])


def keeps_silent_on_the_missing(
    tmp_path: Path, store: Settings, dataset_id: str, rule: Rule, broken: dict[str, Value]
) -> None:
    """Assert that a rule says nothing of a row that would break it but for an empty cell."""
    line = row(SHIXING, "2023Q2", dataset_id, **broken) | {rule.measure: None}
    assert rule.id not in {
        r for _, r, _, _ in found(checked(store, table(tmp_path / "a.csv", [line])))
    }


def test_the_rules_of_the_plan_are_hard_or_warnings_as_it_says() -> None:
    warnings = {key for key, (_, rule) in RULES.items() if rule.severity == "warning"}
    assert warnings == {
        "care_beds.residents_within_beds",
        "care_beds.added_within_stock",
        "child_welfare.institution_standard_at_least_minimum",
        "child_welfare.scattered_standard_at_least_minimum",
        "disability_allowances.hardship_standard_at_least_minimum",
        "disability_allowances.severe_standard_at_least_minimum",
        "social_work_stations.stations_within_townships",
        "social_work_stations.points_within_villages",
    }


def test_a_finding_in_a_workbook_points_at_its_cell(tmp_path: Path, store: Settings) -> None:
    rows = {SHIXING: good(beds_care=300)}
    path = form(tmp_path / "a.xlsx", "2023Q2", rows)
    finding = next(f for f in checked(store, path).errors if f.rule == "care_beds_within_beds")
    assert (finding.sheet, finding.column, finding.value) == (
        "护理型床位",
        "护理型床位数（张）",
        300,
    )
    assert isinstance(RULES["care_beds.care_beds_within_beds"][1], Rule)


def test_a_cell_that_can_not_be_read_does_not_hide_what_is_wrong_in_other_rows(
    tmp_path: Path, store: Settings
) -> None:
    lines = [
        row(SHIXING, "2023Q2", institutions="十来家", beds_care=300),
        row(RENHUA, "2023Q2", beds_care=300),
    ]
    assessment = checked(store, table(tmp_path / "a.csv", lines))
    # 300 of 200 beds are of the care type, and of the 120 outside public homes 260
    assert [(e.rule, e.area_code, e.row) for e in assessment.errors] == [
        ("not_a_number", SHIXING, 2),
        ("care_beds_within_beds", RENHUA, 3),
        ("other_care_beds_within_other_beds", RENHUA, 3),
    ]
    assert assessment.changes == []


def test_nothing_is_said_of_what_is_only_missing_because_it_could_not_be_read(
    tmp_path: Path, store: Settings
) -> None:
    lines = [row(SHIXING, "2023Q1"), row(RENHUA, "2023Q1")]
    stored(store, table(tmp_path / "a.csv", lines))
    lines = [row("某某县", "2023Q2"), row(RENHUA, "2023Q2")]
    assessment = checked(store, table(tmp_path / "b.csv", lines))
    assert {e.rule for e in assessment.errors} == {"unknown_area"}
    assert "missing_area" not in {w.rule for w in assessment.warnings}


def test_a_reported_denominator_overrides_the_reference(tmp_path: Path, store: Settings) -> None:
    line = row(SHIXING, "2023Q2", "social_work_stations", stations=11)
    assert found(checked(store, table(tmp_path / "a.csv", [line])))
    assert not found(checked(store, table(tmp_path / "b.csv", [line | {"townships": 11}])))


# ------------------------------------------------------------------ cumulative flows


def flows(**by_period: float | None) -> list[dict[str, Value]]:
    """Rows of one county with the cumulative additions of each quarter."""
    return [row(SHIXING, period, care_beds_added_ytd=value) for period, value in by_period.items()]


def test_a_cumulative_flow_that_falls_inside_a_file_is_an_error(
    tmp_path: Path, store: Settings
) -> None:
    path = table(tmp_path / "a.csv", flows(**{"2023Q1": 5, "2023Q2": 4}))
    assessment = checked(store, path)
    assert found(assessment) == [("error", "falling_flow", SHIXING, "2023Q2")]
    assert (assessment.errors[0].row, assessment.errors[0].column) == (3, "care_beds_added_ytd")
    assert "5" in assessment.errors[0].message and "4" in assessment.errors[0].message


def test_a_cumulative_flow_below_the_stored_quarter_is_an_error(
    tmp_path: Path, store: Settings
) -> None:
    stored(store, table(tmp_path / "a.csv", flows(**{"2023Q1": 5})))
    assessment = checked(store, table(tmp_path / "b.csv", flows(**{"2023Q2": 4})))
    assert found(assessment) == [("error", "falling_flow", SHIXING, "2023Q2")]
    assert not found(checked(store, table(tmp_path / "c.csv", flows(**{"2023Q2": 5}))))


def test_an_earlier_quarter_raised_above_the_stored_later_one_is_an_error(
    tmp_path: Path, store: Settings
) -> None:
    stored(store, table(tmp_path / "a.csv", flows(**{"2023Q1": 5, "2023Q2": 6})))
    assessment = checked(store, table(tmp_path / "b.csv", flows(**{"2023Q1": 7})))
    assert found(assessment) == [("error", "falling_flow", SHIXING, "2023Q1")]
    both = flows(**{"2023Q1": 7, "2023Q2": 8})
    assert not found(checked(store, table(tmp_path / "c.csv", both)))


def test_a_cumulative_flow_begins_anew_each_year(tmp_path: Path, store: Settings) -> None:
    rows = flows(**{"2022Q4": 18, "2023Q1": 2})
    assert not found(checked(store, table(tmp_path / "a.csv", rows)))


def test_a_quarter_that_was_not_reported_is_no_base_for_a_fall(
    tmp_path: Path, store: Settings
) -> None:
    rows = flows(**{"2023Q1": 5, "2023Q2": None, "2023Q3": 6})
    assert not found(checked(store, table(tmp_path / "a.csv", rows)))


def test_a_fall_is_seen_across_a_quarter_that_was_not_reported(
    tmp_path: Path, store: Settings
) -> None:
    rows = flows(**{"2023Q1": 5, "2023Q2": None, "2023Q3": 4})
    assessment = checked(store, table(tmp_path / "a.csv", rows))
    assert found(assessment) == [("error", "falling_flow", SHIXING, "2023Q3")]
    assert "2023年一季度为 5，2023年三季度为 4" in assessment.errors[0].message
    stored(store, table(tmp_path / "b.csv", flows(**{"2023Q1": 5})))
    later = checked(store, table(tmp_path / "c.csv", flows(**{"2023Q4": 4})))
    assert found(later) == [("error", "falling_flow", SHIXING, "2023Q4")]
    assert not found(checked(store, table(tmp_path / "c.csv", flows(**{"2023Q4": 5}))))


def test_an_earlier_quarter_that_comes_late_is_held_against_the_later_one(
    tmp_path: Path, store: Settings
) -> None:
    stored(store, table(tmp_path / "a.csv", flows(**{"2023Q3": 4})))
    late = checked(store, table(tmp_path / "b.csv", flows(**{"2023Q1": 5})))
    assert found(late) == [("error", "falling_flow", SHIXING, "2023Q1")]


def test_each_county_falls_for_itself(tmp_path: Path, store: Settings) -> None:
    rows = [
        *flows(**{"2023Q1": 5, "2023Q2": 6}),
        row(RENHUA, "2023Q1", care_beds_added_ytd=9),
        row(RENHUA, "2023Q2", care_beds_added_ytd=8),
    ]
    assert found(checked(store, table(tmp_path / "a.csv", rows))) == [
        ("error", "falling_flow", RENHUA, "2023Q2")
    ]


def test_sample_is_no_base_for_a_flow(tmp_path: Path, store: Settings) -> None:
    rows = {SHIXING: good(care_beds_added_ytd=15)}
    stored(store, form(tmp_path / "sample.xlsx", "2023Q1", rows, sample=True))
    assert not found(checked(store, table(tmp_path / "real.csv", flows(**{"2023Q2": 4}))))
    lower = form(tmp_path / "b.xlsx", "2023Q2", {SHIXING: good(care_beds_added_ytd=4)}, sample=True)
    assert ("error", "falling_flow", SHIXING, "2023Q2") in found(checked(store, lower))


def test_real_data_are_no_base_for_sample(tmp_path: Path, store: Settings) -> None:
    stored(store, table(tmp_path / "a.csv", flows(**{"2023Q1": 15})))
    lower = form(tmp_path / "b.xlsx", "2023Q2", {SHIXING: good()}, sample=True)
    assert not found(checked(store, lower))


# ------------------------------------------------------------------ once a year


def plans(**by_period: float | None) -> list[dict[str, Value]]:
    """Rows of one county with the annual plan of each quarter."""
    return [row(SHIXING, period, care_beds_added_plan=value) for period, value in by_period.items()]


def test_another_plan_than_the_quarter_before_is_a_warning(tmp_path: Path, store: Settings) -> None:
    path = table(tmp_path / "a.csv", plans(**{"2023Q1": 20, "2023Q2": 30, "2023Q3": 30}))
    assessment = checked(store, path)
    assert found(assessment) == [("warning", "changed_within_year", SHIXING, "2023Q2")]
    assert "此前为 20，现为 30" in assessment.warnings[0].message


def test_another_plan_than_was_stored_is_a_warning(tmp_path: Path, store: Settings) -> None:
    stored(store, table(tmp_path / "a.csv", plans(**{"2023Q1": 20, "2023Q2": 20})))
    revised = checked(store, table(tmp_path / "b.csv", plans(**{"2023Q1": 30})))
    assert found(revised) == [("warning", "changed_within_year", SHIXING, "2023Q1")]
    assert "20" in revised.warnings[0].message


def test_a_plan_that_comes_late_must_fit_the_quarters_after_it(
    tmp_path: Path, store: Settings
) -> None:
    stored(store, table(tmp_path / "a.csv", plans(**{"2023Q2": 20})))
    late = checked(store, table(tmp_path / "b.csv", plans(**{"2023Q1": 30})))
    assert found(late) == [("warning", "changed_within_year", SHIXING, "2023Q1")]
    assert not found(checked(store, table(tmp_path / "c.csv", plans(**{"2023Q1": 20}))))


def test_a_new_year_has_a_plan_of_its_own(tmp_path: Path, store: Settings) -> None:
    path = table(tmp_path / "a.csv", plans(**{"2022Q4": 20, "2023Q1": 30}))
    assert not found(checked(store, path))


def test_sample_is_no_base_for_a_plan(tmp_path: Path, store: Settings) -> None:
    rows = {SHIXING: good(care_beds_added_plan=99)}
    stored(store, form(tmp_path / "sample.xlsx", "2023Q1", rows, sample=True))
    assert not found(checked(store, table(tmp_path / "a.csv", plans(**{"2023Q2": 20}))))
