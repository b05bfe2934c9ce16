"""The map shows every county once, in the class its printed value belongs to."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pandas as pd
import pytest
from figure_rows import areas, caption, counties, indicator, words
from hypothesis import given
from hypothesis import strategies as st

from app import map_classes, maps, palette


def shown(figure: Any) -> list[Any]:
    """Traces with an entry in the legend."""
    return [trace for trace in figure.data if trace.showlegend]


def test_no_county_is_left_out_or_drawn_twice() -> None:
    values: list[float | str] = [float(i % 90) for i in range(121)]
    rows = counties([*values, "missing", "not_applicable", "suppressed"])
    figure = maps.county_map(rows, indicator(), caption())
    codes = [code for trace in shown(figure) for code in trace.locations]
    assert sorted(codes) == sorted(a["code"] for a in areas())


def test_geometry_comes_by_url() -> None:
    figure = maps.county_map(counties([60, "missing"]), indicator(), caption())
    assert {trace.geojson for trace in figure.data} == {maps.COUNTIES_URL, maps.STRIPES_URL}
    assert all(trace.locationmode == "geojson-id" for trace in figure.data)


def test_the_legend_counts_the_counties_of_each_class() -> None:
    rows = counties([60, 56, 51, 30, "missing", "not_applicable"])
    figure = maps.county_map(rows, indicator(), caption())
    assert [trace.name for trace in shown(figure)] == [
        "✓ 达标（2）",
        "◐ 接近（1）",
        "✗ 未达标（1）",
        "不适用（1）",
        "▨ 未报（1）",
    ]


def test_a_missing_county_is_striped_and_has_no_level() -> None:
    rows = counties([0, "missing"], target=None)
    figure = maps.county_map(rows, indicator(direction="none", target=None), caption())
    striped = [t for t in figure.data if t.geojson == maps.STRIPES_URL]
    assert [list(t.locations) for t in striped] == [[rows["area_code"][1]]]
    zero = next(t for t in shown(figure) if rows["area_code"][0] in t.locations)
    assert list(zero.locations) == [rows["area_code"][0]]
    assert zero.name == "0.0%（1）"


def test_a_suppressed_county_is_dotted_and_has_no_level() -> None:
    rows = counties([0, "suppressed"], target=None)
    figure = maps.county_map(rows, indicator(direction="none", target=None), caption())
    dotted = [t for t in figure.data if t.geojson == maps.DOTS_URL]
    assert [list(t.locations) for t in dotted] == [[rows["area_code"][1]]]


def test_a_click_gives_the_code_of_the_county() -> None:
    figure = maps.county_map(counties([60, 40, "missing"]), indicator(), caption())
    for trace in shown(figure):
        assert [row[0] for row in trace.customdata] == list(trace.locations)


def test_counties_outside_the_scope_are_silent() -> None:
    rows = counties([60, 40])
    every = [a["code"] for a in areas()]
    figure = maps.county_map(rows, indicator(), caption(), outside=every)
    outside = figure.data[0]
    assert len(outside.locations) == 122
    assert outside.hoverinfo == "skip" and not outside.showlegend


def test_the_selected_county_has_its_own_outline() -> None:
    rows = counties([60, 40])
    figure = maps.county_map(rows, indicator(), caption(), selected=rows["area_code"][1])
    outline = figure.data[-1]
    assert list(outline.locations) == [rows["area_code"][1]]
    assert outline.marker.line.color == palette.SELECTED and outline.marker.line.width >= 2
    assert outline.hoverinfo == "skip"


def test_before_its_year_a_target_divides_levels_instead_of_giving_verdicts() -> None:
    values = [float(v) for v in range(20, 90)]
    entries = maps.map_classes(counties(values, verdict=False), indicator())
    assert not any(entry.word for entry in entries)
    assert any(entry.label.startswith("55.0") for entry in entries)


def test_an_indicator_without_direction_has_no_verdict_on_the_map() -> None:
    rows = counties([float(v) for v in range(40)], target=None)
    entries = maps.map_classes(rows, indicator("persons", "none", None))
    colours = {palette.STATUSES[s].fill for s in ("met", "near", "missed")}
    assert not colours & {entry.colour for entry in entries}


@pytest.mark.parametrize(
    "values, target, starts",
    [
        # fifths at 34, 48, 62 and 76, in steps of 5: a fifth of a fifth of the span of 69 is 2.76
        (range(20, 90), None, [20, 30, 45, 60, 75]),
        # the target takes the place of 60, which is nearest
        (range(20, 90), 56, [20, 30, 45, 56, 75]),
        # fifths at 21, 41, 61 and 81, in steps of 50 because of the one far off
        ([*range(1, 101), 1000], None, [1, 50]),
        (range(20, 90), 20, [20, 30, 45, 60, 75]),  # a target that all have met divides nothing
        ([7, 3, 3], 5, [3, 7]),  # of few values each is a class
    ],
)
def test_classes_begin_at_round_numbers_near_the_fifths_and_at_the_target(
    values: Iterable[int], target: int | None, starts: list[int]
) -> None:
    shown = [Decimal(v) for v in values]
    aim = None if target is None else Decimal(target)
    assert map_classes.round_starts(shown, aim) == starts


@given(
    st.lists(st.integers(0, 2000), min_size=1, max_size=124),
    st.none() | st.integers(0, 2000),
)
def test_classes_begin_in_order_and_cover_every_value(
    tenths: list[int], target: int | None
) -> None:
    values = [Decimal(v) / 10 for v in tenths]
    starts = map_classes.round_starts(values, None if target is None else Decimal(target) / 10)
    assert 1 <= len(starts) <= 5
    assert starts[0] == min(values)
    assert all(a < b for a, b in pairwise(starts))
    assert starts[-1] <= max(values)


@given(st.lists(st.floats(0, 100), min_size=1, max_size=124))
def test_every_county_is_in_exactly_one_class(values: list[float]) -> None:
    rows = counties(list(values), target=None)
    entries = maps.map_classes(rows, indicator(direction="none", target=None))
    codes = [code for entry in entries for code in entry.codes]
    assert sorted(codes) == sorted(rows["area_code"])


def test_a_class_holds_the_values_its_label_names() -> None:
    values = [float(v) for v in range(1, 101)]
    rows = counties(values, target=None)
    by_code = dict(zip(rows["area_code"], rows["value"], strict=True))
    for entry in maps.map_classes(rows, indicator("persons", "none", None)):
        low, _, high = entry.label.partition("～")
        inside = [by_code[code] for code in entry.codes]
        assert float(low) <= min(inside) and max(inside) <= float(high or low)


def test_the_source_of_the_boundaries_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DASHBOARD_MAP_APPROVAL", raising=False)
    said = words(maps.county_map(counties([60]), indicator(), caption())).replace("<br>", "")
    assert "边界数据来源：天地图" in said
    assert "审图号" not in said


def test_the_departments_own_approval_number_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DASHBOARD_MAP_APPROVAL", "粤S(2024)001号")
    said = words(maps.county_map(counties([60]), indicator(), caption())).replace("<br>", "")
    assert "审图号：粤S(2024)001号" in said


def test_a_map_does_not_move_under_the_finger_that_scrolls_the_page() -> None:
    figure = maps.county_map(counties([60]), indicator(), caption())
    assert figure.layout.dragmode not in {"pan", "zoom", "select", "lasso", False, None}
    assert maps.plotly_config("zh", "图")["scrollZoom"] is False


def test_sample_data_are_marked_on_the_map() -> None:
    figure = maps.county_map(counties([60]), indicator(), caption())
    assert any(a.text == "样例数据" for a in figure.layout.annotations)
    assert "样例" not in words(maps.county_map(counties([60]), indicator(), caption(sample=False)))


def test_city_names_that_would_touch_give_way_to_the_larger() -> None:
    places = pd.DataFrame(
        {
            "city_name": ["甲市", "甲市", "乙市", "丙市"],
            "lon": [113.0, 114.0, 113.6, 116.0],
            "lat": [23.0, 23.0, 23.0, 23.0],
            "area_km2": [300.0, 300.0, 100.0, 200.0],
        }
    )
    assert maps.city_labels(places) == [("甲市", 113.5, 23.0), ("丙市", 116.0, 23.0)]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_map_of_the_pilot_counties_stays_small(lang: str) -> None:
    rows = counties([20.0 + i for i in range(45)], lang=lang)
    every = [a["code"] for a in areas()]
    figure = maps.county_map(rows, indicator(), caption(lang=lang), outside=every)
    assert len(figure.to_json()) < 16_000


def test_a_picture_is_at_least_3000_px_wide_and_has_a_chinese_name() -> None:
    config = maps.plotly_config("zh", "护理型床位占比_2023Q4")
    options = config["toImageButtonOptions"]
    assert options["width"] * options["scale"] >= 3000
    assert options["filename"] == "护理型床位占比_2023Q4"
    assert config["modeBarButtons"] == [["toImage"]]


def test_the_base_map_comes_from_this_server() -> None:
    url = maps.plotly_config("zh", "图")["topojsonURL"]
    assert url.endswith("/") and "://" not in url
