"""Areas side by side: what is best, how dots are laid out, and every view from its link."""

from __future__ import annotations

import gzip
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dashboard_stores as stores
import figure_rows
import openpyxl
import pytest
from forms import KNOWN, RENHUA, SHIXING, WENGYUAN
from streamlit.testing.v1 import AppTest

from app import areas, charts, levels, palette, view
from app.charts.swarm import layers
from app.compare import chosen, table
from app.compare.chosen import Chosen
from app.reads import Standing
from app.scopes import Choices
from app.view import View

SHARE, OCCUPANCY = KNOWN.indicator("care_bed_share"), KNOWN.indicator("bed_occupancy")
TO_CONVERT = KNOWN.indicator("care_beds_to_convert")
SHAOGUAN, SHENZHEN, DONGGUAN = "440200", "440300", "441900"
LECHANG = "440281"  # has not reported its beds in the last quarter
NINE = list(areas.load())[:9]


# ------------------------------------------------------------------ what is best


def best(indicator: Any, **values: float | None) -> set[str]:
    """The best of groups, `county_a` for county/a."""
    named = {name.replace("_", "/"): value for name, value in values.items()}
    found = {
        (group, indicator.id): Standing(
            v, "missing" if v is None else "observed", "none", None, False
        )
        for group, v in named.items()
    }
    return table.best(found, indicator, list(named))


def test_the_best_is_the_highest_or_the_lowest_by_direction() -> None:
    assert best(SHARE, county_a=50, county_b=60, county_c=None) == {"county/b"}
    assert best(TO_CONVERT, county_a=5, county_b=0, county_c=None) == {"county/b"}


def test_who_reads_the_same_as_the_best_is_as_good() -> None:
    assert best(SHARE, county_a=59.96, county_b=60.04, county_c=50) == {"county/a", "county/b"}
    assert best(SHARE, county_a=59.96, county_b=60.04) == set()  # all read 60.0


def test_without_a_direction_nothing_is_best() -> None:
    assert best(OCCUPANCY, county_a=50, county_b=60) == set()


def test_rates_of_a_county_and_a_city_are_compared_but_not_their_amounts() -> None:
    assert best(SHARE, county_a=50, city_b=60) == {"city/b"}
    assert best(TO_CONVERT, county_a=50, city_b=60) == set()


# ------------------------------------------------------------------ looks and layout


def test_eight_areas_differ_in_colour_and_without_it() -> None:
    for what in ("colour", "dash", "symbol", "sign"):
        assert len({getattr(s, what) for s in palette.SERIES}) == chosen.MOST
    assert all(palette.contrast(s.ink, palette.PAPER) >= 4.5 for s in palette.SERIES)


def test_dots_lie_in_the_layer_nearest_the_middle_and_none_upon_another() -> None:
    assert layers([0, 0, 0, 0.5, 2], apart=1) == [0, 1, -1, 2, 0]
    values = sorted((k * 37 % 101) / 10 for k in range(200))
    placed = list(zip(values, layers(values, 0.25), strict=True))
    for index, (value, layer) in enumerate(placed):
        assert all(abs(v - value) >= 0.25 for v, n in placed[:index] if n == layer)
    assert layers(values, 0.25) == [layer for _, layer in placed]


def test_quartiles_are_interpolated() -> None:
    # definition 7: at 1 + 3/4, 1 + 3/2, 1 + 9/4 of four values
    assert charts.spread([1, 2, 3, 4]) == (1.75, 2.5, 3.25)
    assert charts.spread([]) is None


def test_cities_are_compared_with_cities_only_where_nothing_else_is_chosen() -> None:
    assert Chosen((SHAOGUAN, SHENZHEN, DONGGUAN), "spread").level == "city"
    assert Chosen((SHAOGUAN, WENGYUAN), "spread").level == "county"
    assert Chosen((DONGGUAN,), "spread").level == "county"


@pytest.mark.parametrize("find", ["翁源", "wengyuan", WENGYUAN, "韶关"])
def test_an_area_is_found_by_name_pinyin_and_code(find: str) -> None:
    assert find in chosen.label(WENGYUAN, "zh")


def test_lines_of_areas_look_as_their_series_and_end_in_one_line_of_name() -> None:
    rows = figure_rows.quarters({SHIXING: [10, 20], RENHUA: [30, 40]})
    series = dict(zip((RENHUA, SHIXING), palette.SERIES, strict=False))
    figure = charts.trend(rows, SHARE, figure_rows.caption(), series=series)
    looks = {t.name: (t.line.color, t.line.dash) for t in figure.data}
    assert looks == {c: (s.colour, s.dash) for c, s in series.items()}
    panels = charts.multiples(rows, SHARE, figure_rows.caption(), series)
    ranges = {panels.layout.yaxis.range, panels.layout.yaxis2.range}
    assert len(ranges) == 1  # the same axes
    assert [t.name for t in panels.data if t.name != "others"] == [RENHUA, SHIXING]


# ------------------------------------------------------------------ the page


