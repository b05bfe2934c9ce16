"""Quarters: the one form they are kept in, and the many in which they are written."""

from __future__ import annotations

import pytest

from app import periods
from app.errors import BadPeriod


@pytest.mark.parametrize(
    ("written", "period"),
    [
        ("2023Q4", "2023Q4"),
        ("2023q4", "2023Q4"),
        (" 2023 Q4 ", "2023Q4"),
        ("２０２３Ｑ４", "2023Q4"),
        ("2023-Q4", "2023Q4"),
        ("2023年Q4", "2023Q4"),
        ("2023年第四季度", "2023Q4"),
        ("2023年四季度", "2023Q4"),
        ("2023年4季度", "2023Q4"),
        ("2023第4季度", "2023Q4"),
        ("2023年度第四季度", "2023Q4"),
        ("二〇二三年第四季度", "2023Q4"),
        ("2023年一季度", "2023Q1"),
        ("2023-12", "2023Q4"),
        ("2023.12", "2023Q4"),
        ("2023/03", "2023Q1"),
        (202312, "2023Q4"),
        (2023.12, "2023Q4"),
        ("2023年12月", "2023Q4"),
        ("2023年十二月份", "2023Q4"),
        ("2023年6月", "2023Q2"),
        ("2023-12-31", "2023Q4"),
        ("2023-12-31T00:00:00", "2023Q4"),
        ("2023/6/30", "2023Q2"),
        ("2023年12月31日", "2023Q4"),
        ("20231231", "2023Q4"),
        ("2023-12-01", "2023Q4"),  # what a spreadsheet makes of 2023-12
        ("2024-03-31", "2024Q1"),
        ("2023年1-12月", "2023Q4"),
        ("2023年1—9月", "2023Q3"),
        ("2023年1月至6月", "2023Q2"),
        ("2023年1~3月份", "2023Q1"),
        ("2023年上半年", "2023Q2"),
        ("2023年前三季度", "2023Q3"),
    ],
)
def test_the_many_ways_of_writing_a_quarter_mean_one(written: object, period: str) -> None:
    assert periods.interpret(written) == period


@pytest.mark.parametrize(
    "written",
    [
        "", None, "2023", "2023年", "2023年度", "2023年全年", "2023年下半年", "2023Q5", "23Q4",
        "Q4 2023", "1800Q1", "2200Q1", "٢٠٢٣Q٤", "20234季度", "2023.4", 2023.1, "2023-11",
        "2023年11月", "2023-13", "2023-12-15", "2023-12-30", "2023年10-12月", "2023年7—9月",
        "2023Q4、2024Q1", "四季度", "x" * 5000,
    ],
)  # fmt: skip
def test_what_may_mean_another_quarter_or_none_is_refused(written: object) -> None:
    with pytest.raises(BadPeriod):
        periods.interpret(written)


@pytest.mark.parametrize(
    ("title", "named"),
    [
        ("护理型床位季报（2023年四季度）", ["2023Q4"]),
        ("Care-type beds, quarterly report (Q4 2023)", ["2023Q4"]),
        ("2023年度护理型床位情况表（第四季度）", ["2023Q4"]),
        ("2023年1-9月孤儿保障情况", ["2023Q3"]),
        ("2023Q4_care_beds", ["2023Q4"]),
        ("2023年三季度和2023年四季度对照", ["2023Q3", "2023Q4"]),
        ("填报日期：2024年1月15日", []),
        ("粤民函〔2023〕143号", []),
        ("2023年12月", []),
        ("2023年统计表", []),
        ("电话：02083138888，传真 20231231", []),
    ],
)
def test_a_title_names_a_quarter_but_its_dates_are_none(title: str, named: list[str]) -> None:
    assert periods.named(title) == named


def test_a_month_in_a_title_counts_where_no_quarter_is_named() -> None:
    assert periods.named("2023年12月床位情况", months=True) == ["2023Q4"]
    assert periods.named("2023年11月床位情况", months=True) == []
    assert periods.named("2023年三季度（2023年12月制）", months=True) == ["2023Q3"]


@pytest.mark.parametrize(
    ("first", "last", "quarters"),
    [
        ("2024Q4", "2025Q4", 4),
        ("2023Q4", "2024Q1", 1),
        ("2024Q3", "2024Q3", 0),
        ("2025Q1", "2024Q2", -3),
    ],
)
def test_quarters_are_counted_between_two_periods(first: str, last: str, quarters: int) -> None:
    assert periods.between(first, last) == quarters
    assert periods.shift(first, quarters) == last
