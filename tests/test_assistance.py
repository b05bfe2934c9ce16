"""Social assistance: figures worked by hand, its rules, and what its sample holds."""

from __future__ import annotations

from pathlib import Path

import pytest
from forms import DONGGUAN, KNOWN, RENHUA, SHIXING, Value, checked, good, row, table
from rule_cases import Breaks, found, rules_of, speaking_without_figures, trips
from test_indicators import county, figure, model, reported

from app import areas, standards
from app.samples import plan, shapes, workbooks
from app.samples.workbooks import Workbook
from app.settings import Settings

DATASET = "social_assistance"
SHAOGUAN, PROVINCE = "440200", "440000"
BOLUO = "441322"  # 博罗县, one of the six whose class is not verified
NAMES = {area.code: area.name for area in areas.load().values()}

# 始兴县 and 仁化县 are of class four: at least 857 yuan urban and 600 rural in 2023, 860 and 645 in
# 2024 (data/reference/standards.yaml).


@pytest.mark.parametrize(
    ("indicator", "changed", "expected"),
    [
        ("rural_dibao_per_1000", {"residents_rural": 100_000}, 30.0),  # 1000 × 3,000 / 100,000
        ("rural_urban_standard_ratio", {}, 80.0),  # 720 / 900
        ("rural_urban_standard_ratio", {"rural_dibao_persons": 7}, 80.0),  # whatever the weight
        ("urban_dibao_standard_ratio", {"urban_dibao_standard": 857}, 100.0),
        ("urban_dibao_standard_ratio", {"urban_dibao_standard": 1714}, 200.0),  # 2 × 857
        ("rural_dibao_standard_ratio", {}, 120.0),  # 720 / 600
        ("dibao_edge_per_1000", {"residents": 200_000}, 2.0),  # 1000 × 400 / 200,000
        ("expenditure_hardship_per_1000", {"residents": 200_000}, 0.4),  # 1000 × 80 / 200,000
        ("single_person_share", {}, 5.0),  # 160 / (200 + 3,000)
        ("tekun_scattered_share", {}, 82.5),  # (30 + 300) / (10 + 30 + 60 + 300)
    ],
)
def test_a_figure_of_one_county_is_what_a_hand_works_out(
    indicator: str, changed: dict[str, Value], expected: float
) -> None:
    assert county(indicator, **changed) == pytest.approx(expected, abs=1e-9)


def test_every_indicator_is_worked_out_by_hand_for_a_group() -> None:
    first = good(
        DATASET, residents=100_000, residents_rural=50_000, urban_dibao_standard=857,
        rural_dibao_standard=600,
    )  # fmt: skip
    second = good(
        DATASET, urban_dibao_persons=600, rural_dibao_persons=1000, rural_dibao_households=500,
        single_person_cases=80, dibao_edge_persons=100, expenditure_hardship_persons=40,
        tekun_urban_institution=20, tekun_urban_scattered=10, tekun_rural_institution=40,
        tekun_rural_scattered=130, temporary_assistance_cases_ytd=20,
        temporary_assistance_amount_ytd=100_000, urban_dibao_standard=1714,
        rural_dibao_standard=1200, residents=300_000, residents_rural=150_000,
    )  # fmt: skip
    source = model(reported(DATASET, {SHIXING: {"2023Q1": first}, RENHUA: {"2023Q1": second}}))
    expected = {
        "rural_dibao_per_1000": 20.0,  # 1000 × (3,000 + 1,000) / (50,000 + 150,000)
        # Both weighted by rural recipients, 3,000 and 1,000:
        # (600 × 3 + 1,200) / (857 × 3 + 1,714) = 3,000 / 4,285
        "rural_urban_standard_ratio": 100 * 3000 / 4285,
        # (857 × 200 + 1,714 × 600) / (857 × 800) = (1 + 6) / 4
        "urban_dibao_standard_ratio": 175.0,
        # (600 × 3,000 + 1,200 × 1,000) / (600 × 4,000) = 5 / 4
        "rural_dibao_standard_ratio": 125.0,
        "dibao_edge_per_1000": 1.25,  # 1000 × 500 / 400,000
        "expenditure_hardship_per_1000": 0.3,  # 1000 × 120 / 400,000
        "single_person_share": 5.0,  # 240 / (200 + 3,000 + 600 + 1,000)
        "tekun_scattered_share": 100 * 470 / 600,  # (330 + 140) / (400 + 200)
        "temporary_assistance_per_case": 2500.0,  # 300,000 / 120, not the mean of 2,000 and 5,000
    }
    assert expected.keys() == {i.id for i in KNOWN.dataset(DATASET).indicators}
    for indicator, value in expected.items():
        found = figure(source, indicator, "2023Q1", "city", SHAOGUAN)
        assert found["value"] == pytest.approx(value), indicator
        assert found["areas_reporting"] == 2, indicator


