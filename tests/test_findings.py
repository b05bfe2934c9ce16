"""The findings that figures carry in their titles."""

from __future__ import annotations

import pandas as pd
import pytest
from forms import KNOWN

from app import findings
from app.areas import Level


def counties(*values: float, statuses: list[str] | None = None) -> pd.DataFrame:
    """Counties 甲, 乙 and so on with these values, and what their targets make of them."""
    return pd.DataFrame(
        {
            "area_name": list("甲乙丙丁戊")[: len(values)],
            "value": list(values),
            "status": "observed",
            "target_status": statuses or "none",
        }
    )


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ((41.0, 52.5, 60.0), "：丙最高（60.0%），甲最低（41.0%）"),
        ((41.0, 60.0, 60.0), "：2个县最高（60.0%），甲最低（41.0%）"),
        ((41.0, 41.04, 60.0), "：丙最高（60.0%），2个县最低（41.0%）"),
        ((41.0, 41.04), "：各地均为41.0%"),
    ],
)
def test_counties_that_read_the_same_share_the_first_and_the_last_place(
    values: tuple[float, ...], said: str
) -> None:
    occupancy = KNOWN.indicator("bed_occupancy")
    told = findings.of_counties(counties(*values), occupancy, "zh")
    assert told == occupancy.label("zh") + said


def test_first_and_last_are_told_of_those_published_where_some_are_withheld() -> None:
    occupancy = KNOWN.indicator("bed_occupancy")
    rows = counties(41.0, 52.5, 60.0)
    rows.loc[0, "status"] = "suppressed"
    told = findings.of_counties(rows, occupancy, "zh")
    assert told.endswith("丙最高（60.0%），乙最低（52.5%）（在公布的2个中）")
    rows["status"] = "suppressed"
    assert findings.of_counties(rows, occupancy, "zh").endswith("：本期不公布")


@pytest.mark.parametrize(
    ("values", "statuses", "said"),
    [
        ((60.0, 50.0, 40.0), ["met", "missed", "missed"], "3个县中1个护理型床位占比达到55%"),
        ((60.0, 56.0), ["met", "met"], "2个县护理型床位占比都达到55%"),
        ((50.0, 40.0), ["missed", "not_due"], "2个县护理型床位占比都没有达到55%"),
    ],
)
def test_all_and_none_of_the_counties_at_the_target_are_told_as_such(
    values: tuple[float, ...], statuses: list[str], said: str
) -> None:
    share = KNOWN.indicator("care_bed_share")
    assert findings.of_counties(counties(*values, statuses=statuses), share, "zh") == said


@pytest.mark.parametrize(("level", "named"), [("city", "个市"), ("township", "个乡镇（街道）")])
def test_other_levels_tell_of_all_some_and_none_too(level: Level, named: str) -> None:
    share = KNOWN.indicator("care_bed_share")
    for statuses in (["met", "met"], ["met", "missed"], ["missed", "missed"]):
        rows = counties(60.0, 50.0, statuses=statuses)
        assert named in findings.of_counties(rows, share, "zh", level=level)
        assert "55%" in findings.of_counties(rows, share, "en", level=level)


@pytest.mark.parametrize(
    ("before", "said"),
    [
        (47.7, "试点县护理型床位占比为48.7%，比上季度提高1.0个百分点"),
        # two counties with few such beds have not reported: the line rises by more
        (47.2, "试点县护理型床位占比为48.7%，同口径比上季度提高1.0个百分点"),
        (None, "试点县护理型床位占比为48.7%，比上季度提高1.0个百分点"),
    ],
)
def test_a_change_like_for_like_says_so_where_the_figures_drawn_move_otherwise(
    before: float | None, said: str
) -> None:
    row = {"value": 48.7, "change_previous": 1.0}
    share = KNOWN.indicator("care_bed_share")
    assert findings.of_change(row, share, "试点县", "zh", before) == said


def test_what_did_not_move_like_for_like_says_so_where_its_line_falls() -> None:
    row = {"value": 72.1, "change_previous": 0.0}
    share = KNOWN.indicator("care_bed_share")
    told = findings.of_change(row, share, "试点县", "zh", 73.3)
    assert told.endswith("为72.1%，同口径与上季度持平")


@pytest.mark.parametrize(
    ("name", "change", "said"),
    [
        ("care_bed_share", -1.0, "下降1.0个百分点"),
        ("bed_occupancy", 1.0, "上升1.0个百分点"),  # neither good nor bad
        ("orgs_paired_count", 37.0, "增加37个"),
        ("orgs_paired_count", -37.0, "减少37个"),
    ],
)
def test_counts_grow_and_shrink_where_shares_rise_and_fall(
    name: str, change: float, said: str
) -> None:
    row = {"value": 904.0, "change_previous": change}
    assert findings.of_change(row, KNOWN.indicator(name), "试点县", "zh").endswith(said)


PARTS = {"children": "儿童", "adults": "成人", "aged": "老人"}


def parts(*values: float | None) -> str:
    """What is said of children, adults and aged with these numbers."""
    rows = pd.DataFrame(
        {"measure_id": list(PARTS)[: len(values)], "value": values, "status": "reported"}
    ).astype({"value": float})
    rows.loc[rows["value"].isna(), "status"] = "missing"
    return findings.of_parts("广东省", PARTS, rows, "persons", "zh")


def test_of_more_than_two_parts_the_sum_is_told_and_the_largest() -> None:
    assert parts(120, 1500, 30) == "广东省：合计1,650人，最多的是成人（1,500人）"


def test_each_part_is_told_where_they_are_two_or_one_is_not_known_or_none_is_the_largest() -> None:
    assert parts(120, 1500) == "广东省：儿童120人、成人1,500人"
    assert parts(120, None, 30) == "广东省：儿童120人、成人—、老人30人"
    assert parts(30, 30, 20) == "广东省：儿童30人、成人30人、老人20人"
