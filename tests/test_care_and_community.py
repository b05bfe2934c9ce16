"""特困供养与探访关爱、精康融合、乡村建设与治理、社会力量: catalogue, figures, rules and sample."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from forms import DONGGUAN, KNOWN, RENHUA, SHIXING, Value, checked, good, row, table
from rule_cases import Breaks, found, rules_of, speaking_without_figures, trips
from test_indicators import (
    Sides,
    county,
    equals_what_was_worked_out,
    figure,
    invented,
    model,
    own_amount,
    reported,
    wide,
)

from app import areas, formula
from app.samples import plan, workbooks
from app.settings import Settings

SHAOGUAN = "440200"
MEASURES = {
    "tekun_care": [
        "tekun_scattered",
        "care_agreements",
        "elderly_special_difficulty",
        "elderly_visited",
        "institutions_to_upgrade",
        "institutions_upgraded",
        "tekun_disabled",
        "tekun_disabled_institution",
    ],
    "mental_rehab": [
        "townships",
        "townships_with_service",
        "registered",
        "participants",
        "institutions",
    ],
    "village_services": [
        "villages",
        "villages_full_service",
        "villages_deliberation",
        "place_name_signs_planned",
        "place_name_signs_set",
        "marriage_reform_pilots",
    ],
    "social_forces": [
        "orgs_paired",
        "projects",
        "project_amount_ytd",
        "community_orgs",
        "volunteers",
        "residents",
    ],
}
# indicator: unit, direction, target value and year
INDICATORS = {
    "tekun_care": {
        "care_agreement_share": ("percent", "higher", None, None),
        "elderly_visit_rate": ("percent", "higher", None, None),
        "institution_upgrade_share": ("percent", "higher", None, None),
        "tekun_disabled_institution_share": ("percent", "higher", None, None),
    },
    "mental_rehab": {
        "rehab_county_coverage": ("percent", "higher", 80, 2025),
        "rehab_participation_rate": ("percent", "higher", 60, 2025),
        "rehab_township_coverage": ("percent", "higher", None, None),
        "rehab_participants_per_institution": ("persons_per_institution", "none", None, None),
    },
    "village_services": {
        "village_service_coverage": ("percent", "higher", 100, 2025),
        "village_deliberation_coverage": ("percent", "higher", None, None),
        "place_name_sign_share": ("percent", "higher", None, None),
        "marriage_reform_pilot_count": ("units", "none", None, None),
    },
    "social_forces": {
        "orgs_paired_count": ("units", "none", None, None),
        "projects_under_way": ("units", "none", None, None),
        "project_funding": ("yuan_per_project", "none", None, None),
        "community_orgs_per_10000": ("organisations_per_10000", "higher", None, None),
        "volunteers_per_10000": ("persons_per_10000", "none", None, None),
    },
}


# ------------------------------------------------------------------ the catalogue


@pytest.mark.parametrize("dataset_id", MEASURES)
def test_a_dataset_holds_the_planned_measures_and_indicators(dataset_id: str) -> None:
    dataset = KNOWN.dataset(dataset_id)
    assert [m.id for m in dataset.measures] == MEASURES[dataset_id]
    held = {
        i.id: (
            i.unit,
            i.direction,
            i.target.value if i.target else None,
            i.target.year if i.target else None,
        )
        for i in dataset.indicators
    }
    assert held == INDICATORS[dataset_id]
    assert set(dataset.headline) == held.keys()


@pytest.mark.parametrize("dataset_id", MEASURES)
def test_a_cumulative_figure_says_so_in_its_id_label_and_definition(dataset_id: str) -> None:
    for measure in KNOWN.dataset(dataset_id).measures:
        flow = measure.kind == "flow"
        assert measure.id.endswith("_ytd") == flow
        assert measure.label.zh.startswith("本年累计") == flow
        assert measure.label.en.endswith("year to date") == flow
        assert ("本年1月1日" in measure.definition.zh) == flow


@pytest.mark.parametrize("dataset_id", MEASURES)
def test_every_measure_is_used_by_an_indicator_and_short_labels_are_short(dataset_id: str) -> None:
    dataset = KNOWN.dataset(dataset_id)
    sides = [side for i in dataset.indicators for side in (i.numerator, i.denominator) if side]
    used = {ref.measure for side in sides for ref in formula.references(side)}
    assert used == {m.id for m in dataset.measures}
    for indicator in dataset.indicators:
        assert len(indicator.short.zh) <= 8
        assert len(indicator.short.en) <= 26


def test_denominators_of_the_reference_data_are_optional_and_plans_are_set_once_a_year() -> None:
    measures = [m for d in MEASURES for m in KNOWN.dataset(d).measures]
    assert {m.id: m.reference for m in measures if not m.required} == {
        "townships": "townships",
        "villages": "villages",
        "residents": "pop_2020",
    }
    assert {m.id for m in measures if m.constant_within_year} == {
        "institutions_to_upgrade",
        "place_name_signs_planned",
    }


@pytest.mark.parametrize("dataset_id", MEASURES)
def test_a_target_names_its_source_and_a_share_without_one_says_why(dataset_id: str) -> None:
    for indicator in KNOWN.dataset(dataset_id).indicators:
        if indicator.target is not None:
            assert indicator.target.source.zh.startswith("二手来源，待核：")
        elif indicator.direction == "higher":
            assert indicator.caveat is not None
            assert "不作达标判断" in indicator.caveat.zh
            assert "no verdict" in indicator.caveat.en


# ------------------------------------------------------------------ figures, by hand


@pytest.mark.parametrize(
    ("indicator", "changed", "expected"),
    [
        ("care_agreement_share", {}, 95.0),  # 380 / 400
        ("care_agreement_share", {"care_agreements": 0}, 0.0),
        ("elderly_visit_rate", {}, 90.0),  # 900 / 1,000
        ("institution_upgrade_share", {}, 75.0),  # 6 / 8
        ("tekun_disabled_institution_share", {}, 40.0),  # 24 / 60
        ("rehab_township_coverage", {"townships": 16}, 25.0),  # 4 / 16
        ("rehab_township_coverage", {}, 40.0),  # 始兴县 has 10 townships
        ("rehab_participation_rate", {}, 45.0),  # 90 / 200
        ("rehab_participants_per_institution", {}, 30.0),  # 90 / 3
        ("rehab_county_coverage", {}, 100.0),  # has the service, in however many townships
        ("rehab_county_coverage", {"townships_with_service": 1}, 100.0),
        ("rehab_county_coverage", {"townships_with_service": 0, "participants": 0}, 0.0),
        ("village_service_coverage", {"villages": 125}, 80.0),  # 100 / 125
        ("village_service_coverage", {"villages_full_service": 127}, 100.0),  # 始兴县 has 127
        ("village_deliberation_coverage", {"villages": 100}, 80.0),  # 80 / 100
        ("place_name_sign_share", {}, 40.0),  # 200 / 500
        ("marriage_reform_pilot_count", {}, 2.0),
        ("orgs_paired_count", {}, 12.0),
        ("projects_under_way", {}, 5.0),
        ("community_orgs_per_10000", {"residents": 200_000}, 8.0),  # 160 / 20
        ("community_orgs_per_10000", {"community_orgs": 198_060}, 10_000.0),  # census of 始兴县
        ("volunteers_per_10000", {"residents": 200_000}, 450.0),  # 9,000 / 20
    ],
)
def test_a_figure_of_one_county_is_what_a_hand_works_out(
    indicator: str, changed: dict[str, Value], expected: float
) -> None:
    assert county(indicator, **changed) == pytest.approx(expected, abs=1e-9)


# what two counties report, and what their city comes to; never the mean of the two rates
@pytest.mark.parametrize(
    ("indicator", "first", "second", "expected"),
    [
        # (90 + 30) / (100 + 300), the mean of 90 % and 10 % is 50
        (
            "care_agreement_share",
            {"tekun_scattered": 100, "care_agreements": 90},
            {"tekun_scattered": 300, "care_agreements": 30},
            30.0,
        ),
        # (100 + 200) / (100 + 900)
        (
            "elderly_visit_rate",
            {"elderly_special_difficulty": 100, "elderly_visited": 100},
            {"elderly_special_difficulty": 900, "elderly_visited": 200},
            30.0,
        ),
        # (2 + 1) / (2 + 4)
        (
            "institution_upgrade_share",
            {"institutions_to_upgrade": 2, "institutions_upgraded": 2},
            {"institutions_to_upgrade": 4, "institutions_upgraded": 1},
            50.0,
        ),
        # a county without a plan has no rate and changes nothing: (0 + 3) / (0 + 4)
        (
            "institution_upgrade_share",
            {"institutions_to_upgrade": 0, "institutions_upgraded": 0},
            {"institutions_to_upgrade": 4, "institutions_upgraded": 3},
            75.0,
        ),
        # (10 + 20) / (10 + 90)
        (
            "tekun_disabled_institution_share",
            {"tekun_disabled": 10, "tekun_disabled_institution": 10},
            {"tekun_disabled": 90, "tekun_disabled_institution": 20},
            30.0,
        ),
        # (5 + 1) / (5 + 15)
        (
            "rehab_township_coverage",
            {"townships": 5, "townships_with_service": 5},
            {"townships": 15, "townships_with_service": 1},
            30.0,
        ),
        # one county of two, though 1 of 20 townships
        (
            "rehab_county_coverage",
            {"townships": 5, "townships_with_service": 1},
            {"townships": 15, "townships_with_service": 0, "participants": 0},
            50.0,
        ),
        # (80 + 20) / (100 + 300)
        (
            "rehab_participation_rate",
            {"registered": 100, "participants": 80},
            {"registered": 300, "participants": 20},
            25.0,
        ),
        # (80 + 20) / (1 + 4)
        (
            "rehab_participants_per_institution",
            {"participants": 80, "institutions": 1},
            {"participants": 20, "institutions": 4},
            20.0,
        ),
        # (50 + 30) / (50 + 150)
        (
            "village_service_coverage",
            {"villages": 50, "villages_full_service": 50},
            {"villages": 150, "villages_full_service": 30},
            40.0,
        ),
        # (10 + 90) / (100 + 100)
        (
            "village_deliberation_coverage",
            {"villages": 100, "villages_deliberation": 10},
            {"villages": 100, "villages_deliberation": 90},
            50.0,
        ),
        # (100 + 100) / (100 + 400)
        (
            "place_name_sign_share",
            {"place_name_signs_planned": 100, "place_name_signs_set": 100},
            {"place_name_signs_planned": 400, "place_name_signs_set": 100},
            40.0,
        ),
        (
            "marriage_reform_pilot_count",
            {"marriage_reform_pilots": 0},
            {"marriage_reform_pilots": 3},
            3.0,
        ),
        ("orgs_paired_count", {"orgs_paired": 4}, {"orgs_paired": 9}, 13.0),
        ("projects_under_way", {"projects": 2}, {"projects": 5}, 7.0),
        # 10,000 × (60 + 60) / (20,000 + 100,000), the mean of 30 and 6 is 18
        (
            "community_orgs_per_10000",
            {"community_orgs": 60, "residents": 20_000},
            {"community_orgs": 60, "residents": 100_000},
            10.0,
        ),
        # 10,000 × (3,000 + 3,000) / (20,000 + 100,000)
        (
            "volunteers_per_10000",
            {"volunteers": 3_000, "residents": 20_000},
            {"volunteers": 3_000, "residents": 100_000},
            500.0,
        ),
    ],
)
def test_a_city_is_the_ratio_of_its_counties_sums(
    indicator: str, first: dict[str, Value], second: dict[str, Value], expected: float
) -> None:
    dataset = KNOWN.dataset_of[indicator].id
    cells = reported(
        dataset,
        {
            SHIXING: {"2023Q2": good(dataset, **first)},
            RENHUA: {"2023Q2": good(dataset, **second)},
        },
    )
    city = figure(model(cells), indicator, level="city", area=SHAOGUAN)
    assert city["value"] == pytest.approx(expected, abs=1e-9)
    assert (city["areas_reporting"], city["areas_expected"]) == (2, 10)


def test_a_project_is_held_against_what_was_spent_in_the_quarter() -> None:
    def of(amount: float, projects: int) -> dict[str, Value]:
        return good("social_forces", project_amount_ytd=amount, projects=projects)

    cells = reported(
        "social_forces",
        {
            SHIXING: {"2023Q1": of(90_000, 3), "2023Q2": of(290_000, 4)},
            RENHUA: {"2023Q1": of(0, 0), "2023Q2": of(50_000, 1)},
        },
    )
    source = model(cells)
    assert figure(source, "project_funding", "2023Q1")["value"] == 30_000  # 90,000 / 3
    assert figure(source, "project_funding")["value"] == 50_000  # (290,000 − 90,000) / 4
    assert figure(source, "project_funding", "2023Q1", area=RENHUA)["status"] == "not_applicable"
    city = figure(source, "project_funding", level="city", area=SHAOGUAN)
    assert city["value"] == 50_000  # (200,000 + 50,000) / (4 + 1)


def test_without_the_quarter_before_a_project_has_no_funding() -> None:
    cells = reported("social_forces", {SHIXING: {"2023Q2": good("social_forces")}})
    found = figure(model(cells), "project_funding")
    assert (found["value"], found["status"]) == (None, "missing")


def test_a_county_that_did_not_report_is_not_counted_as_one_without_rehabilitation() -> None:
    cells = reported(
        "mental_rehab",
        {
            SHIXING: {"2023Q2": good("mental_rehab")},
            RENHUA: {"2023Q2": good("mental_rehab", townships_with_service=None)},
        },
    )
    city = figure(model(cells), "rehab_county_coverage", level="city", area=SHAOGUAN)
    assert (city["value"], city["numerator"], city["denominator"]) == (100.0, 1, 1)
    assert city["areas_reporting"] == 1


def test_a_city_without_districts_counts_as_one_county() -> None:
    cells = reported("mental_rehab", {DONGGUAN: {"2023Q2": good("mental_rehab")}})
    found = figure(model(cells), "rehab_county_coverage", area=DONGGUAN)
    assert (found["value"], found["denominator"]) == (100.0, 1)


# ------------------------------------------------------------------ all of it, computed another way


def sides(frames: dict[str, pd.DataFrame]) -> Sides:
    """Factor, numerator and denominator of each indicator, from the plan."""
    care, rehab = frames["tekun_care"], frames["mental_rehab"]
    villages, forces = frames["village_services"], frames["social_forces"]
    begun = rehab.townships_with_service.gt(0).astype(float)
    return {
        "care_agreement_share": (100, care.care_agreements, care.tekun_scattered),
        "elderly_visit_rate": (100, care.elderly_visited, care.elderly_special_difficulty),
        "institution_upgrade_share": (
            100,
            care.institutions_upgraded,
            care.institutions_to_upgrade,
        ),
        "tekun_disabled_institution_share": (
            100,
            care.tekun_disabled_institution,
            care.tekun_disabled,
        ),
        "rehab_county_coverage": (
            100,
            begun.where(rehab.townships_with_service.notna()),
            rehab.townships.gt(0).astype(float).where(rehab.townships.notna()),
        ),
        "rehab_participation_rate": (100, rehab.participants, rehab.registered),
        "rehab_township_coverage": (100, rehab.townships_with_service, rehab.townships),
        "rehab_participants_per_institution": (1, rehab.participants, rehab.institutions),
        "village_service_coverage": (100, villages.villages_full_service, villages.villages),
        "village_deliberation_coverage": (100, villages.villages_deliberation, villages.villages),
        "place_name_sign_share": (
            100,
            villages.place_name_signs_set,
            villages.place_name_signs_planned,
        ),
        "marriage_reform_pilot_count": (1, villages.marriage_reform_pilots, None),
        "orgs_paired_count": (1, forces.orgs_paired, None),
        "projects_under_way": (1, forces.projects, None),
        "project_funding": (1, own_amount(forces, "project_amount_ytd"), forces.projects),
        "community_orgs_per_10000": (10_000, forces.community_orgs, forces.residents),
        "volunteers_per_10000": (10_000, forces.volunteers, forces.residents),
    }


def test_every_figure_equals_an_independent_computation() -> None:
    observations = invented(11, 0.1, 0.1, 0.15, True, MEASURES)
    worked = sides({dataset: wide(observations, dataset) for dataset in MEASURES})
    assert set(worked) == {i for by_dataset in INDICATORS.values() for i in by_dataset}
    equals_what_was_worked_out(observations, worked)


# ------------------------------------------------------------------ rules

# For each rule: what breaks it in a good row, and what just does not.
# 始兴县 has 10 townships, 127 villages and 198,060 residents in data/reference/areas.csv.
BREAKS: Breaks = {
    "tekun_care.agreements_within_scattered": (
        {"care_agreements": 401},
        {"care_agreements": 400},
    ),
    "tekun_care.visited_within_elderly": ({"elderly_visited": 1001}, {"elderly_visited": 1000}),
    "tekun_care.upgraded_within_planned": (
        {"institutions_upgraded": 9},
        {"institutions_upgraded": 8},
    ),
    "tekun_care.institution_within_disabled": (
        {"tekun_disabled_institution": 61},
        {"tekun_disabled_institution": 60},
    ),
    # 425 − 24 = 401 dependent persons outside homes of 400 at home
    "tekun_care.disabled_at_home_within_scattered": (
        {"tekun_disabled": 425},
        {"tekun_disabled": 424},
    ),
    "mental_rehab.service_within_townships": (
        {"townships_with_service": 11},
        {"townships_with_service": 10},
    ),
    "mental_rehab.participants_within_registered": (
        {"participants": 201},
        {"participants": 200},
    ),
    "mental_rehab.participants_need_a_township": (
        {"townships_with_service": 0},
        {"townships_with_service": 0, "participants": 0},
    ),
    "village_services.service_within_villages": (
        {"villages_full_service": 128},
        {"villages_full_service": 127},
    ),
    "village_services.deliberation_within_villages": (
        {"villages_deliberation": 128},
        {"villages_deliberation": 127},
    ),
    "village_services.signs_within_planned": (
        {"place_name_signs_set": 501},
        {"place_name_signs_set": 500},
    ),
    "social_forces.volunteers_within_residents": (
        {"volunteers": 198_061},
        {"volunteers": 198_060},
    ),
}
RULES = rules_of(*MEASURES)
OF_A_QUARTER = "social_forces.spending_needs_a_project"  # has its case below


def test_every_rule_has_its_case_and_only_two_are_warnings() -> None:
    assert BREAKS.keys() | {OF_A_QUARTER} == RULES.keys()
    assert {key for key, (_, rule) in RULES.items() if rule.severity == "warning"} == {
        "mental_rehab.participants_need_a_township",
        OF_A_QUARTER,
    }


@pytest.mark.parametrize("key", BREAKS)
def test_a_rule_trips_on_the_row_that_breaks_it_and_on_no_other(
    tmp_path: Path, store: Settings, key: str
) -> None:
    trips(tmp_path, store, key, BREAKS)


def test_a_rule_says_nothing_where_a_figure_is_missing(tmp_path: Path, store: Settings) -> None:
    assert speaking_without_figures(tmp_path, store, BREAKS) == set()


def test_money_spent_without_a_project_in_the_quarter_is_a_warning(
    tmp_path: Path, store: Settings
) -> None:
    def quarters(second: float) -> Path:
        first = row(SHIXING, "2023Q1", "social_forces", project_amount_ytd=60_000)
        last = row(SHIXING, "2023Q2", "social_forces", projects=0, project_amount_ytd=second)
        return table(tmp_path / "a.csv", [first, last])

    spent = ("warning", "spending_needs_a_project", SHIXING, "2023Q2")
    assert spent in found(checked(store, quarters(60_001)))
    # nothing was spent in the second quarter: the money is that of a project of the first
    assert spent not in found(checked(store, quarters(60_000)))


def test_a_newer_number_of_villages_makes_room_for_more_facilities(
    tmp_path: Path, store: Settings
) -> None:
    line = row(SHIXING, "2023Q2", "village_services", villages_full_service=128)
    assert found(checked(store, table(tmp_path / "a.csv", [line])))
    assert not found(checked(store, table(tmp_path / "b.csv", [line | {"villages": 128}])))


# ------------------------------------------------------------------ the sample


def sample(dataset_id: str) -> pd.DataFrame:
    """What every area would report, one row an area and period."""
    frame = pd.DataFrame(workbooks.truth(dataset_id)).T.astype(float)
    frame.index.names = ["area_code", "period"]
    return frame


@pytest.mark.parametrize("dataset_id", MEASURES)
def test_parts_of_the_sample_are_within_their_wholes(dataset_id: str) -> None:
    frame = sample(dataset_id)
    for part, whole in (
        ("care_agreements", "tekun_scattered"), ("elderly_visited", "elderly_special_difficulty"),
        ("institutions_upgraded", "institutions_to_upgrade"),
        ("tekun_disabled_institution", "tekun_disabled"), ("participants", "registered"),
        ("townships_with_service", "townships"), ("villages_full_service", "villages"),
        ("villages_deliberation", "villages"), ("projects", "orgs_paired"),
        ("place_name_signs_set", "place_name_signs_planned"),
    ):  # fmt: skip
        if part in frame:
            assert (frame[part] <= frame[whole]).all(), part
    assert (frame >= 0).all(axis=None)
    assert (frame == frame.round()).all(axis=None)


@pytest.mark.parametrize(
    ("period", "rural", "urban", "source"),
    [
        ("2023Q1", 196_100, 19_700, "中国社会报2023：农19.61万、城1.97万"),
        ("2024Q1", 198_000, 22_000, "转载2024：农19.8万、城2.2万"),
    ],
)
def test_persons_in_extreme_hardship_come_near_the_published_totals(
    period: str, rural: int, urban: int, source: str
) -> None:
    told = pd.DataFrame(workbooks.truth("social_assistance")).T.xs(period, level=1)
    told = told.replace("不适用", 0).astype(float)  # some districts have no rural residents
    for where, total in (("rural", rural), ("urban", urban)):
        held = told[f"tekun_{where}_scattered"] + told[f"tekun_{where}_institution"]
        assert held.sum() == pytest.approx(total, rel=0.02), source
    # the two reports agree, and the dependent in homes are among those who do not live at home
    at_home = sample("tekun_care").xs(period, level="period")
    assert (
        at_home["tekun_scattered"] == told["tekun_rural_scattered"] + told["tekun_urban_scattered"]
    ).all()
    housed = told["tekun_rural_institution"] + told["tekun_urban_institution"]
    assert (at_home["tekun_disabled_institution"] <= housed).all()


def test_project_money_grows_within_a_year_and_starts_anew_in_the_next() -> None:
    money = sample("social_forces")["project_amount_ytd"].unstack("period")
    for year in (2023, 2024):
        own = money[[f"{year}Q{q}" for q in range(1, 5)]].diff(axis=1)
        assert (own.iloc[:, 1:] >= 0).all(axis=None)
    assert money["2024Q1"].sum() < money["2023Q4"].sum() / 2


def test_plans_of_the_sample_hold_for_a_year() -> None:
    for dataset_id, measure in (
        ("tekun_care", "institutions_to_upgrade"),
        ("village_services", "place_name_signs_planned"),
    ):
        frame = sample(dataset_id)[measure].unstack("period")
        for year in (2023, 2024):
            assert frame.filter(like=str(year)).nunique(axis=1).max() == 1


def test_the_service_spreads_and_a_few_counties_have_none_at_the_end() -> None:
    begun = sample("mental_rehab")["townships_with_service"].unstack("period") > 0
    assert (begun.astype(int).diff(axis=1).iloc[:, 1:] >= 0).all(axis=None)
    without = {areas.load()[code].name for code in begun.index[~begun["2024Q4"]]}
    assert without == set(plan.WITHOUT_REHABILITATION)


def test_the_weak_county_falls_short_of_the_province_almost_everywhere() -> None:
    code = next(a.code for a in areas.load().values() if a.name == plan.WEAK)
    for dataset_id, part, whole in (
        ("tekun_care", "care_agreements", "tekun_scattered"),
        ("tekun_care", "elderly_visited", "elderly_special_difficulty"),
        ("tekun_care", "tekun_disabled_institution", "tekun_disabled"),
        ("mental_rehab", "participants", "registered"),
        ("village_services", "villages_full_service", "villages"),
        ("village_services", "villages_deliberation", "villages"),
        ("village_services", "place_name_signs_set", "place_name_signs_planned"),
    ):
        last = sample(dataset_id).xs("2024Q4", level="period")
        province = last[part].sum() / last[whole].sum()
        assert last[part][code] / last[whole][code] < province - 0.1, part


def test_what_was_first_given_too_low_is_corrected_later() -> None:
    code = next(a.code for a in areas.load().values() if a.name == "廉江市")
    first = workbooks.values(workbooks.Workbook("tekun_care", "2023Q4"))[code]
    later = workbooks.values(workbooks.Workbook("tekun_care", "2023Q4", "revision"))
    assert later.keys() == {code}
    # those visited in the last month of the quarter only, a little more than half
    assert (
        0.5
        < float(first["elderly_visited"] or 0) / float(later[code]["elderly_visited"] or 1)
        < 0.6
    )
    assert {k for k in first if first[k] != later[code][k]} == {"elderly_visited"}