def test_temporary_assistance_is_that_of_the_quarter_on_both_sides() -> None:
    quarters = {
        "2023Q1": good(DATASET),  # 100 payments, 200,000 yuan
        "2023Q2": good(
            DATASET,
            temporary_assistance_cases_ytd=160,
            temporary_assistance_amount_ytd=290_000,
        ),
        "2023Q3": good(
            DATASET,
            temporary_assistance_cases_ytd=160,
            temporary_assistance_amount_ytd=290_000,
        ),
    }
    source = model(reported(DATASET, {SHIXING: quarters}))
    name = "temporary_assistance_per_case"
    assert figure(source, name, "2023Q1")["value"] == 2000.0
    assert figure(source, name, "2023Q2")["value"] == 1500.0  # 90,000 / 60
    # nobody was helped in the third quarter: known, but no amount per payment
    third = figure(source, name, "2023Q3")
    assert (third["value"], third["status"], third["areas_reporting"]) == (
        None,
        "not_applicable",
        1,
    )
    del quarters["2023Q2"]
    source = model(reported(DATASET, {SHIXING: quarters}))
    assert figure(source, name, "2023Q3")["status"] == "missing"


def test_the_census_stands_in_for_the_population() -> None:
    area = areas.load()[SHIXING]
    assert county("dibao_edge_per_1000", dibao_edge_persons=area.pop_2020) == 1000.0
    assert county("rural_dibao_per_1000", rural_dibao_persons=area.pop_rural_2020) == 1000.0


def test_the_minimum_goes_by_year_and_by_class_of_area() -> None:
    # 东莞市 is of class two: 1,037 in town and country in 2023
    rows = {
        SHIXING: {
            "2023Q2": good(DATASET, rural_dibao_standard=600, rural_dibao_persons=1000),
            "2024Q2": good(DATASET, rural_dibao_standard=645),
        },
        DONGGUAN: {"2023Q2": good(DATASET, rural_dibao_standard=1037, rural_dibao_persons=1000)},
        RENHUA: {"2023Q2": good(DATASET, rural_dibao_standard=900, rural_dibao_persons=1000)},
    }
    source = model(reported(DATASET, rows))
    for area, period, ratio in (
        (SHIXING, "2023Q2", 100.0), (SHIXING, "2024Q2", 100.0), (DONGGUAN, "2023Q2", 100.0),
        (RENHUA, "2023Q2", 150.0),
    ):  # fmt: skip
        value = figure(source, "rural_dibao_standard_ratio", period, area=area)["value"]
        assert value == pytest.approx(ratio)
    whole = figure(source, "rural_dibao_standard_ratio", level="province", area=PROVINCE)
    # (600 + 1,037 + 900) / (600 + 1,037 + 600), the weights being equal
    assert whole["value"] == pytest.approx(100 * 2537 / 2237)


def test_an_area_whose_class_is_not_verified_has_no_ratio_to_the_minimum() -> None:
    assert areas.load()[BOLUO].dibao_class == ""
    values = good(DATASET, urban_dibao_standard=1000, rural_dibao_standard=900)
    source = model(reported(DATASET, {BOLUO: {"2023Q2": values}, SHIXING: {"2023Q2": values}}))
    for name in ("urban_dibao_standard_ratio", "rural_dibao_standard_ratio"):
        found = figure(source, name, area=BOLUO)
        assert (found["value"], found["status"]) == (None, "missing")
        province = figure(source, name, level="province", area=PROVINCE)
        assert province["areas_reporting"] == 1
    # the two local standards can be compared all the same
    assert figure(source, "rural_urban_standard_ratio", area=BOLUO)["value"] == 90.0


