"""The figures: small cases worked by hand, the core ones computed another way, new ones."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest
from command_calls import command_of_its_own as command
from forms import CORE, DONGGUAN, KNOWN, RENHUA, SHIXING, WENGYUAN, Value, good, row, table
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from small_models import Cell, model, reported
from tries import tries

from app import areas, reads, settings
from app.serving import Serving
from app.settings import Settings


def figure(
    source: Serving,
    indicator: str,
    period: str = "2023Q2",
    level: str = "county",
    area: str = SHIXING,
) -> dict[str, object]:
    """One figure."""
    (found,) = reads.indicator_values(source, [indicator], [period], [level], [area])
    return found


def county(indicator: str, period: str = "2023Q2", **changed: Value) -> object:
    """The value of an indicator for one county whose good row is changed."""
    dataset = KNOWN.dataset_of[indicator].id
    source = model(reported(dataset, {SHIXING: {period: good(dataset, **changed)}}))
    return figure(source, indicator, period)["value"]


# ------------------------------------------------------------------ one county, by hand


@pytest.mark.parametrize(
    ("indicator", "changed", "expected"),
    [
        ("care_bed_share", {}, 60.0),  # 120 / 200
        ("public_care_bed_share", {}, 50.0),  # 40 / 80
        ("care_bed_plan_fulfilment", {}, 25.0),  # 5 / 20
        ("beds_per_1000_elderly", {"population_60plus": 40000}, 5.0),  # 1000 × 200 / 40,000
        ("bed_occupancy", {}, 75.0),  # 150 / 200
        ("care_beds_to_convert", {}, 0.0),  # 0.55 × 200 − 120 < 0
        ("care_beds_to_convert", {"beds_total": 100, "beds_care": 55}, 0.0),  # 55 − 55
        ("care_beds_to_convert", {"beds_total": 100, "beds_care": 54}, 1.0),
        ("care_beds_to_convert", {"beds_total": 101, "beds_care": 55}, 1.0),  # ⌈55.55 − 55⌉
        ("care_beds_to_convert", {"beds_total": 200, "beds_care": 0}, 110.0),
        ("care_beds_to_build", {"beds_total": 100, "beds_care": 55}, 0.0),
        ("care_beds_to_build", {"beds_total": 100, "beds_care": 54}, 3.0),  # ⌈1 / 0.45⌉ = ⌈2.22⌉
        ("care_beds_to_build", {"beds_total": 180, "beds_care": 90}, 20.0),  # 9 / 0.45 exactly
        ("child_paid_share", {"paid_children": 45}, 75.0),  # 45 / (10 + 20 + 30)
        ("institution_care_share", {"orphans_institution": 5, "orphans_scattered": 15}, 25.0),
        ("children_supported", {}, 60.0),  # 10 + 20 + 30
        ("institution_standard_ratio", {"standard_institution": 2017}, 100.0),  # minimum of 2023
        ("scattered_standard_ratio", {"standard_scattered": 2718}, 200.0),  # 2 × 1359
        ("hardship_coverage", {}, 90.0),  # 90 / 100
        ("severe_coverage", {}, 87.5),  # 70 / 80
        ("one_card_share", {"paid_by_one_card": 120}, 75.0),  # 120 / (90 + 70)
        ("hardship_standard_ratio", {"hardship_standard": 234}, 120.0),  # 234 / 195
        ("severe_standard_ratio", {"severe_standard": 261}, 100.0),  # minimum of 2023
        ("station_coverage", {"stations": 5, "townships": 4}, 125.0),  # may pass 100
        ("point_coverage", {"service_points": 20, "villages": 80}, 25.0),
        ("station_standardised_share", {}, 60.0),  # 3 / 5
        ("certified_worker_share", {}, 40.0),  # 12 / 30
        ("workers_per_station", {}, 6.0),  # 30 / 5
    ],
)
def test_a_figure_of_one_county_is_what_a_hand_works_out(
    indicator: str, changed: dict[str, Value], expected: float
) -> None:
    assert county(indicator, **changed) == pytest.approx(expected, abs=1e-9)


def test_the_reference_figure_stands_in_for_an_optional_measure() -> None:
    # 始兴县 has 10 townships and 36,842 people aged 60 and over in data/reference/areas.csv
    assert county("station_coverage", stations=5) == 50.0
    assert county("station_coverage", stations=5, townships=None) == 50.0
    assert county("beds_per_1000_elderly", beds_total=36842) == 1000.0


def test_a_denominator_that_does_not_apply_is_not_replaced_by_the_reference() -> None:
    cells = reported(
        "social_work_stations",
        {SHIXING: {"2023Q2": good("social_work_stations", townships="不适用")}},
    )
    found = figure(model(cells), "station_coverage")
    assert (found["value"], found["status"]) == (None, "not_applicable")


# ------------------------------------------------------------------ flows


def paid(**by_period: float | None) -> list[Cell]:
    """The cumulative payments of one county, with 10 children paid."""
    return reported(
        "child_welfare",
        {
            SHIXING: {
                period: good("child_welfare", paid_amount_ytd=value, paid_children=10)
                for period, value in by_period.items()
            }
        },
    )


def test_the_first_quarter_is_its_own_amount_and_a_later_one_the_difference() -> None:
    source = model(paid(**{"2023Q1": 30000, "2023Q2": 75000}))
    # 30,000 / (3 × 10); (75,000 − 30,000) / (3 × 10)
    assert figure(source, "child_amount_per_month", "2023Q1")["value"] == 1000.0
    assert figure(source, "child_amount_per_month", "2023Q2")["value"] == 1500.0


@pytest.mark.parametrize(
    "before", [{}, {"2023Q1": None}, {"2022Q4": 30000}], ids=["no quarter", "empty", "last year"]
)
def test_without_the_quarter_before_a_quarters_own_amount_is_missing(
    before: dict[str, float | None],
) -> None:
    found = figure(model(paid(**before, **{"2023Q2": 75000})), "child_amount_per_month", "2023Q2")
    assert (found["value"], found["status"], found["areas_reporting"]) == (None, "missing", 0)


def test_the_annual_plan_is_measured_by_the_cumulative_figure() -> None:
    cells = reported(
        "care_beds",
        {
            SHIXING: {
                "2023Q1": good(care_beds_added_ytd=5),
                "2023Q2": good(care_beds_added_ytd=15),
            }
        },
    )
    assert figure(model(cells), "care_bed_plan_fulfilment")["value"] == 75.0  # 15 / 20, not 10 / 20


def test_people_served_and_applications_are_those_of_the_quarter() -> None:
    cells = reported(
        "social_work_stations",
        {
            SHIXING: {
                "2023Q3": good("social_work_stations", people_served_ytd=400),
                "2023Q4": good("social_work_stations", people_served_ytd=1000),
            }
        },
    ) + reported(
        "child_welfare",
        {
            SHIXING: {
                "2023Q3": good("child_welfare", applications_cross_province_ytd=2),
                "2023Q4": good("child_welfare", applications_cross_province_ytd=2),
            }
        },
    )
    source = model(cells)
    assert figure(source, "served_per_worker", "2023Q4")["value"] == 20.0  # (1,000 − 400) / 30
    assert figure(source, "cross_province_applications", "2023Q4")["value"] == 0.0  # a true zero


def test_a_flow_never_crosses_from_sample_to_real() -> None:
    first = reported("child_welfare", {SHIXING: {"2023Q1": good("child_welfare")}}, sample=True)
    second = reported("child_welfare", {SHIXING: {"2023Q2": good("child_welfare")}})
    for cells in (
        first + second,
        reported("child_welfare", {SHIXING: {"2023Q1": good("child_welfare")}})
        + [(*c[:6], True) for c in second],
    ):
        assert figure(model(cells), "child_amount_per_month")["status"] == "missing"


# ------------------------------------------------------------------ standards


def test_several_counties_are_weighted_by_their_recipients() -> None:
    # minimum 2017: (2017 × 30 + 4034 × 10) / (2017 × 40) = (30 + 20) / 40 = 125 %, the mean is 150
    cells = reported(
        "child_welfare",
        {
            SHIXING: {
                "2023Q2": good("child_welfare", standard_institution=2017, orphans_institution=30)
            },
            RENHUA: {
                "2023Q2": good("child_welfare", standard_institution=4034, orphans_institution=10)
            },
        },
    )
    assert figure(model(cells), "institution_standard_ratio", level="city", area="440200")[
        "value"
    ] == pytest.approx(125.0)


def test_the_minimum_is_that_of_the_year() -> None:
    for period, minimum in (("2022Q4", 1949), ("2023Q1", 2017), ("2024Q1", 2295)):
        ratio = county("institution_standard_ratio", period, standard_institution=minimum)
        assert ratio == pytest.approx(100.0)


def test_a_year_whose_minimum_is_not_known_has_no_ratio() -> None:
    cells = reported("child_welfare", {SHIXING: {"2025Q1": good("child_welfare")}})
    found = figure(model(cells), "institution_standard_ratio", "2025Q1")
    assert (found["value"], found["status"]) == (None, "missing")
    assert county("hardship_standard_ratio", "2025Q1", hardship_standard=209) == pytest.approx(
        100.0
    )


def test_a_county_without_orphans_has_no_ratio_but_is_known() -> None:
    cells = reported(
        "child_welfare", {SHIXING: {"2023Q2": good("child_welfare", orphans_institution=0)}}
    )
    found = figure(model(cells), "institution_standard_ratio")
    assert (found["value"], found["status"]) == (None, "not_applicable")
    assert (found["numerator"], found["denominator"], found["areas_reporting"]) == (0, 0, 1)


# ------------------------------------------------------------------ groups


def test_a_headline_counts_those_with_a_value_and_tells_those_without_occasion() -> None:
    orphans = {SHIXING: 10, RENHUA: 20, WENGYUAN: 0}
    cells = reported(
        "child_welfare",
        {a: {"2023Q2": good("child_welfare", orphans_institution=n)} for a, n in orphans.items()},
    )
    name = "institution_standard_ratio"
    group = ("2023Q2", "city", "440200")
    found = reads.headline(model(cells), [name], *group)[name]
    assert (found["areas_reporting"], found["areas_valued"]) == (3, 2)
    assert (found["areas_not_applicable"], found["areas_expected"]) == (1, 10)
    lacking = reported("child_welfare", {SHIXING: {"2023Q2": good("child_welfare")}})
    found = reads.headline(model(lacking), [name], *group)[name]
    assert (found["areas_valued"], found["areas_not_applicable"]) == (1, 0)
    found = reads.headline(model(cells), [name], "2023Q2", "county", WENGYUAN)[name]
    assert (found["areas_valued"], found["areas_not_applicable"]) == (0, 1)


def test_a_group_is_the_ratio_of_sums_never_the_mean_of_rates() -> None:
    cells = reported(
        "care_beds",
        {
            SHIXING: {"2023Q2": good(beds_total=100, beds_care=90)},  # 90 %
            RENHUA: {"2023Q2": good(beds_total=300, beds_care=30)},  # 10 %
        },
    )
    found = figure(model(cells), "care_bed_share", level="city", area="440200")
    assert found["value"] == 30.0  # 120 / 400
    assert (found["numerator"], found["denominator"]) == (120, 400)
    assert (found["areas_reporting"], found["areas_expected"]) == (2, 10)  # 韶关 has ten counties


def test_a_county_that_lacks_one_side_is_left_out_of_both() -> None:
    cells = reported(
        "care_beds",
        {
            SHIXING: {"2023Q2": good(beds_total=100, beds_care=50)},
            RENHUA: {"2023Q2": good(beds_total=300, beds_care=None)},
            WENGYUAN: {"2023Q2": good(beds_total=None, beds_care=70)},
        },
    )
    found = figure(model(cells), "care_bed_share", level="region", area="粤北")
    assert (found["value"], found["numerator"], found["denominator"]) == (50.0, 50, 100)
    assert found["areas_reporting"] == 1


def test_the_need_of_a_city_is_the_sum_of_its_counties_needs() -> None:
    cells = reported(
        "care_beds",
        {
            SHIXING: {"2023Q2": good(beds_total=100, beds_care=100)},  # 45 above the target
            RENHUA: {"2023Q2": good(beds_total=100, beds_care=45)},  # 10 below it
        },
    )
    source = model(cells)
    assert figure(source, "care_beds_to_convert", level="city", area="440200")["value"] == 10
    # the city as a whole is above the target: 145 / 200
    assert figure(source, "care_bed_share", level="city", area="440200")["value"] == 72.5


def test_a_plan_of_zero_has_no_rate_of_its_own_but_counts_in_the_group() -> None:
    cells = reported(
        "care_beds",
        {
            SHIXING: {"2023Q2": good(care_beds_added_ytd=5, care_beds_added_plan=0)},
            RENHUA: {"2023Q2": good(care_beds_added_ytd=5, care_beds_added_plan=20)},
        },
    )
    source = model(cells)
    assert figure(source, "care_bed_plan_fulfilment")["status"] == "not_applicable"
    city = figure(source, "care_bed_plan_fulfilment", level="city", area="440200")
    assert (city["value"], city["areas_reporting"]) == (50.0, 2)  # 10 / 20


def test_zero_missing_and_not_applicable_are_told_apart() -> None:
    cells = reported(
        "care_beds",
        {
            SHIXING: {"2023Q2": good(beds_care=0, public_beds_care=0)},
            RENHUA: {"2023Q2": good(beds_care=None)},
            WENGYUAN: {"2023Q2": good(beds_care="不适用")},
        },
    )
    source = model(cells)
    states = {
        area: (found["value"], found["status"])
        for area in (SHIXING, RENHUA, WENGYUAN, DONGGUAN)
        for found in [figure(source, "care_bed_share", area=area)]
    }
    assert states == {
        SHIXING: (0.0, "observed"),
        RENHUA: (None, "missing"),
        WENGYUAN: (None, "not_applicable"),
        DONGGUAN: (None, "missing"),
    }


def test_a_quarter_without_data_is_missing_everywhere() -> None:
    found = figure(model([]), "care_bed_share", level="province", area="440000")
    assert (found["value"], found["status"], found["areas_reporting"]) == (None, "missing", 0)
    assert (found["areas_expected"], found["sample"]) == (124, False)


# ------------------------------------------------------------------ all of it, computed another way

PERIODS = ("2022Q3", "2022Q4", "2023Q1", "2023Q2", "2023Q4", "2025Q1")
MINIMA = {  # data/reference/standards.yaml, written out
    "standard_institution": {2022: 1949, 2023: 2017},
    "standard_scattered": {2022: 1313, 2023: 1359},
    "hardship_standard": {2022: 188, 2023: 195, 2025: 209},
    "severe_standard": {2022: 252, 2023: 261, 2025: 280},
}


def wide(observations: pd.DataFrame, dataset_id: str) -> pd.DataFrame:
    """One row an area and period of a dataset: its measures, and `sample`; NaN where unknown."""
    held = observations[observations.dataset_id == dataset_id]
    real = held.groupby("period")["sample"].transform("min") == held["sample"]
    held = held[real]
    places = areas.load()
    index = pd.MultiIndex.from_product(
        [list(places), sorted(held.period.unique())], names=["area_code", "period"]
    )
    frame = held.pivot(index=["area_code", "period"], columns="measure_id", values="value")
    frame = frame.reindex(index)
    refused = held.assign(bad=held.status == "not_applicable").pivot(
        index=["area_code", "period"], columns="measure_id", values="bad"
    )
    refused = refused.reindex(index).fillna(False).astype(bool)
    for measure in KNOWN.dataset(dataset_id).measures:
        if measure.id not in frame:
            frame[measure.id] = np.nan
            refused[measure.id] = False
        if measure.reference is not None:
            figures = frame.index.get_level_values("area_code").map(
                lambda code, name=measure.reference: float(getattr(places[code], name))
            )
            stands_in = frame[measure.id].isna() & ~refused[measure.id]
            frame[measure.id] = frame[measure.id].where(~stands_in, pd.Series(figures, frame.index))
    frame["sample"] = frame.index.get_level_values("period").map(
        held.groupby("period")["sample"].first()
    )
    frame["year"] = frame.index.get_level_values("period").str[:4].astype(int)
    return frame


def own_amount(frame: pd.DataFrame, measure: str) -> pd.Series:
    """The quarter's own amount of a cumulative measure."""
    amounts = []
    for area, period in frame.index:
        now = frame.at[(area, period), measure]
        if period.endswith("Q1"):
            amounts.append(now)
            continue
        before = (area, f"{period[:5]}{int(period[5]) - 1}")
        same = (
            before in frame.index
            and frame.at[before, "sample"] == frame.at[(area, period), "sample"]
        )
        amounts.append(now - frame.at[before, measure] if same else np.nan)
    return pd.Series(amounts, frame.index, dtype=float)