@pytest.fixture
def sample(sampled: Path) -> Iterator[None]:
    with stores.store_at(sampled):
        yield


def opened(**query: str) -> AppTest:
    """The page as a link with these choices opens it."""
    return stores.opened("pages/explore/compare.py", **query)


def drawn(at: AppTest) -> list[dict[str, Any]]:
    """The figures as they go to the browser."""
    protos = [e.proto for e in at.get("bidi_component") if e.proto.component_name == "figure"]
    return [json.loads(gzip.decompress(p.bytes))["figure"] for p in protos]


def title(figure: dict[str, Any]) -> str:
    return re.sub("<.*?>", "", figure["layout"]["annotations"][0]["text"])


def shares(*codes: str) -> dict[str, float]:
    beds = stores.reported("care_beds")
    every = 100 * beds["beds_care"] / beds["beds_total"]
    return every[list(codes)].dropna().to_dict() if codes else every.dropna().to_dict()


def test_the_page_opens_with_the_county_of_the_bar_and_its_neighbours(sample: None) -> None:
    at = opened(county=WENGYUAN, indicator=SHARE.id)
    found = at.dataframe[0].value
    assert list(found.columns[1:7]) == [
        "翁源县",
        "始兴县",
        "仁化县",
        "乳源瑶族自治县",
        "试点县",
        "全省",
    ]
    assert found["指标"][0] == SHARE.label("zh")
    assert set(found["指标"]) == {
        KNOWN.indicator(i).label("zh") for i in KNOWN.dataset("care_beds").headline
    }


def test_cells_show_what_the_workbooks_reported_and_mark_the_best(sample: None) -> None:
    codes = (WENGYUAN, SHIXING, RENHUA)
    at = opened(areas=",".join(codes), indicators=SHARE.id)
    row = at.dataframe[0].value.iloc[0]
    reported = shares(*codes)
    for code, share in reported.items():
        star = "★" if share == max(reported.values()) else ""
        sign = "✓" if share >= 55 else "○"  # due in 2025
        assert row[areas.load()[str(code)].name] == f"{star}{share:.1f}% {sign}"
    assert row["目标"] == "55%（2025年）"


def test_a_city_is_its_counties_added_up(sample: None) -> None:
    at = opened(areas=SHAOGUAN, indicators=SHARE.id)
    beds = stores.reported("care_beds")
    inside = beds[[areas.load()[c].city_code == SHAOGUAN for c in beds.index]]
    inside = inside.dropna(subset=["beds_care", "beds_total"])
    share = 100 * inside["beds_care"].sum() / inside["beds_total"].sum()
    assert at.dataframe[0].value["韶关市"][0].split("%")[0] == f"{share:.1f}"


@pytest.mark.parametrize("show", ["table", "trend", "scatter", "spread"])
def test_more_than_eight_areas_are_told_and_the_first_eight_shown(sample: None, show: str) -> None:
    at = opened(areas=",".join(NINE), indicator=SHARE.id, show=show)
    assert [w.value for w in at.warning] == ["选了9个，最多比较8个：下面是前8个，请去掉几个。"]
    if show == "table":
        names = [areas.load()[code].name for code in NINE]
        assert names[7] in at.dataframe[0].value and names[8] not in at.dataframe[0].value


@pytest.mark.parametrize(
    ("show", "figures"), [("table", 0), ("trend", 2), ("scatter", 1), ("spread", 1)]
)
def test_a_link_opens_the_one_view_it_names(sample: None, show: str, figures: int) -> None:
    query = {"areas": ",".join(NINE[:5]), "show": show, "indicator": SHARE.id}
    at = opened(**query)
    assert len(drawn(at)) == figures
    assert len(at.dataframe) == (show == "table")
    kept = dict(at.query_params)
    assert kept["areas"] == query["areas"] and kept["show"] == show
    assert at.multiselect[0].value == NINE[:5]


def test_the_scatter_counts_who_has_both_and_draws_target_and_median(sample: None) -> None:
    at = opened(show="scatter", x=OCCUPANCY.id, y=SHARE.id, areas=f"{WENGYUAN},{SHAOGUAN}")
    beds = stores.reported("care_beds")
    beds = beds[[c in areas.pilot() for c in beds.index]]
    across = 100 * beds["residents"] / beds["beds_total"]
    up = 100 * beds["beds_care"] / beds["beds_total"]
    both = across.notna() & up.notna()
    middle = across[both].median()
    (figure,) = drawn(at)
    high = int(((across >= middle) & (up >= 55))[both].sum())
    low = int(((across < middle) & (up < 55))[both].sum())
    assert f"45个县中{both.sum()}个两项都有数，{high}个两项都不低于虚线，{low}个" in title(figure)
    assert figure["layout"]["shapes"][0]["x0"] == pytest.approx(middle)
    assert figure["layout"]["shapes"][1]["y0"] == 55
    assert {t["mode"] for t in figure["data"]} == {"markers", "markers+text"}  # no line
    assert [t["text"] for t in figure["data"][1:]] == [[" 翁源县 "]]
    points = [c[0] for t in figure["data"] for c in t["customdata"]]
    assert len(points) == len(set(points)) == both.sum()
    assert any("韶关市不在这张图上" in c.value for c in at.caption)