def test_an_area_without_a_rural_standard_is_left_out_of_the_ratios_with_one() -> None:
    without = good(
        DATASET, rural_dibao_persons=0, rural_dibao_households=0, rural_dibao_standard="不适用",
    )  # fmt: skip
    rows = {SHIXING: {"2023Q2": without}, RENHUA: {"2023Q2": good(DATASET)}}
    source = model(reported(DATASET, rows))
    for name in ("rural_urban_standard_ratio", "rural_dibao_standard_ratio"):
        assert figure(source, name)["status"] == "not_applicable"
        assert figure(source, name, level="city", area=SHAOGUAN)["areas_reporting"] == 1
    assert figure(source, "urban_dibao_standard_ratio")["status"] == "observed"


def test_the_targets_are_those_of_the_plan() -> None:
    ratio = KNOWN.indicator("rural_urban_standard_ratio")
    assert ratio.target is not None
    assert (ratio.direction, ratio.target.value, ratio.target.year) == ("higher", 80, 2025)
    for name in ("urban_dibao_standard_ratio", "rural_dibao_standard_ratio"):
        target = KNOWN.indicator(name).target
        assert target is not None
        assert (target.value, target.year, target.quarter) == (100, "each", 1)
    ratios = {
        "rural_urban_standard_ratio", "urban_dibao_standard_ratio", "rural_dibao_standard_ratio",
    }  # fmt: skip
    indicators = KNOWN.dataset(DATASET).indicators
    assert {i.id for i in indicators if i.direction != "none"} == ratios
    assert {i.id for i in indicators if i.may_exceed_100} == ratios


# ------------------------------------------------------------------ rules

BREAKS: Breaks = {
    "social_assistance.urban_households_within_persons": (
        {"urban_dibao_households": 201},
        {"urban_dibao_households": 200},
    ),
    "social_assistance.rural_households_within_persons": (
        {"rural_dibao_households": 3001},
        {"rural_dibao_households": 3000},
    ),
    # 120 + 1,500 households
    "social_assistance.single_person_within_households": (
        {"single_person_cases": 1621},
        {"single_person_cases": 1620},
    ),
    "social_assistance.rural_residents_within_residents": (
        {"residents": 80_000, "residents_rural": 80_001},
        {"residents": 80_000, "residents_rural": 80_000},
    ),
    "social_assistance.rural_recipients_within_residents": (
        {"residents_rural": 2999},
        {"residents_rural": 3000},
    ),
    "social_assistance.urban_standard_at_least_minimum": (
        {"urban_dibao_standard": 856},
        {"urban_dibao_standard": 857},
    ),
    "social_assistance.rural_standard_at_least_minimum": (
        {"rural_dibao_standard": 599},
        {"rural_dibao_standard": 600},
    ),
    "social_assistance.rural_standard_within_urban": (
        {"rural_dibao_standard": 901},
        {"rural_dibao_standard": 900},
    ),
}
RULES = rules_of(DATASET)


def test_every_rule_has_its_case_and_its_severity() -> None:
    assert BREAKS.keys() == RULES.keys()
    errors = {rule.holds for _, rule in RULES.values() if rule.severity == "error"}
    assert errors == {
        "urban_dibao_households <= urban_dibao_persons",
        "rural_dibao_households <= rural_dibao_persons",
        "single_person_cases <= urban_dibao_households + rural_dibao_households",
    }


@pytest.mark.parametrize("key", RULES)
def test_a_rule_trips_on_the_row_that_breaks_it_and_on_no_other(
    tmp_path: Path, store: Settings, key: str
) -> None:
    trips(tmp_path, store, key, BREAKS)


def test_a_rule_says_nothing_where_a_figure_is_missing(tmp_path: Path, store: Settings) -> None:
    # without the rural residents the census stands in for them
    assert speaking_without_figures(tmp_path, store, BREAKS) <= {
        "social_assistance.rural_residents_within_residents"
    }


def test_a_standard_below_the_minimum_of_another_class_or_of_none_is_no_finding(
    tmp_path: Path, store: Settings
) -> None:
    low = {"urban_dibao_standard": 860, "rural_dibao_standard": 700}
    rows = [row(code, "2023Q2", DATASET, **low) for code in (SHIXING, BOLUO, DONGGUAN)]
    # 860 and 700 are above the minimums of class four and below the 1,037 of class two
    assert found(checked(store, table(tmp_path / "a.csv", rows))) == [
        ("warning", "urban_standard_at_least_minimum", DONGGUAN, "2023Q2"),
        ("warning", "rural_standard_at_least_minimum", DONGGUAN, "2023Q2"),
    ]


