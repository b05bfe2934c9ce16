"""Two indicators beside each other, and stages that are parts of one another."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import pytest
from figure_rows import areas, caption, counties, indicator, text, words

from app import charts, findings
from app.catalogue import Indicator, Target
from app.charts.pair import ordered

Values = Sequence[float | str]
# of six counties: behind on both, on none, on both, without the first, without the second, on none
ONE: Values = [98, 100, 90, "missing", 97, "missing"]
OTHER: Values = [95, 100, 99, 80, "not_applicable", "missing"]
CODES = [area["code"] for area in areas()]


def two(target: float | None = 100, **shared: Any) -> list[Indicator]:
    """Two indicators of one unit with names of their own."""
    first, second = (indicator(name=name, target=target, **shared) for name in ("one", "other"))
    return [
        first.model_copy(update={"short": text("生活", "living")}),
        second.model_copy(update={"short": text("护理", "nursing")}),
    ]


def frames(one: Values, other: Values, **shared: Any) -> dict[str, pd.DataFrame]:
    shared = {"target": 100} | shared
    return {"one": counties(one, **shared), "other": counties(other, **shared)}


def pair(one: Values = ONE, other: Values = OTHER, **changed: Any) -> Any:
    return charts.pair(frames(one, other), two(), caption(**changed))


def trace(figure: Any, name: str) -> Any:
    return next(t for t in figure.data if t.name == name)


def said(figure: Any) -> str:
    return words(figure).replace("<br>", "").replace("</b><b>", "")


def finding(one: Values, other: Values, known: list[Indicator] | None = None) -> str:
    known = known or two()
    return findings.of_pair(ordered(frames(one, other), known), known, "zh")


# ------------------------------------------------------------------ pairs


def test_whoever_is_behind_comes_first_and_those_without_both_values_last() -> None:
    # the lower of the two: 90, 95 and 100; then 80 alone, 97 alone, nothing at all
    codes = [row[0] for t in pair().data if t.name == "rows" for row in t.customdata]
    assert codes == [CODES[i] for i in (2, 0, 1, 3, 4, 5)]


def test_each_county_has_two_marks_of_their_own_symbol_joined_by_a_line() -> None:
    figure = pair()
    one, other = trace(figure, "生活"), trace(figure, "护理")
    assert list(one.x) == [90, 98, 100, None, 97, None]
    assert list(other.x) == [99, 95, 100, 80, None, None]
    assert one.marker.symbol != other.marker.symbol
    assert one.marker.color != other.marker.color
    joins = trace(figure, "joins")
    assert list(joins.x) == [90, 99, None, 98, 95, None, 100, 100, None]
    assert list(joins.y) == [0, 0, None, 1, 1, None, 2, 2, None]


def test_a_mark_at_the_edge_of_the_plot_covers_no_name() -> None:
    figure = pair([0, 50], [0, 60])
    assert figure.layout.xaxis.range[0] == 0  # the marks of the first are on the edge
    widest = max(trace(figure, name).marker.size for name in ("生活", "护理"))
    assert figure.layout.yaxis.ticklabelstandoff > widest / 2
    assert figure.layout.margin.l >= 40 + figure.layout.yaxis.ticklabelstandoff


def test_both_values_can_be_read_and_what_is_missing_has_its_mark() -> None:
    texts = next(t.text for t in pair().data if t.mode == "text")
    assert [tuple(re.split(r"[\s\u2007]+", x.strip("\u2007 "))) for x in texts] == [
        ("90.0", "99.0"),
        ("98.0", "95.0"),
        ("100.0", "100.0"),
        ("—", "80.0"),
        ("97.0", "不适用"),
        ("—", "—"),
    ]


def test_a_pair_says_its_order_its_target_and_who_is_incomplete() -> None:
    figure = pair()
    for part in ("● 生活", "◆ 护理", "目标 100%（2025年）", "较低的从低到高", "— 两项不全 3个"):
        assert part in said(figure)
    assert [(s.x0, s.line.dash) for s in figure.layout.shapes] == [(100, "dash")]
    low, high = figure.layout.xaxis.range
    assert low < 80 and high > 100


def test_different_targets_are_two_lines_each_with_its_sign() -> None:
    one, other = two()
    other = other.model_copy(update={"target": Target(value=95, year="each", source=text("规划"))})
    figure = charts.pair(frames(ONE, OTHER), [one, other], caption())
    assert [s.x0 for s in figure.layout.shapes] == [100, 95]
    assert "● 目标 100%（2025年）" in said(figure)
    assert "◆ 目标 95%" in said(figure)


def test_where_lower_is_better_the_highest_comes_first() -> None:
    wide = ordered(frames([5, 30, 20], [10, 1, 25]), two(target=None, direction="lower"))
    assert list(wide["area_code"]) == [CODES[i] for i in (1, 2, 0)]  # 30, 25, 10


def test_without_a_direction_the_furthest_apart_come_first() -> None:
    known = two(target=None, direction="none")
    wide = ordered(frames([5, 30, 20], [10, 1, 25]), known)
    assert list(wide["difference"]) == [29, 5, 5]
    assert list(wide["area_code"]) == [CODES[i] for i in (1, 0, 2)]
    assert finding([5, 30, 20], [10, 1, 25], known) == (
        f"生活、护理：{areas()[1]['name']}相差最大（29.0个百分点）"
    )


def test_the_finding_counts_who_is_behind_on_both_and_on_one() -> None:
    assert finding(ONE, OTHER) == "生活、护理：3个县中2个两项都未到目标"
    assert finding([98, 100, 90], [95, 99, 99]) == (
        "生活、护理：3个县中2个两项都未到目标，1个有一项未到"
    )
    assert finding([100, 100], [100, 99]) == (
        "生活、护理：2个县中1个有一项未到目标，没有县两项都未到"
    )
    assert finding([100, 100], [100, 100]) == "生活、护理：2个县两项都达到目标"


def test_a_single_county_and_no_data_are_told_as_such() -> None:
    assert finding([98], [95]) == f"{areas()[0]['name']}：生活98.0%、护理95.0%"
    assert finding(["missing"], [95]) == "生活、护理：本期没有数据"
    assert finding([5, 6], [5, 6], two(target=None)) == "生活、护理：各县两项相等"
    assert len(trace(pair([98], [95]), "生活").x) == 1
    empty = {name: frame.head(0) for name, frame in frames([1], [1]).items()}
    assert charts.pair(empty, two(), caption()).layout.height > 0


def test_the_selected_county_of_a_pair_is_outlined_and_bold() -> None:
    figure = charts.pair(frames([98, 90], [95, 99]), two(), caption(), selected=CODES[0])
    assert list(trace(figure, "生活").marker.line.width) == [0, 2]  # the other is further behind
    assert [name.startswith("<b>") for name in figure.layout.yaxis.ticktext] == [False, True]


def test_only_a_row_with_both_values_tells_their_difference() -> None:
    both, rest = [t for t in pair().data if t.name == "rows"]
    assert "相差" in both.hovertemplate and "相差" not in rest.hovertemplate
    assert list(both.customdata[0])[3:] == ["90.0%", "99.0%", "9.0个百分点"]


# ------------------------------------------------------------------ funnels


def stages(values: dict[str, Sequence[float]], reporting: tuple[int, int] = (2, 2)) -> pd.DataFrame:
    """A row a group and stage, of alerts raised, handled and handled on time."""
    return pd.DataFrame(
        [
            {
                "group_code": group,
                "group_name": group,
                "stage": stage,
                "stage_label": label,
                "value": value,
                "areas_reporting": reporting[0],
                "areas_expected": reporting[1],
            }
            for group, list_ in values.items()
            for (stage, label), value in zip(
                (("raised", "发出预警"), ("handled", "已处置"), ("in_time", "按时处置")),
                list_,
                strict=True,
            )
        ]
    )


ALERTS = {"试点县": [1200.0, 900.0, 600.0], "粤东": [200.0, 190.0, 50.0]}


def shown(figure: Any) -> list[list[str]]:
    """The number and share at the end of each bar, group by group."""
    return [re.split(r"[\s\u2007]+", told.strip("\u2007 ")) for told in figure.data[-1].text]


def test_each_stage_has_its_number_and_its_share_of_the_first() -> None:
    figure = charts.funnel(stages(ALERTS), "persons", caption())
    assert shown(figure) == [
        ["1,200"],
        ["900", "75.0%"],
        ["600", "50.0%"],
        ["200"],
        ["190", "95.0%"],
        ["50", "25.0%"],
    ]
    lengths = [list(trace(figure, name).x) for name in ("发出预警", "已处置", "按时处置")]
    assert lengths == [[100, 100], [75, 95], [50, 25]]


def test_the_stages_of_a_group_lie_below_its_name_in_their_order() -> None:
    figure = charts.funnel(stages(ALERTS), "persons", caption())
    names = [a for a in figure.layout.annotations if a.yref is None]
    assert [re.sub("<.*?>", "", a.text)[:3].strip() for a in names] == ["试点县", "粤东"]
    places = [trace(figure, name).y for name in ("发出预警", "已处置", "按时处置")]
    for group, name in enumerate(names):
        assert name.y < places[0][group] < places[1][group] < places[2][group]
    assert places[2][0] < names[1].y
    assert list(figure.layout.yaxis.ticktext) == ["发出预警", "已处置", "按时处置"] * 2


def test_a_group_without_numbers_has_marks_and_no_bars() -> None:
    figure = charts.funnel(
        stages({"试点县": ALERTS["试点县"], "粤西": [np.nan] * 3}), "persons", caption()
    )
    assert shown(figure)[3:] == [["—"], ["—"], ["—"]]
    assert trace(figure, "已处置").x[1] is None


def test_of_nothing_there_is_no_share() -> None:
    figure = charts.funnel(stages({"翁源县": [0.0, 0.0, 0.0]}), "persons", caption())
    assert shown(figure) == [["0"], ["0", "不适用"], ["0", "不适用"]]
    assert list(trace(figure, "已处置").x) == [None]


def test_a_funnel_says_how_many_counties_are_in_it() -> None:
    partial = said(charts.funnel(stages(ALERTS, (43, 45)), "persons", caption()))
    assert "45个中43个" in partial
    assert "各环节都不计入" in partial
    alone = said(charts.funnel(stages({"翁源县": [4.0, 2.0, 1.0]}, (1, 1)), "persons", caption()))
    assert "1个中" not in alone
    assert "各环节都不计入" not in alone


def test_the_finding_of_a_funnel_is_the_share_that_reached_each_stage() -> None:
    own = stages({"试点县": ALERTS["试点县"]})
    assert findings.of_stages(own, "试点县", "persons", "zh") == (
        "试点县：发出预警1,200人，其中已处置75.0%、按时处置50.0%"
    )
    nothing = stages({"试点县": [0.0, 0.0, 0.0]})
    assert findings.of_stages(nothing, "试点县", "persons", "zh") == "试点县：发出预警0人"
    missing = stages({"试点县": [np.nan] * 3})
    assert findings.of_stages(missing, "试点县", "persons", "zh").endswith("本期没有数据")


# ------------------------------------------------------------------ both


@pytest.mark.parametrize("sample", [True, False])
def test_both_hold_title_subtitle_source_and_the_sample_mark_where_it_is(sample: bool) -> None:
    told = caption(sample=sample)
    for figure in (
        charts.pair(frames(ONE, OTHER), two(), told),
        charts.funnel(stages(ALERTS), "persons", told),
    ):
        for part in (told.title, told.subtitle, told.footer):
            assert part in said(figure)
        assert ("样例数据，不是统计数据" in said(figure)) == sample
        assert any(a.text == "样例数据" for a in figure.layout.annotations) == sample


def test_a_pair_of_the_pilot_counties_stays_small() -> None:
    values = [50.0 + i for i in range(45)]
    assert len(pair(values, values[::-1]).to_json()) < 16_000