def test_the_distribution_has_a_dot_a_county_with_quartiles_and_the_target(sample: None) -> None:
    at = opened(show="spread", indicator=SHARE.id, areas=WENGYUAN)
    reported = shares()
    inside = sorted(v for c, v in reported.items() if c in areas.pilot())
    (figure,) = drawn(at)
    assert len(figure["data"][0]["x"]) == len(inside)
    place = 0.5 * (len(inside) - 1)
    median = (inside[int(place)] + inside[-(-int(2 * place) // 2)]) / 2
    assert f"中位数{median:.1f}%" in title(figure)
    lines = [s["x0"] for s in figure["layout"]["shapes"]]
    assert 55 in lines and any(x == pytest.approx(median) for x in lines)
    named = next(t for t in figure["data"] if t["name"] == "翁源县")
    assert named["text"][1] == f"翁源县 {reported[WENGYUAN]:.1f}%"
    assert named["customdata"][0][0] == WENGYUAN


def test_a_chosen_county_without_a_value_is_named_all_the_same(sample: None) -> None:
    absent = areas.pilot() - shares().keys()
    assert LECHANG in absent
    (figure,) = drawn(opened(areas=f"{WENGYUAN},{LECHANG}", show="spread"))
    text = json.dumps(figure["layout"]["annotations"], ensure_ascii=False)
    assert "乐昌市 —" in text and "翁源县 —" not in text


def test_cities_are_shown_among_the_cities(sample: None) -> None:
    at = opened(show="spread", scope=areas.PROVINCE, areas=f"{SHAOGUAN},{SHENZHEN}",
                indicator=SHARE.id)  # fmt: skip
    (figure,) = drawn(at)
    assert len(figure["data"][0]["x"]) == len(levels.units("city")) == 21
    assert "中间一半的市" in title(figure)


def test_a_scope_of_one_county_has_a_view_of_each_kind(sample: None) -> None:
    for show in chosen.VIEWS:
        at = opened(scope=DONGGUAN, show=show, indicator=SHARE.id)
        assert at.multiselect[0].value == [DONGGUAN]


def test_a_quarter_nobody_reported_says_so_in_every_view(mixed: Path) -> None:
    query = {"period": stores.ONLY_BEDS, "indicator": "child_paid_share", "areas": WENGYUAN}
    with stores.store_at(mixed):
        for show in ("trend", "scatter", "spread"):
            at = opened(**query, show=show, x="children_supported")
            assert "本期没有数据" in title(drawn(at)[0])
        cells = opened(**query).dataframe[0].value["翁源县"]
        assert {c.strip() for c in cells} == {"—"}


def test_nothing_chosen_says_what_to_do(sample: None) -> None:
    at = opened()
    at.multiselect[0].set_value([]).run()
    assert "在上面选县或市" in at.info[0].value


def test_an_empty_store_says_what_to_do(empty: Path) -> None:
    with stores.store_at(empty):
        assert "template" in opened().info[0].value


@pytest.mark.parametrize("show", chosen.VIEWS)
def test_every_view_speaks_english(sample: None, show: str) -> None:
    at = opened(lang="en", show=show, indicator=SHARE.id, areas=f"{WENGYUAN},{SHAOGUAN}")
    text = " ".join(
        [*(c.value for c in at.caption), json.dumps(drawn(at), ensure_ascii=False),
         *(str(f.value) for f in at.dataframe)]
    )  # fmt: skip
    assert not {c for c in text if "\u4e00" <= c <= "\u9fff"}


def test_the_files_hold_the_table_as_shown(sample: None) -> None:
    source, stamp = view.current()
    seen = View(source, stamp, Choices(stores.LATEST, "pilot", None, SHARE.id, "zh"), None)
    picked = Chosen((WENGYUAN, SHIXING), "table")
    found = table.standings(seen, picked, [SHARE.id])
    titles, rows = table.long_table(seen, picked, [SHARE.id], found)
    records = [dict(zip(titles, row, strict=True)) for row in rows]
    assert [r["地方"] for r in records] == ["翁源县", "始兴县", "试点县", "全省"]
    reported = shares(WENGYUAN, SHIXING)
    assert [r["数值"] for r in records[:2]] == [reported[WENGYUAN], reported[SHIXING]]
    first = max(reported, key=lambda code: reported[code])
    assert [r["所选中最好"] for r in records[:2]] == [
        "★" if code == first else "" for code in (WENGYUAN, SHIXING)
    ]
    data = table.workbook(seen, picked, [SHARE.id], found)
    sheet = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    assert [c.value for c in sheet[5]][:3] == ["指标", "翁源县", "始兴县"]
    assert sheet["B6"].value == pytest.approx(reported[WENGYUAN])
    assert ("★" in sheet["B6"].number_format) == (first == WENGYUAN)
    assert "样例数据" in sheet["A4"].value