def test_a_rural_standard_of_the_year_given_for_the_month_is_doubted(
    tmp_path: Path, store: Settings
) -> None:
    line = row(SHIXING, "2023Q2", DATASET, rural_dibao_standard=7200)
    rules = [rule for _, rule, _, _ in found(checked(store, table(tmp_path / "a.csv", [line])))]
    assert rules == ["rural_standard_within_urban"]


# ------------------------------------------------------------------ the sample


def sample(period: str) -> dict[str, shapes.Row]:
    """What the workbooks of a quarter hold at last, by area code."""
    rows = workbooks.values(Workbook(DATASET, period))
    for kind, known in (("late", plan.LATE), ("revision", plan.CORRECTED)):
        if (DATASET, period) in known:
            rows |= workbooks.values(Workbook(DATASET, period, kind))
    return rows


def total(period: str, *measures: str) -> float:
    """The sum of measures over all areas that have a number."""
    values = (row[measure] for row in sample(period).values() for measure in measures)
    return sum(value for value in values if isinstance(value, int | float))


@pytest.mark.parametrize(
    ("period", "measures", "published"),
    [
        ("2023Q1", ["urban_dibao_persons"], 146_000),
        ("2023Q1", ["rural_dibao_persons"], 1_139_000),
        ("2024Q1", ["urban_dibao_persons"], 146_000),
        ("2024Q1", ["rural_dibao_persons"], 1_089_000),
        ("2023Q1", ["tekun_urban_institution", "tekun_urban_scattered"], 19_700),
        ("2023Q1", ["tekun_rural_institution", "tekun_rural_scattered"], 196_100),
        ("2024Q1", ["tekun_urban_institution", "tekun_urban_scattered"], 22_000),
        ("2024Q1", ["tekun_rural_institution", "tekun_rural_scattered"], 198_000),
    ],
)
def test_the_province_comes_within_two_percent_of_published_totals(
    period: str, measures: list[str], published: int
) -> None:
    assert total(period, *measures) == pytest.approx(published, rel=0.02)


def test_no_sample_standard_is_below_its_minimum_but_those_raised_late() -> None:
    below = set()
    late = plan.RAISED_LATE[DATASET]
    for period in shapes.RECENT:
        year, quarter = int(period[:4]), int(period[-1])
        for code, held in sample(period).items():
            for kind in ("urban", "rural"):
                value = held[f"{kind}_dibao_standard"]
                name = f"dibao_{kind}_class_{areas.load()[code].dibao_class}"
                if isinstance(value, str) or name not in standards.by_name():
                    continue
                assert value is not None
                if value < standards.by_name()[name][year]:
                    below.add((year, quarter, NAMES[code]))
    assert below == {
        (year, quarter, name)
        for year, names in late.items()
        for name, first in names.items()
        for quarter in range(1, first)
    } - {(int(p[:4]), int(p[-1]), n) for (d, p), ns in plan.ABSENT.items() if d == DATASET
         for n in ns}  # fmt: skip


def test_the_sample_has_no_rural_figures_where_nobody_lives_in_the_country() -> None:
    for code, held in sample("2023Q1").items():
        urban_only = areas.load()[code].pop_rural_2020 == 0
        assert (held["rural_dibao_standard"] == "不适用") == urban_only
        assert (held["rural_dibao_persons"] == 0) == urban_only


def test_standards_of_the_sample_never_fall_and_guangzhou_pays_what_it_published() -> None:
    for before, after in zip(shapes.RECENT, shapes.RECENT[1:], strict=False):
        earlier, later = sample(before), sample(after)
        for code in earlier.keys() & later.keys():
            for measure in ("urban_dibao_standard", "rural_dibao_standard"):
                old, new = earlier[code][measure], later[code][measure]
                if isinstance(old, int | float) and isinstance(new, int | float):
                    assert new >= old, (NAMES[code], after)
    for code, held in sample("2023Q4").items():
        if areas.load()[code].city == "广州市":
            assert held["urban_dibao_standard"] == 1238


def test_the_edge_families_that_a_county_counted_as_households_are_corrected() -> None:
    ((name, (measure, times)),) = plan.CORRECTED[DATASET, "2023Q4"].items()
    code = next(code for code, other in NAMES.items() if other == name)
    first = workbooks.values(Workbook(DATASET, "2023Q4"))[code]
    last = workbooks.values(Workbook(DATASET, "2023Q4", "revision"))[code]
    assert measure == "dibao_edge_persons"
    assert first[measure] == round(times * float(last[measure] or 0))
    assert {m for m in first if first[m] != last[m]} == {measure}
