"""Teams in towns and aid to Tibet and Xinjiang: figures by hand, rules, and the sample."""

from __future__ import annotations

from pathlib import Path

import pytest
from forms import KNOWN, RENHUA, SHIXING, Value, checked, good, row, table
from rule_cases import Breaks, found, rules_of, speaking_without_figures, trips
from test_indicators import county, figure, model, reported

from app import areas
from app.samples import plan, shapes, town_support, workbooks
from app.samples.workbooks import Workbook
from app.settings import Settings

DATASET = "town_support"
SHAOGUAN, PROVINCE = "440200", "440000"
SHUNDE = "440606"  # 顺德区 of 佛山市, in the delta
TEAMS = ("towns_to_support", "teams", "cadres", "first_secretaries", "contact_visits_ytd")
AID = ("aid_projects", "aid_amount_ytd")


@pytest.mark.parametrize(
    ("indicator", "expected"),
    [
        ("town_team_coverage", 75.0),  # 6 / 8
        ("cadres_per_team", 5.5),  # 33 / 6
        ("first_secretaries_in_post", 50.0),
        ("aid_projects_under_way", 2.0),
    ],
)
def test_a_figure_of_one_county_is_what_a_hand_works_out(indicator: str, expected: float) -> None:
    assert county(indicator) == pytest.approx(expected, abs=1e-9)


def test_every_indicator_is_worked_out_by_hand_for_a_group() -> None:
    second = good(
        DATASET, towns_to_support=12, teams=12, cadres=48, first_secretaries=70,
        contact_visits_ytd=42, aid_projects=1, aid_amount_ytd=100_000,
    )  # fmt: skip
    rows = {SHIXING: {"2023Q1": good(DATASET)}, RENHUA: {"2023Q1": second}}
    source = model(reported(DATASET, rows))
    expected = {
        "town_team_coverage": 90.0,  # (6 + 12) / (8 + 12), the mean is 87.5
        "cadres_per_team": 4.5,  # (33 + 48) / (6 + 12)
        "visits_per_team": 3.0,  # (12 + 42) / (6 + 12)
        "first_secretaries_in_post": 120.0,
        "aid_delivered": 600_000.0,
        "aid_projects_under_way": 3.0,
    }
    assert expected.keys() == {i.id for i in KNOWN.dataset(DATASET).indicators}
    for indicator, value in expected.items():
        found = figure(source, indicator, "2023Q1", "city", SHAOGUAN)
        assert found["value"] == pytest.approx(value), indicator
        assert found["areas_reporting"] == 2, indicator


def test_visits_and_aid_are_those_of_the_quarter() -> None:
    later = good(DATASET, contact_visits_ytd=30, aid_amount_ytd=800_000)
    source = model(reported(DATASET, {SHIXING: {"2023Q1": good(DATASET), "2023Q2": later}}))
    assert figure(source, "visits_per_team")["value"] == 3.0  # (30 − 12) / 6
    assert figure(source, "aid_delivered")["value"] == 300_000.0  # 800,000 − 500,000
    alone = model(reported(DATASET, {SHIXING: {"2023Q2": later}}))
    assert figure(alone, "visits_per_team")["status"] == "missing"


def test_the_half_that_does_not_concern_a_county_is_not_applicable_and_in_no_sum() -> None:
    receives: dict[str, Value] = good(DATASET) | dict.fromkeys(AID, "不适用")
    gives: dict[str, Value] = good(DATASET) | dict.fromkeys(TEAMS, "不适用")
    source = model(reported(DATASET, {SHIXING: {"2023Q1": receives}, SHUNDE: {"2023Q1": gives}}))
    for indicator, area, other, value in (
        ("town_team_coverage", SHIXING, SHUNDE, 75.0),
        ("aid_delivered", SHUNDE, SHIXING, 500_000.0),
    ):
        assert figure(source, indicator, "2023Q1", area=area)["value"] == value
        assert figure(source, indicator, "2023Q1", area=other)["status"] == "not_applicable"
        whole = figure(source, indicator, "2023Q1", "province", PROVINCE)
        assert (whole["value"], whole["areas_reporting"]) == (value, 1)


