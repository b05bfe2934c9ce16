"""Trends and similar counties, against published tables, an independent library and hand work."""

from __future__ import annotations

import random

import numpy as np
import pandas as pd
import pymannkendall
import pytest
from forms import KNOWN, SHIXING
from small_models import Cell, model

from app import areas, kept, peers, periods, scopes, trends, view
from app.errors import UnknownName
from app.serving import Serving
from app.trends import Trend

SHARE, FULFILMENT, OCCUPANCY = "care_bed_share", "care_bed_plan_fulfilment", "bed_occupancy"
QUARTERS = [periods.shift("2024Q4", -back) for back in range(15, -1, -1)]
COUNTIES = list(areas.load())


def beds(by_area: dict[str, list[float | None]], sample: bool = False) -> list[Cell]:
    """Care-type beds of a thousand, the last of them at the end of 2024; None is not reported."""
    cells: list[Cell] = []
    for code, values in by_area.items():
        for period, value in zip(QUARTERS[-len(values) :], values, strict=True):
            if value is not None:
                cells.append(("care_beds", code, period, "beds_total", 1000, "reported", sample))
                cells.append(("care_beds", code, period, "beds_care", value, "reported", sample))
    return cells


def of(source: Serving, code: str = SHIXING, indicator: str = SHARE) -> Trend:
    group = f"county/{code}"
    return trends.tested(source, [indicator], "2024Q4", [group])[group, indicator]