Sides = dict[str, tuple[float, pd.Series, pd.Series | None]]  # by indicator


def sides(frames: dict[str, pd.DataFrame]) -> Sides:
    """Factor, numerator and denominator of each indicator, from the table of names in the plan."""
    beds, child = frames["care_beds"], frames["child_welfare"]
    aid, work = frames["disability_allowances"], frames["social_work_stations"]

    def least(frame: pd.DataFrame, measure: str) -> pd.Series:
        return frame["year"].map(MINIMA[measure]).astype(float)

    def up(series: pd.Series) -> pd.Series:
        return np.ceil(series).clip(lower=0)

    children = child.orphans_institution + child.orphans_scattered + child.unattended_children
    payments = aid.hardship_recipients + aid.severe_recipients
    short = 55 * beds.beds_total - 100 * beds.beds_care  # hundredths of a bed, whole numbers
    return {
        "care_bed_share": (100, beds.beds_care, beds.beds_total),
        "public_care_bed_share": (100, beds.public_beds_care, beds.public_beds_total),
        "care_bed_plan_fulfilment": (100, beds.care_beds_added_ytd, beds.care_beds_added_plan),
        "beds_per_1000_elderly": (1000, beds.beds_total, beds.population_60plus),
        "bed_occupancy": (100, beds.residents, beds.beds_total),
        "care_beds_to_convert": (1, up(short / 100), None),
        "care_beds_to_build": (1, up(short / 45), None),
        "child_paid_share": (100, child.paid_children, children),
        "child_amount_per_month": (
            1,
            own_amount(child, "paid_amount_ytd"),
            3 * child.paid_children,
        ),
        "institution_standard_ratio": (
            100,
            child.standard_institution * child.orphans_institution,
            least(child, "standard_institution") * child.orphans_institution,
        ),
        "scattered_standard_ratio": (
            100,
            child.standard_scattered * child.orphans_scattered,
            least(child, "standard_scattered") * child.orphans_scattered,
        ),
        "institution_care_share": (
            100,
            child.orphans_institution,
            child.orphans_institution + child.orphans_scattered,
        ),
        "children_supported": (1, children, None),
        "cross_province_applications": (
            1,
            own_amount(child, "applications_cross_province_ytd"),
            None,
        ),
        "hardship_coverage": (100, aid.hardship_recipients, aid.hardship_eligible),
        "severe_coverage": (100, aid.severe_recipients, aid.severe_eligible),
        "hardship_standard_ratio": (
            100,
            aid.hardship_standard * aid.hardship_recipients,
            least(aid, "hardship_standard") * aid.hardship_recipients,
        ),
        "severe_standard_ratio": (
            100,
            aid.severe_standard * aid.severe_recipients,
            least(aid, "severe_standard") * aid.severe_recipients,
        ),
        "one_card_share": (100, aid.paid_by_one_card, payments),
        "allowance_per_payment_month": (1, own_amount(aid, "paid_amount_ytd"), 3 * payments),
        "station_coverage": (100, work.stations, work.townships),
        "station_standardised_share": (100, work.stations_standardised, work.stations),
        "point_coverage": (100, work.service_points, work.villages),
        "certified_worker_share": (100, work.social_workers_certified, work.social_workers),
        "workers_per_station": (1, work.social_workers, work.stations),
        "served_per_worker": (1, own_amount(work, "people_served_ytd"), work.social_workers),
    }


