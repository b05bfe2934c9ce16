"""Charts say what they show, and show neither more nor less than the rows hold."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import pytest
from figure_rows import areas, caption, counties, indicator, quarters, words

from app import charts, lettering, palette


def bars(figure: Any) -> Any:
    return figure.data[0]


def line(figure: Any, name: str) -> Any:
    return next(trace for trace in figure.data if trace.name == name)


def test_every_figure_holds_title_subtitle_source_and_sample_mark() -> None:
    share = indicator()
    rows = counties([60, 40, "missing"])
    figures = [
        charts.ranking(rows, share, caption()),
        charts.trend(quarters({"粤北": [50, 51]}), share, caption()),
        charts.gap_bars({share.id: rows}, [share], caption()),
        charts.stacked_bars(parts(), "persons", caption()),
    ]
    for figure in figures:
        said = words(figure).replace("<br>", "").replace("</b><b>", "")
        assert caption().title in said
        assert caption().subtitle in said
        assert caption().footer in said
        assert "样例数据，不是统计数据" in said
        assert any(a.text == "样例数据" for a in figure.layout.annotations)


def test_real_data_carry_no_sample_mark() -> None:
    figure = charts.ranking(counties([60, 40]), indicator(), caption(sample=False))
    assert "样例" not in words(figure)


def test_a_long_ranking_carries_the_sample_mark_more_than_once() -> None:
    figure = charts.ranking(counties([50.0] * 124), indicator(), caption())
    assert sum(a.text == "样例数据" for a in figure.layout.annotations) >= 4


def test_the_ranking_shows_every_county_once() -> None:
    values: list[float | str] = [float(i % 90) for i in range(120)]
    rows = counties([*values, "missing", "missing", "not_applicable", "suppressed"])
    figure = charts.ranking(rows, indicator(), caption())
    codes = [row[0] for trace in figure.data[2:] for row in trace.customdata]
    assert sorted(codes) == sorted(a["code"] for a in areas())
    assert len(figure.layout.yaxis.ticktext) == 124


def test_the_ranking_runs_from_the_first_rank_to_the_counties_without_a_value() -> None:
    rows = counties([40, "missing", 60, "not_applicable", 0, 53])
    figure = charts.ranking(rows, indicator(), caption())
    assert [float(x) if x is not None else None for x in bars(figure).x] == [
        60,
        53,
        40,
        0,
        None,
        None,
    ]
    assert list(figure.data[1].text) == [
        " 60.0% ✓",
        " 53.0% ◐",
        " 40.0% ✗",
        " 0.0% ✗",
        " 不适用",
        " —",
    ]


def test_a_missing_county_is_never_drawn_as_zero() -> None:
    figure = charts.ranking(counties([0, "missing"]), indicator(), caption())
    assert list(bars(figure).x) == [0, None]
    assert [t.strip() for t in figure.data[1].text] == ["0.0% ✗", "—"]


def test_a_row_without_a_bar_can_be_clicked_too() -> None:
    figure = charts.ranking(counties([80, 0, "missing"]), indicator(), caption())
    lengths = [x for trace in figure.data[2:] for x in trace.x]
    assert lengths == [80, 80, 80]


def test_the_key_counts_each_target_status_and_those_who_have_not_reported() -> None:
    rows = counties([60, 56, 51, 30, "missing", "not_applicable"])
    said = words(charts.ranking(rows, indicator(), caption()))
    for part in ("✓达标 2个", "◐接近 1个", "✗未达标 1个", "— 未报 1个", "不适用 1个"):
        assert part in said
    assert "目标 55%（2025年）" in said


def test_an_indicator_without_direction_has_neither_verdict_nor_rank() -> None:
    rows = counties([6, 4], target=None)
    count = indicator("persons", "none", None)
    figure = charts.ranking(rows, count, caption())
    assert bars(figure).marker.color == palette.GREY
    assert [t.strip() for t in figure.data[1].text] == ["6", "4"]
    assert "位" not in figure.data[2].hovertemplate
    assert not figure.layout.shapes


def test_the_ranking_writes_the_decimals_of_its_indicator_at_the_bars_as_on_hover() -> None:
    rare = indicator("persons_per_1000", "none", None).model_copy(update={"decimals": 2})
    figure = charts.ranking(counties([0.123, 0.118], target=None), rare, caption())
    assert [text.strip() for text in figure.data[1].text] == ["0.12", "0.12"]
    assert all("0.12" in row[3] for row in figure.data[2].customdata)


def test_a_target_that_is_not_due_gives_no_verdict() -> None:
    figure = charts.ranking(counties([60, 40], verdict=False), indicator(), caption())
    assert bars(figure).marker.color == palette.GREY
    assert "○未到期 2个" in words(figure)


def test_the_selected_county_is_outlined_and_bold() -> None:
    rows = counties([60, 40])
    figure = charts.ranking(rows, indicator(), caption(), selected=rows["area_code"][1])
    assert list(bars(figure).marker.line.width) == [0, 2]
    assert figure.layout.yaxis.ticktext[1].startswith("<b>")


def test_an_empty_frame_gives_an_empty_figure() -> None:
    empty = counties([1.0]).head(0)
    assert charts.ranking(empty, indicator(), caption()).layout.height > 0
    assert charts.gap_bars({"care_bed_share": empty}, [indicator()], caption())
    assert "没有数据" in words(charts.trend(quarters({"粤北": [None]}), indicator(), caption()))


def test_a_line_breaks_where_a_quarter_is_missing() -> None:
    figure = charts.trend(quarters({"粤北": [50, None, 52]}), indicator(), caption())
    assert list(line(figure, "粤北").y) == [50, None, 52]
    assert line(figure, "粤北").connectgaps is False


def test_no_line_runs_from_sample_to_real_data() -> None:
    rows = quarters({"粤北": [50, 51, 52, 53]}, real_from="2023Q3")
    trace = line(charts.trend(rows, indicator(), caption()), "粤北")
    assert list(trace.y) == [50, 51, None, 52, 53]
    assert list(trace.x) == ["2023Q1", "2023Q2", "2023Q3", "2023Q3", "2023Q4"]


def test_the_border_of_sample_and_real_data_is_drawn() -> None:
    rows = quarters({"粤北": [50, 51, 52, 53]}, real_from="2023Q3")
    figure = charts.trend(rows, indicator(target=None), caption())
    assert [(s.x0, s.x1) for s in figure.layout.shapes] == [(1.5, 1.5)]
    assert "← 样例数据" in words(figure)


def test_a_gap_before_real_data_does_not_join_them_to_sample_data() -> None:
    rows = quarters({"粤北": [50, None, 52]}, real_from="2023Q3")
    assert None in list(line(charts.trend(rows, indicator(), caption()), "粤北").y)


def test_a_point_that_covers_only_some_areas_is_hollow() -> None:
    rows = quarters({"粤北": [50, 51]})
    rows.loc[1, "areas_reporting"] = 38
    figure = charts.trend(rows, indicator(), caption())
    full, hollow = line(figure, "粤北").marker.symbol
    assert hollow == full + 100
    assert list(line(figure, "粤北").text) == ["40/40", "38/40"]
    assert "空心点" in words(figure)


def test_lines_differ_in_more_than_colour() -> None:
    groups = ["粤东", "粤西", "粤北", "珠三角", "440000", "pilot"]
    rows = quarters({group: [50.0 + i, 51.0 + i] for i, group in enumerate(groups)})
    figure = charts.trend(rows, indicator(), caption(), scope="pilot")
    looks = {(t.line.dash, t.line.width, t.marker.symbol) for t in figure.data}
    assert len(looks) == len(groups)
    province = line(figure, "广东省").line
    assert (province.color, province.dash) == ("#000000", "dash")
    assert line(figure, "试点县").line.width > line(figure, "粤北").line.width


def test_a_region_keeps_its_colour_whatever_else_is_drawn() -> None:
    alone = charts.trend(quarters({"粤北": [50]}), indicator(), caption())
    among = charts.trend(
        quarters({"粤东": [1], "440000": [2], "粤北": [50]}), indicator(), caption()
    )
    assert line(alone, "粤北").line.color == line(among, "粤北").line.color


def test_names_at_the_ends_of_lines_do_not_overlap() -> None:
    groups = {g: [50.0, 50 + i / 50] for i, g in enumerate(["粤东", "粤西", "粤北", "珠三角"])}
    figure = charts.trend(quarters(groups), indicator(target=None), caption())
    low, high = figure.layout.yaxis.range
    ends = [a for a in figure.layout.annotations if a.xref == "paper" and a.x == 1]
    middles = sorted((a.y - low) / (high - low) * charts.TREND_HEIGHT + a.yshift for a in ends)
    assert len(ends) == 4
    assert all(b - a > 2 * lettering.SMALL * lettering.LEADING for a, b in pairwise(middles))


def test_the_target_is_a_named_line() -> None:
    figure = charts.trend(quarters({"粤北": [50, 51]}), indicator(), caption())
    assert [s.y0 for s in figure.layout.shapes] == [55]
    assert "目标 55%（2025年）" in words(figure)
    low, high = figure.layout.yaxis.range
    assert low < 50 and high > 55


def test_a_county_that_only_reads_like_the_target_is_named_in_the_key() -> None:
    rows = counties([100, 99.97, 98])
    rows["target_status"] = ["met", "not_due", "not_due"]
    figure = charts.ranking(rows, indicator(target=100), caption())
    name = rows["area_name"].iloc[1]
    assert f"{name}的100.0%是四舍五入，还没有到" in words(figure)
    rows.loc[1, "value"] = 99.9
    assert "四舍五入" not in words(charts.ranking(rows, indicator(target=100), caption()))


@pytest.mark.parametrize(
    ("values", "side", "anchor"),
    [
        ([50, 51, 52, 53, 54, 54], "left", "bottom"),  # all below: above the line as usual
        ([55.2, 55.2, 55.2, 56, 56, 60], "left", "top"),
        ([54.5, 55.5, 54.5, 51, 48, 45], "right", "bottom"),
    ],
)
def test_the_name_of_the_target_keeps_clear_of_the_lines(
    values: list[float], side: str, anchor: str
) -> None:
    figure = charts.trend(quarters({"粤北": values}), indicator(), caption())
    named = next(a for a in figure.layout.annotations if "目标" in a.text)
    assert (named.xanchor, named.yanchor) == (side, anchor)
    assert named.x == (0 if side == "left" else 1)


def test_quarters_are_written_in_words() -> None:
    figure = charts.trend(quarters({"粤北": [50.0] * 8}), indicator(), caption())
    assert figure.layout.xaxis.ticktext[-1] == "2024年<br>四季度"
    english = charts.trend(quarters({"粤北": [50.0] * 8}), indicator(), caption(lang="en"))
    assert english.layout.xaxis.ticktext[-1].replace("<br>", " ") == "Q4 2024"


def test_gaps_run_from_the_largest_and_name_the_unknown() -> None:
    need = indicator("beds", "lower", 0)
    rows = counties([12, 0, 300, "missing", 40], target=0)
    figure = charts.gap_bars({need.id: rows}, [need], caption(), limit=2)
    assert list(bars(figure).x) == [300, 40]
    said = words(figure).replace("<br>", "")
    assert "缺口为0：1个" in said
    assert "另有 1个有缺口" in said
    assert f"缺口未知（1个）：{areas()[3]['name']}" in said


def parts() -> pd.DataFrame:
    cells = [("粤东", "a", 5.0), ("粤东", "b", 3.0), ("粤西", "a", 4.0), ("粤西", "b", np.nan)]
    return pd.DataFrame(
        [
            {
                "group_code": group,
                "group_name": group,
                "part": part,
                "part_label": {"a": "集中", "b": "散居"}[part],
                "value": value,
                "status": "missing" if np.isnan(value) else "observed",
            }
            for group, part, value in cells
        ]
    )


def test_a_missing_part_is_named_and_not_counted_as_zero() -> None:
    figure = charts.stacked_bars(parts(), "persons", caption())
    assert [list(trace.x) for trace in figure.data[:2]] == [[5, 4], [3, None]]
    assert list(figure.data[2].text) == [" <b>8</b>", " <b>4+—</b>"]
    assert "粤西散居 —" in words(figure)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_figure_of_the_pilot_counties_stays_small(lang: str) -> None:
    rows = counties([20.0 + i for i in range(45)], lang=lang)
    ranked = charts.ranking(rows, indicator(), caption(lang=lang))
    groups = ["粤东", "粤西", "粤北", "珠三角", "440000", "pilot"]
    lines = charts.trend(
        quarters({g: [50.0 + i] * 8 for i, g in enumerate(groups)}), indicator(), caption(lang=lang)
    )
    assert len(ranked.to_json()) < 16_000
    assert len(lines.to_json()) < 12_000


def test_names_with_markup_are_shown_as_they_are() -> None:
    odd = charts.Caption("<b>甲</b>", "少于<10", "来源")
    figure = charts.ranking(counties([60]), indicator(), odd)
    assert "&lt;b&gt;甲&lt;/b&gt;" in words(figure)
    assert "少于&lt;10" in words(figure)


def test_lines_of_text_fit_the_room() -> None:
    title = "粤北护理型床位占比比上季度提高1.2个百分点，全省十二个县达到百分之五十五的目标"
    lines = lettering.wrap(title, 344, 16, even=True)
    assert "".join(lines) == title
    assert all(lettering.text_width(x, 16) <= 344 for x in lines)
    assert not any(x[0] in "，。%" for x in lines)


def test_english_breaks_between_words() -> None:
    lines = lettering.wrap("The care-type share of beds in Northern Guangdong", 150, 12)
    assert " ".join(lines) == "The care-type share of beds in Northern Guangdong"
    assert len(lines) > 1