def shuffled_to(score: int, count: int) -> list[float | None]:
    """Values whose later minus earlier pairs differ in number by the score: inversions counted."""
    inversions = (count * (count - 1) // 2 - score) // 2
    left, values = list(range(1, count + 1)), []
    for place in range(count):
        most = count - 1 - place
        take = min(inversions, most)
        values.append(float(left.pop(take)))
        inversions -= take
    assert inversions == 0
    return values  # type: ignore[return-value]


# The least score that Kendall's exact table gives for 5 % on both sides together (Hollander, Wolfe
# and Chicken, Nonparametric Statistical Methods, table of K): n = 5: 10; 6: 13; 7: 15; 8: 18.
@pytest.mark.parametrize(("count", "least"), [(5, 10), (6, 13), (7, 15), (8, 18)])
def test_a_trend_begins_where_the_exact_table_says(count: int, least: int) -> None:
    one, other = COUNTIES[:2]
    source = model(
        beds({one: shuffled_to(least, count), other: shuffled_to(least - 2, count)})
    )  # fmt: skip
    assert (of(source, one).score, of(source, one).kind) == (least, "rising")
    assert (of(source, other).score, of(source, other).kind) == (least - 2, "none")


def test_four_quarters_can_not_tell_even_where_each_is_higher() -> None:
    told = of(model(beds({SHIXING: [1, 2, 3, 4]})))
    assert (told.kind, told.quarters) == ("untold", 4)


def test_a_county_that_has_not_reported_this_quarter_is_not_told() -> None:
    assert of(model(beds({SHIXING: [1, 2, 3, 4, 5, 6, 7, None]}))).kind == "untold"


def test_only_the_last_eight_quarters_count() -> None:
    told = of(model(beds({SHIXING: [900, 800, 700, 600, 1, 2, 3, 4, 5, 6, 7, 8]})))
    assert (told.kind, told.quarters, told.score) == ("rising", 8, 28)


def test_equal_values_are_no_trend() -> None:
    told = of(model(beds({SHIXING: [500] * 8})))
    assert (told.kind, told.z) == ("none", 0)


def test_sample_is_not_held_against_real_data() -> None:
    sample = [cell for cell in beds({SHIXING: [1, 2, 3, 4, 5, 6, 7, 8]}, sample=True)]
    real = beds({SHIXING: [9]})
    before = [cell for cell in sample if cell[2] != "2024Q4"]
    told = of(model(before + real))
    assert (told.kind, told.quarters) == ("untold", 1)


def test_the_test_agrees_with_an_independent_one_on_random_series() -> None:
    chance = random.Random(143)
    series = {
        # some gently rising or falling, some without, many ties
        code: [float(500 + chance.randint(-3, 3) + round(slope * place)) for place in range(8)]
        for code in COUNTIES
        for slope in (chance.uniform(-2, 2),)
    }
    source = model(beds({code: list(values) for code, values in series.items()}))
    groups = [f"county/{code}" for code in COUNTIES]
    found = trends.tested(source, [SHARE], "2024Q4", groups)
    names = {"increasing": "rising", "decreasing": "falling", "no trend": "none"}
    for code, values in series.items():
        expected = pymannkendall.original_test(values)
        told = found[f"county/{code}", SHARE]
        assert told.kind == names[expected.trend], values
        assert told.score == expected.s
        assert told.z == pytest.approx(expected.z, abs=1e-12)
    assert {told.kind for told in found.values()} == {"rising", "falling", "none"}


def added(by_area: dict[str, list[float]]) -> list[Cell]:
    """Beds added since 1 January of a plan of a thousand."""
    return [
        ("care_beds", code, period, measure, amount, "reported", False)
        for code, values in by_area.items()
        for period, value in zip(QUARTERS[-len(values) :], values, strict=True)
        for measure, amount in (("care_beds_added_ytd", value), ("care_beds_added_plan", 1000))
    ]


def test_a_cumulative_flow_is_held_against_the_same_quarter_of_other_years() -> None:
    chance = random.Random(6)
    series = {
        code: [
            100.0 * (place % 4 + 1) + round(slope * (place // 4)) + chance.randint(-9, 9)
            for place in range(16)
        ]
        for code in COUNTIES
        for slope in (chance.uniform(-15, 15),)
    }
    source = model(added(series))
    found = trends.tested(source, [FULFILMENT], "2024Q4", [f"county/{code}" for code in COUNTIES])
    names = {"increasing": "rising", "decreasing": "falling", "no trend": "none"}
    for code, values in series.items():
        expected = pymannkendall.seasonal_test(np.array(values), period=4)
        told = found[f"county/{code}", FULFILMENT]
        assert told.seasonal
        assert (told.kind, told.score) == (names[expected.trend], expected.s)
        assert told.z == pytest.approx(expected.z, abs=1e-12)
    assert {told.kind for told in found.values()} == {"rising", "falling", "none"}


def test_two_years_of_a_cumulative_flow_can_not_tell_and_three_can() -> None:
    rising = [10.0, 20, 30, 40, 11, 21, 31, 41, 12, 22, 32, 42]
    one, other = COUNTIES[:2]
    source = model(added({one: rising[:8], other: rising}))
    assert of(source, one, FULFILMENT).kind == "untold"
    # 4 seasons × 3 pairs = 12; variance 4 × 3 × 2 × 11 / 18 = 14.67; 11 / √14.67 = 2.87
    told = of(source, other, FULFILMENT)
    assert (told.kind, told.score) == ("rising", 12)
    assert told.z == pytest.approx(11 / (44 / 3) ** 0.5)


def test_good_and_bad_follow_the_direction() -> None:
    rising = Trend("rising", False, 8, 28, 3.3)
    assert rising.judged(KNOWN.indicator(SHARE)) == "better"
    assert rising.judged(KNOWN.indicator("care_beds_to_convert")) == "worse"
    assert rising.judged(KNOWN.indicator(OCCUPANCY)) == "plain"
    assert rising.words(KNOWN.indicator("care_beds_to_convert"), "zh") == "上升（变差）"
    for kind in trends.KINDS:
        for lang in ("zh", "en"):
            for indicator in (SHARE, "care_beds_to_convert", OCCUPANCY):
                assert Trend(kind, False, 8, 0, 0).words(KNOWN.indicator(indicator), lang)


@pytest.mark.parametrize("most", [view.AT_ONCE, 0])
def test_a_reader_of_any_scope_is_told_of_each_group_what_it_alone_is_told(
    monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr(view, "AT_ONCE", most)  # few areas, and too many to be tested together
    kept.forget()
    source = model(
        beds({code: [(100 + n * q) % 997 for q in range(8)] for n, code in enumerate(COUNTIES)})
    )
    city = areas.load()[SHIXING].city_code
    for scope, county in ((areas.PILOT, None), (city, SHIXING)):
        chosen = scopes.Choices("2024Q4", scope, county, SHARE, "zh")
        found = view.trends_of(
            view.View(source, f"of {most}", chosen, KNOWN.dataset("care_beds")), SHARE
        )
        shown = [f"{chosen.level}/{scope}", *(f"county/{c}" for c in scopes.members(scope))]
        for group in [*shown, f"county/{SHIXING}"]:
            alone = trends.tested(source, [SHARE], "2024Q4", [group])
            assert found[group] == alone[group, SHARE]


# ------------------------------------------------------------------ similar counties


def test_similar_counties_are_those_that_numpy_finds() -> None:
    table = pd.DataFrame([vars(area) for area in areas.load().values()]).set_index("code")
    traits = pd.DataFrame(
        {
            "size": np.log(table["pop_2020"]),
            "60plus": table["population_60plus"] / table["pop_2020"],
            "rural": table["pop_rural_2020"] / table["pop_2020"],
            "townships": table["townships"],
        }
    )
    standardised = (traits - traits.mean()) / traits.std(ddof=0)
    source = model([])
    for code in ("440229", "441581", "441900", "440523"):
        apart = standardised - standardised.loc[code]
        other = (table["region"] != table.loc[code, "region"]).astype(float)
        distance = np.sqrt((apart**2).sum(axis=1) + other**2).drop(code)
        nearest = distance.sort_values().head(peers.COUNT)
        found = peers.of(source, code)
        assert [peer.area_code for peer in found] == list(nearest.index)
        assert [peer.distance for peer in found] == pytest.approx(list(nearest))
        first = found[0]
        assert first.apart["rural"] == pytest.approx(apart.loc[first.area_code, "rural"])
        assert first.population == table.loc[first.area_code, "pop_2020"]


def test_a_peer_tells_in_what_it_is_alike_and_in_what_it_differs_most() -> None:
    peer = peers.of(model([]), "440229")[0]
    assert set(peer.alike) <= set(peers.TRAITS)
    assert peer.furthest not in peer.alike or len(peer.alike) == len(peers.TRAITS)
    assert abs(peer.apart[peer.furthest]) == max(abs(value) for value in peer.apart.values())


def test_an_area_that_does_not_exist_has_no_peers() -> None:
    with pytest.raises(UnknownName, match="999999"):
        peers.of(model([]), "999999")