def membership() -> pd.DataFrame:
    """The groups of every area: one row an area and group."""
    rows = []
    for area in areas.load().values():
        rows += [
            (area.code, "county", area.code),
            (area.code, "city", area.city_code),
            (area.code, "region", area.region),
            (area.code, "province", "440000"),
        ]
        if area.code in areas.pilot():
            rows.append((area.code, "pilot", "pilot"))
    return pd.DataFrame(rows, columns=["area_code", "level", "group_code"])


def expected_figures(sides: Sides) -> pd.DataFrame:
    """Every figure of every group, by ratio of sums over the areas with both sides known."""
    groups = membership()
    parts = []
    for indicator, (factor, numerator, denominator) in sides.items():
        known = (
            numerator.notna() if denominator is None else numerator.notna() & denominator.notna()
        )
        frame = pd.DataFrame({"numerator": numerator.where(known), "known": known.astype(int)})
        frame["denominator"] = np.nan if denominator is None else denominator.where(known)
        summed = (
            frame.reset_index()
            .merge(groups, on="area_code")
            .groupby(["level", "group_code", "period"])
            .agg(
                numerator=("numerator", lambda s: s.sum(min_count=1)),
                denominator=("denominator", lambda s: s.sum(min_count=1)),
                areas_reporting=("known", "sum"),
                areas_expected=("known", "size"),
            )
            .reset_index()
        )
        if denominator is None:
            summed["value"] = factor * summed.numerator
        else:
            summed["value"] = factor * summed.numerator / summed.denominator.replace(0, np.nan)
        parts.append(summed.assign(indicator=indicator))
    return pd.concat(parts).set_index(["indicator", "level", "group_code", "period"]).sort_index()


