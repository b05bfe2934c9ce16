"""Numbers below zero in tables."""

from __future__ import annotations

import pandas as pd
import pytest
from pandas.io.formats.style import Styler

from app import negatives
from app.negatives import MOST, Form

TABLE = pd.DataFrame({"名": ["甲", "乙", "丙", "丁"], "数": [-1234.5, 0.0, 0.04, float("nan")]})


def test_a_number_below_zero_has_a_true_minus_and_stays_a_number() -> None:
    style, written = negatives.shown(TABLE, {"数": Form(1)}, "zh")
    assert isinstance(style, Styler)
    cells = [row[2]["display_value"] for row in style._translate(False, False)["body"]]
    assert cells == ["−1,234.5", "0.0", "0.0", "—"]
    assert style.data["数"].dtype == "float64"
    assert written == {"数": None}  # a format would have the browser write it again


def test_amounts_that_go_up_bear_a_plus_but_not_those_that_print_as_nothing() -> None:
    style, _ = negatives.shown(TABLE.assign(数=[1.25, -0.04, 0.0, 3]), {"数": Form(1, True)}, "en")
    assert isinstance(style, Styler)
    cells = [row[2]["display_value"] for row in style._translate(False, False)["body"]]
    assert cells == ["+1.3", "0.0", "0.0", "+3.0"]


@pytest.mark.parametrize("table", [TABLE[1:], pd.concat([TABLE] * MOST)])
def test_without_a_sign_and_in_a_long_table_the_browser_writes_the_numbers(
    table: pd.DataFrame,
) -> None:
    found, written = negatives.shown(table, {"数": Form(1)}, "zh")
    assert found is table
    assert written == {"数": "%.1f"}