def test_no_target_was_found_and_only_teams_in_place_have_a_direction() -> None:
    indicators = KNOWN.dataset(DATASET).indicators
    assert all(indicator.target is None for indicator in indicators)
    directed = {i.id: i.direction for i in indicators if i.direction != "none"}
    assert directed == {"town_team_coverage": "higher"}


# ------------------------------------------------------------------ rules

BREAKS: Breaks = {
    "town_support.teams_within_towns": ({"teams": 9}, {"teams": 8}),
    "town_support.teams_within_cadres": ({"cadres": 5}, {"cadres": 6}),
}
RULES = rules_of(DATASET)


def test_every_rule_has_its_case_and_is_an_error() -> None:
    assert BREAKS.keys() == RULES.keys()
    assert {rule.severity for _, rule in RULES.values()} == {"error"}


@pytest.mark.parametrize("key", RULES)
def test_a_rule_trips_on_the_row_that_breaks_it_and_on_no_other(
    tmp_path: Path, store: Settings, key: str
) -> None:
    trips(tmp_path, store, key, BREAKS)


def test_a_rule_says_nothing_where_a_figure_is_missing(tmp_path: Path, store: Settings) -> None:
    assert speaking_without_figures(tmp_path, store, BREAKS) == set()


def test_another_number_of_towns_within_the_year_must_be_explained(
    tmp_path: Path, store: Settings
) -> None:
    rows = [
        row(SHIXING, "2023Q1", DATASET),
        row(SHIXING, "2023Q2", DATASET, towns_to_support=7, aid_amount_ytd=1_000_000),
    ]
    findings = found(checked(store, table(tmp_path / "a.csv", rows)))
    assert findings == [("warning", "changed_within_year", SHIXING, "2023Q2")]
    rows[1] = row(SHIXING, "2024Q1", DATASET, towns_to_support=7)
    assert not found(checked(store, table(tmp_path / "b.csv", rows)))


# ------------------------------------------------------------------ the sample


def test_teams_are_where_there_are_towns_to_support_and_aid_comes_from_the_delta() -> None:
    sample = {code: workbooks.truth(DATASET)[code, "2024Q3"] for code in areas.load()}
    receiving = {code for code, held in sample.items() if held["teams"] != "不适用"}
    giving = {code for code, held in sample.items() if held["aid_projects"] != "不适用"}
    for code, held in sample.items():
        assert {held[name] == "不适用" for name in TEAMS} == {code not in receiving}
        assert {held[name] == "不适用" for name in AID} == {code not in giving}
    assert areas.pilot() <= receiving
    assert {areas.load()[code].region for code in giving} == {"珠三角"}
    delta = [areas.load()[code] for code in receiving if areas.load()[code].region == "珠三角"]
    assert len(delta) == 12  # the counties of 惠州, 江门 and 肇庆
    assert {area.city for area in delta} == set(town_support.SUPPORTED)
    # some giving counties have no project: zero, which is not the same as not applicable
    assert any(sample[code]["aid_projects"] == 0 for code in giving)


def test_most_towns_have_their_team_the_weak_county_fewest_and_fewer_while_teams_rotate() -> None:
    def coverage(period: str) -> dict[str, float]:
        return {
            code: float(held["teams"] or 0) / float(held["towns_to_support"] or 0)
            for (code, each), held in workbooks.truth(DATASET).items()
            if each == period and held["teams"] != "不适用"
        }

    before, rotating, after = map(coverage, ("2024Q1", "2024Q2", "2024Q3"))
    assert sum(rotating.values()) < sum(before.values()) <= sum(after.values())
    weak = next(code for code, area in areas.load().items() if area.name == plan.WEAK)
    assert min(before, key=lambda code: before[code]) == weak
    assert sum(share == 1 for share in before.values()) > len(before) / 2


def test_the_towns_to_support_stay_the_same_and_the_workbooks_hold_what_is_meant() -> None:
    for code in areas.load():
        planned = {
            workbooks.truth(DATASET)[code, period]["towns_to_support"] for period in shapes.RECENT
        }
        assert len(planned) == 1
    for period in shapes.RECENT:
        late = set(plan.LATE.get((DATASET, period), []))
        late |= set(plan.ABSENT.get((DATASET, period), []))
        held = workbooks.values(Workbook(DATASET, period))
        assert {areas.load()[code].name for code in areas.load().keys() - held.keys()} == late