def invented(
    seed: int,
    missing: float,
    zero: float,
    absent: float,
    mixed: bool,
    datasets: Iterable[str] = CORE,
) -> pd.DataFrame:
    """Cells of all areas and periods; some empty, zero, not applicable or absent."""
    chance = np.random.default_rng(seed)
    rows: list[Cell] = []
    for dataset in map(KNOWN.dataset, datasets):
        for period in PERIODS:
            flags = [False]
            if mixed:
                flags = [[False], [True], [False, True]][chance.integers(3)]
            for flag in flags:
                for area in areas.load():
                    if chance.random() < absent:
                        continue
                    for measure in dataset.measures:
                        draw = chance.random()
                        value, status = float(chance.integers(0, 5000)), "reported"
                        if draw < missing:
                            value, status = np.nan, "missing"
                        elif draw < missing + 0.02:
                            value, status = np.nan, "not_applicable"
                        elif draw < missing + 0.02 + zero:
                            value = 0.0
                        rows.append((dataset.id, area, period, measure.id, value, status, flag))
    return pd.DataFrame(
        rows,
        columns=["dataset_id", "area_code", "period", "measure_id", "value", "status", "sample"],
    )


@hypothesis_settings(
    max_examples=tries(1),
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(
    seed=st.integers(0, 2**32 - 1),
    missing=st.sampled_from([0.0, 0.1, 0.6]),
    zero=st.sampled_from([0.0, 0.3]),
    absent=st.sampled_from([0.0, 0.15, 0.9]),
    mixed=st.booleans(),
)
def test_every_figure_equals_an_independent_computation(
    seed: int, missing: float, zero: float, absent: float, mixed: bool
) -> None:
    observations = invented(seed, missing, zero, absent, mixed)
    frames = {dataset: wide(observations, dataset) for dataset in CORE}
    equals_what_was_worked_out(observations, sides(frames))


def equals_what_was_worked_out(observations: pd.DataFrame, sides: Sides) -> None:
    """Assert that the model's figures of every level are those of the sides worked out apart."""
    source = model(observations.itertuples(index=False, name=None))
    found = pd.DataFrame(
        reads.indicator_values(
            source, list(sides), PERIODS,
            ["county", "city", "region", "pilot", "province"],
        )
    ).rename(columns={"area_code": "group_code"})  # fmt: skip
    found = found.set_index(["indicator", "level", "group_code", "period"]).sort_index()
    wanted = expected_figures(sides)
    assert not wanted.index.difference(found.index).size
    compared = found.loc[wanted.index]
    for column in ("value", "numerator", "denominator", "areas_reporting", "areas_expected"):
        np.testing.assert_allclose(
            compared[column].astype(float), wanted[column].astype(float), rtol=1e-9, err_msg=column
        )
    assert ((compared.status == "observed") == wanted.value.notna()).all()
    # a quarter in which nobody reported a dataset is there all the same, and missing
    others = found.loc[found.index.difference(wanted.index)]
    assert (others.status == "missing").all()


def test_the_independent_computation_covers_the_core_datasets() -> None:
    observations = invented(1, 0.1, 0.1, 0.5, False)
    frames = {dataset: wide(observations, dataset) for dataset in CORE}
    assert set(sides(frames)) == {i.id for d in CORE for i in KNOWN.dataset(d).indicators}


# ------------------------------------------------------------------ a new indicator is a YAML edit

NEW_MEASURE = """\
  - id: night_staff
    label: {zh: 夜间值班护理员, en: Night staff}
    unit: persons
    kind: stock
    definition: {zh: 季末夜间在岗护理员数。, en: Carers on duty at night at the quarter's end.}

rules:
"""
NEW_INDICATOR = """\
  - id: residents_per_night_carer
    label: {zh: 每名夜间护理员照护人数, en: Residents per night carer}
    short: {zh: 夜间照护比, en: Night care ratio}
    unit: persons_per_worker
    direction: lower
    numerator: residents
    denominator: night_staff
    definition: {zh: 入住老年人数除以夜间护理员数。, en: Residents divided by night carers.}

headline:
"""


def test_a_county_that_lacks_a_stage_is_in_none_of_them() -> None:
    stages = ["hardship_eligible", "hardship_recipients"]
    source = model(
        reported(
            "disability_allowances",
            {
                SHIXING: {"2023Q2": {stages[0]: 100, stages[1]: 90}},
                RENHUA: {"2023Q2": {stages[0]: 60, stages[1]: 30}},
                WENGYUAN: {"2023Q2": {stages[0]: 500, stages[1]: None}},
            },
        )
    )
    groups = ["city/440200", f"county/{WENGYUAN}", f"county/{RENHUA}"]
    rows = reads.stage_totals(source, "disability_allowances", stages, "2023Q2", groups, "zh")
    assert list(rows["measure_id"]) == stages * 3
    assert rows["value"].fillna(-1).tolist() == [160, 120, -1, -1, 60, 30]
    assert rows["areas_reporting"].tolist() == [2, 2, 0, 0, 1, 1]
    assert rows["areas_expected"].tolist() == [10, 10, 1, 1, 1, 1]  # Shaoguan has ten


def test_stages_of_a_flow_are_the_year_to_date_as_reported() -> None:
    stages = ["cases_served_ytd", "people_served_ytd"]
    source = model(
        reported(
            "social_work_stations",
            {
                SHIXING: {
                    "2023Q1": {stages[0]: 4, stages[1]: 3},
                    "2023Q2": {stages[0]: 10, stages[1]: 8},
                },
                RENHUA: {"2023Q2": {stages[0]: 5, stages[1]: 1}},  # the quarter before is missing
            },
        )
    )
    rows = reads.stage_totals(
        source, "social_work_stations", stages, "2023Q2", ["region/粤北"], "zh"
    )
    assert rows["value"].tolist() == [15, 9]


@pytest.fixture
def new_catalogue(tmp_path: Path) -> Path:
    """The catalogue with an invented measure and an invented indicator."""
    folder = tmp_path / "catalogue"
    shutil.copytree(settings.CATALOGUE, folder)
    file = folder / "care_beds.yaml"
    text = file.read_text("utf-8")
    text = text.replace("\nrules:\n", NEW_MEASURE, 1).replace("\nheadline:\n", NEW_INDICATOR, 1)
    file.write_text(text, "utf-8")
    return folder


def test_a_new_indicator_needs_an_edit_of_the_catalogue_alone(
    tmp_path: Path, store: Settings, new_catalogue: Path
) -> None:
    use = {"DASHBOARD_CATALOGUE": str(new_catalogue)}
    form = tmp_path / "form.xlsx"
    assert command(store, "template", "care_beds", "2023Q2", "-o", form, **use).returncode == 0
    book = openpyxl.load_workbook(form)
    headers = [cell.value for cell in book.worksheets[0][3]]
    assert "夜间值班护理员\n（人）" in headers
    assert "night_staff" in {cell.value for cell in book.worksheets[1]["A"]}
    lines = [
        row(SHIXING, "2023Q2", residents=150, night_staff=10),
        row(RENHUA, "2023Q2", residents=50, night_staff=10),
    ]
    path = table(tmp_path / "a.csv", lines)
    done = command(store, "submit", path, "--by", "填报人", "--note", "新指标", "--json", **use)
    assert done.returncode == 0, done.stderr
    shown = command(
        store, "indicator", "residents_per_night_carer", "--period", "2023Q2",
        "--level", "city", "--area", "440200", "--lang", "en", "--json", **use,
    )  # fmt: skip
    (found,) = json.loads(shown.stdout)
    assert found["value"] == 10.0  # 200 / 20
    assert found["unit"] == "persons per worker"
    assert found["areas_reporting"] == 2
    # the catalogue as it was does not know it
    assert (
        command(store, "indicator", "residents_per_night_carer", "--period", "2023Q2").returncode
        == 1
    )


def test_a_file_without_the_new_column_is_told_so(
    tmp_path: Path, store: Settings, new_catalogue: Path
) -> None:
    path = table(tmp_path / "a.csv", [row(SHIXING, "2023Q2")])
    done = command(store, "check", path, "--json", DASHBOARD_CATALOGUE=str(new_catalogue))
    assert done.returncode == 1
    assert [f["column"] for f in json.loads(done.stdout)["errors"]] == ["夜间值班护理员"]


def test_values_that_are_printed_alike_share_a_rank() -> None:
    # 54.96 % and 55.04 % both read 55.0 %; 54.94 % reads 54.9 %
    shares = {SHIXING: 5504, RENHUA: 5496, WENGYUAN: 5494}
    cells = {
        code: {"2023Q2": {"beds_total": 10000, "beds_care": share}}
        for code, share in shares.items()
    }
    source = model(reported("care_beds", cells))
    frame = reads.county_values(source, ["care_bed_share"], "2023Q2", "pilot", "pilot", "zh")
    ranks = frame.set_index("area_code")["rank"]
    assert [ranks[code] for code in (SHIXING, RENHUA, WENGYUAN)] == [1, 1, 3]


def test_lists_and_maps_rank_alike_quarter_by_quarter_and_compare_no_sample() -> None:
    # beds to convert of 100: 55 less those of care; fewer is better, and none is the best
    lechang = "440281"
    care: dict[str, dict[str, Value]] = {
        SHIXING: {"2023Q2": 50, "2023Q3": 60},
        RENHUA: {"2023Q2": 50, "2023Q3": 55},
        WENGYUAN: {"2023Q2": 55, "2023Q3": 45},
        lechang: {"2023Q2": 40, "2023Q3": None},
    }
    before = {code: {"2023Q1": {"beds_total": 100.0, "beds_care": 50.0}} for code in care}
    cells = {
        code: {
            period: {"beds_total": 100.0, "beds_care": beds, "residents": 75.0}
            for period, beds in row.items()
        }
        for code, row in care.items()
    }
    sample = reported("care_beds", before, sample=True)
    source = model([*sample, *reported("care_beds", cells)])
    expected: dict[str, dict[str, tuple[object, ...]]] = {  # beds, rank, tied, change
        "2023Q2": {
            SHIXING: (5, 2, True, None), RENHUA: (5, 2, True, None),
            WENGYUAN: (0, 1, False, None), lechang: (15, 4, False, None),
        },
        "2023Q3": {
            SHIXING: (0, 1, True, -5), RENHUA: (0, 1, True, -5),
            WENGYUAN: (10, 3, False, 10), lechang: (None, None, False, None),
        },
    }  # fmt: skip
    columns = ["value", "rank", "tied", "change_previous"]

    def read(frame: pd.DataFrame) -> dict[str, tuple[object, ...]]:
        own = frame[frame["area_code"].isin(care)].set_index("area_code")[columns].astype(object)
        whole = own.where(own.notna(), None)
        return {str(code): tuple(row) for code, row in zip(own.index, whole.values, strict=True)}

    name, group = "care_beds_to_convert", ("pilot", "pilot")
    mapped = reads.map_values(source, name, list(expected), "county", *group, "zh")
    for period, rows in expected.items():
        listed = reads.county_values(source, [name, "bed_occupancy"], period, *group, "zh")
        assert read(listed[listed["indicator_id"] == name]) == rows
        assert read(mapped[mapped["period"] == period]) == rows
        neither = listed[listed["indicator_id"] == "bed_occupancy"]  # good nor bad
        assert (neither["value"] == 75).sum() == len(care)
        assert neither["rank"].isna().all() and not neither["tied"].any()
