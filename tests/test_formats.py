"""Numbers read as they should, in both languages."""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import formats


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (0.05, 1, "0.1"),
        (0.15, 1, "0.2"),
        (0.25, 1, "0.3"),
        (2.675, 2, "2.68"),
        (1.005, 2, "1.01"),
        (54.949999999999996, 1, "55.0"),  # 100 × 1099 / 2000
        (-0.05, 1, "−0.1"),
        (-0.04, 1, "0.0"),
        (0.5, 0, "1"),
        (2.5, 0, "3"),
        (1234567.5, 0, "1,234,568"),
        (999.95, 1, "1,000.0"),
        (0.0, 1, "0.0"),
        (1e20, 0, "100,000,000,000,000,000,000"),
    ],
)
def test_a_half_is_rounded_away_from_zero(value: float, decimals: int, text: str) -> None:
    assert formats.number(value, decimals) == text


@given(
    st.decimals(-(10**9), 10**9, allow_nan=False, places=4),
    st.integers(0, 3),
)
def test_rounding_a_float_is_rounding_the_decimal_it_stands_for(
    value: Decimal, decimals: int
) -> None:
    wanted = value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    assert formats.rounded(float(value), decimals) == wanted


@given(st.integers(0, 10**7), st.integers(1, 10**7))
def test_rounding_a_percentage_is_rounding_the_exact_fraction(part: int, whole: int) -> None:
    tenths = math.floor(Fraction(1000 * part, whole) + Fraction(1, 2))
    assert formats.rounded(100 * part / whole, 1) == Decimal(tenths) / 10


@given(st.floats(-1e12, 1e12), st.integers(0, 2))
def test_no_number_reads_minus_zero(value: float, decimals: int) -> None:
    text = formats.number(value, decimals)
    assert not text.startswith("−") or text.strip("−0.,")
    assert "-" not in text


def test_a_percentage_has_one_decimal_at_most() -> None:
    assert formats.value(54.96, "percent") == "55.0%"
    assert formats.value(54.96, "percent", decimals=2) == "55.0%"
    assert formats.value(54.96, "percent", decimals=0) == "55%"


def test_units_follow_the_habit_of_the_language() -> None:
    assert formats.value(1234.0, "beds", "zh") == "1,234张"
    assert formats.value(1234.0, "beds", "en") == "1,234 beds"
    assert formats.value(1234.0, "beds", "en", with_unit=False) == "1,234"
    assert formats.value(55.0, "percent", "en") == "55.0%"


def test_missing_zero_suppressed_and_not_applicable_are_four_marks() -> None:
    marks = {
        formats.value(0.0, "persons", with_unit=False),
        formats.value(None, "persons"),
        formats.value(math.nan, "persons", status="not_applicable"),
        formats.value(math.nan, "persons", status="suppressed"),
    }
    assert marks == {"0", "—", "不适用", "不公布"}
    assert formats.value(None, "persons", "en", "not_applicable") == "n.a."


def test_a_value_that_is_hidden_is_not_printed() -> None:
    assert formats.value(7.0, "persons", status="suppressed") == "不公布"


@pytest.mark.parametrize("nothing", [None, math.nan, math.inf])
def test_an_unknown_number_is_missing_never_zero(nothing: float | None) -> None:
    assert formats.value(nothing, "beds") == "—"
    assert formats.change(nothing, "beds") == "—"
    assert formats.signed(nothing, "beds") == "—"
    assert formats.in_text(nothing, "yuan") == "—"


def test_changes_of_percentages_are_in_points() -> None:
    assert formats.change(1.25, "percent") == "▲1.3个百分点"
    assert formats.change(-1.25, "percent", "en") == "▼1.3 points"
    assert formats.change(12.0, "beds") == "▲12张"


def test_a_change_that_rounds_to_zero_has_no_arrow() -> None:
    assert formats.change(0.04, "percent") == "持平"
    assert formats.change(-0.04, "percent", "en") == "no change"


def test_a_distance_has_its_sign() -> None:
    assert formats.signed(3.3, "percent") == "+3.3个百分点"
    assert formats.signed(-3.3, "percent") == "−3.3个百分点"
    assert formats.signed(0.0, "percent") == "0.0个百分点"


def test_large_amounts_in_text_are_in_ten_thousands() -> None:
    assert formats.in_text(9999.0, "yuan") == "9,999元"
    assert formats.in_text(123456.0, "yuan") == "12.3万元"
    assert formats.in_text(987654321.0, "yuan") == "9.9亿元"
    assert formats.in_text(1234567.0, "yuan", "en") == "1.2 million yuan"
    assert formats.in_text(123456.0, "persons") == "123,456人"


def test_amounts_in_tables_keep_every_yuan() -> None:
    assert formats.value(123456.0, "yuan", with_unit=False) == "123,456"


def test_a_day_is_read_from_the_number_that_is_stored() -> None:
    assert formats.date(20240305) == "2024年3月5日"
    assert formats.date(20240305, "en") == "2024-03-05"
