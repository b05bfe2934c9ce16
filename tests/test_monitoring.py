"""Monitoring of low incomes: figures worked by hand, its rules, and what its sample holds."""

from __future__ import annotations

from pathlib import Path

import pytest
from forms import KNOWN, RENHUA, SHIXING, Value, good
from rule_cases import Breaks, rules_of, speaking_without_figures, trips
from test_indicators import county, figure, model, reported

from app import areas
from app.samples import plan, shapes, social_assistance, workbooks
from app.samples.workbooks import Workbook
from app.settings import Settings

DATASET = "low_income_monitoring"
SHAOGUAN = "440200"
CODES = {area.name: area.code for area in areas.load().values()}


@pytest.mark.parametrize(
    ("indicator", "changed", "expected"),
    [
        ("alert_handling_rate", {}, 95.0),  # 76 / 80
        ("alert_on_time_rate", {}, 75.0),  # 57 / 76, of those handled
        ("relapse_risk_assisted_share", {}, 60.0),  # 120 / 200
        ("monitored_per_1000", {"residents": 240_000}, 25.0),  # 1000 × 6,000 / 240,000
    ],
)
def test_a_figure_of_one_county_is_what_a_hand_works_out(
    indicator: str, changed: dict[str, Value], expected: float
) -> None:
    assert county(indicator, **changed) == pytest.approx(expected, abs=1e-9)


def test_every_indicator_is_worked_out_by_hand_for_a_group() -> None:
    first = good(DATASET, residents=200_000)
    second = good(
        DATASET, monitored_persons=2000, alerts_raised_ytd=20, alerts_handled_ytd=4,
        alerts_handled_on_time_ytd=3, relapse_risk_persons=50, relapse_risk_in_assistance=45,
        residents=600_000,
    )  # fmt: skip
    source = model(reported(DATASET, {SHIXING: {"2023Q1": first}, RENHUA: {"2023Q1": second}}))
    expected = {
        "alert_handling_rate": 80.0,  # (76 + 4) / (80 + 20), the mean is 57.5
        "alert_on_time_rate": 75.0,  # (57 + 3) / (76 + 4)
        "relapse_risk_assisted_share": 66.0,  # (120 + 45) / (200 + 50)
        "monitored_per_1000": 10.0,  # 1000 × 8,000 / 800,000
        "alerts_in_quarter": 100.0,
    }
    assert expected.keys() == {i.id for i in KNOWN.dataset(DATASET).indicators}
    for indicator, value in expected.items():
        found = figure(source, indicator, "2023Q1", "city", SHAOGUAN)
        assert found["value"] == pytest.approx(value), indicator
        assert found["areas_reporting"] == 2, indicator


def test_rates_of_alerts_are_of_the_year_so_far_and_their_number_is_of_the_quarter() -> None:
    later = good(
        DATASET, alerts_raised_ytd=200, alerts_handled_ytd=180, alerts_handled_on_time_ytd=171
    )
    source = model(reported(DATASET, {SHIXING: {"2023Q1": good(DATASET), "2023Q2": later}}))
    assert figure(source, "alert_handling_rate")["value"] == 90.0  # 180 / 200, not 104 / 120
    assert figure(source, "alert_on_time_rate")["value"] == 95.0  # 171 / 180
    assert figure(source, "alerts_in_quarter")["value"] == 120.0  # 200 − 80


def test_a_county_without_alerts_or_persons_watched_has_no_rate_but_is_known() -> None:
    none = good(
        DATASET, alerts_raised_ytd=0, alerts_handled_ytd=0, alerts_handled_on_time_ytd=0,
        relapse_risk_persons=0, relapse_risk_in_assistance=0,
    )  # fmt: skip
    source = model(reported(DATASET, {SHIXING: {"2023Q1": none}}))
    for name in ("alert_handling_rate", "alert_on_time_rate", "relapse_risk_assisted_share"):
        found = figure(source, name, "2023Q1")
        assert (found["value"], found["status"]) == (None, "not_applicable")
        assert found["areas_reporting"] == 1


def test_no_target_was_found_for_any_of_them() -> None:
    indicators = KNOWN.dataset(DATASET).indicators
    assert all(indicator.target is None for indicator in indicators)
    assert {i.id for i in indicators if i.direction == "higher"} == {
        "alert_handling_rate", "alert_on_time_rate",
    }  # fmt: skip


# ------------------------------------------------------------------ rules

BREAKS: Breaks = {
    "low_income_monitoring.handled_within_raised": (
        {"alerts_handled_ytd": 81},
        {"alerts_handled_ytd": 80},
    ),
    "low_income_monitoring.on_time_within_handled": (
        {"alerts_handled_on_time_ytd": 77},
        {"alerts_handled_on_time_ytd": 76},
    ),
    "low_income_monitoring.in_assistance_within_relapse_risk": (
        {"relapse_risk_in_assistance": 201},
        {"relapse_risk_in_assistance": 200},
    ),
    "low_income_monitoring.relapse_risk_within_monitored": (
        {"monitored_persons": 199},
        {"monitored_persons": 200},
    ),
    "low_income_monitoring.monitored_within_residents": (
        {"residents": 5999},
        {"residents": 6001},  # the good row has one more in the second quarter
    ),
}
RULES = rules_of(DATASET)


def test_every_rule_has_its_case_and_its_severity() -> None:
    assert BREAKS.keys() == RULES.keys()
    errors = {rule.holds for _, rule in RULES.values() if rule.severity == "error"}
    assert errors == {
        "alerts_handled_ytd <= alerts_raised_ytd",
        "alerts_handled_on_time_ytd <= alerts_handled_ytd",
        "relapse_risk_in_assistance <= relapse_risk_persons",
    }


@pytest.mark.parametrize("key", RULES)
def test_a_rule_trips_on_the_row_that_breaks_it_and_on_no_other(
    tmp_path: Path, store: Settings, key: str
) -> None:
    trips(tmp_path, store, key, BREAKS)


def test_a_rule_says_nothing_where_a_figure_is_missing(tmp_path: Path, store: Settings) -> None:
    assert speaking_without_figures(tmp_path, store, BREAKS) == set()


# ------------------------------------------------------------------ the sample


def test_the_people_monitored_hold_all_who_are_in_assistance() -> None:
    wanted = 0.0
    for code, area in areas.load().items():
        for held, assisted in zip(
            (workbooks.truth(DATASET)[code, period] for period in shapes.RECENT),
            social_assistance.rows(area),
            strict=True,
        ):
            persons = [n for n in assisted if n.endswith(("persons", "institution", "scattered"))]
            assert len(persons) == 8
            least = sum(float(assisted[name] or 0) for name in persons)
            assert float(held["monitored_persons"] or 0) >= least, area.name
            wanted += least
    assert wanted > 0


def test_the_weak_county_handles_fewest_alerts_and_most_handle_nearly_all() -> None:
    rates = {
        code: float(row["alerts_handled_ytd"] or 0) / float(row["alerts_raised_ytd"] or 0)
        for code, row in workbooks.values(Workbook(DATASET, "2024Q3")).items()
        if float(row["alerts_raised_ytd"] or 0) >= 20
    }
    assert len(rates) > 90
    assert min(rates, key=lambda code: rates[code]) == CODES[plan.WEAK]
    assert sum(rate >= 0.95 for rate in rates.values()) > 0.6 * len(rates)
    assert any(rate == 1 for rate in rates.values())
