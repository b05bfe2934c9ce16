"""The page of maps: classes, change, what the browser gets of each quarter, and the page itself."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

import dashboard_stores as stores
import figure_rows
import numpy as np
import pandas as pd
import pytest
from browser_fixtures import PATIENCE, PHONE, Visit
from playwright.sync_api import expect
from streamlit.testing.v1 import AppTest

from app import areas, catalogue, choices, map_classes, maps, palette, periods, scopes, view
from app.i18n import t
from app.map_explorer import change, quarters, views
from app.scopes import Choices

WENGYUAN, DONGGUAN = "440229", "441900"
QUARTERS = (stores.YEAR_BEFORE, stores.BEFORE, stores.LATEST)


def over(values: dict[str, list[float | str]], **kind: Any) -> pd.DataFrame:
    """Rows of several quarters of the first counties."""
    parts = [figure_rows.counties(v, **kind).assign(period=p) for p, v in values.items()]
    return pd.concat(parts, ignore_index=True)


# ------------------------------------------------------------------ classes


def test_fifths_of_all_quarters_together_are_those_of_numpy() -> None:
    chance = np.random.default_rng(5)
    values = {q: [float(v) for v in chance.gamma(4, 10, 100)] for q in QUARTERS}
    rows = over(values, target=None)
    found = map_classes.classes_of(rows, figure_rows.indicator(target=None), "quintiles", "zh")
    limits = np.quantile(rows["value"], [0.2, 0.4, 0.6, 0.8])
    # values that round to a limit may lie on either side of it
    clear = np.abs(rows["value"].to_numpy()[:, None] - limits).min(axis=1) > 0.1
    assert clear.sum() > 280
    expected = np.digitize(rows["value"], limits)
    assert list(found.index[clear]) == list(expected[clear])
    assert [entry.label.partition("～")[0] for entry in found.entries[1:]] == [
        f"{limit:.1f}" for limit in limits
    ]


# Jenks's optimum for these is to cut at the four widest gaps, since each group is 0.2 wide
GROUPED = [1.0, 1.1, 1.2, 9.0, 9.1, 9.2, 30.0, 30.1, 30.2, 31.9, 32.0, 32.1, 70.0, 70.1, 70.2]


def test_natural_breaks_fall_into_the_gaps() -> None:
    rows = figure_rows.counties(list(reversed(GROUPED)), target=None)
    found = map_classes.classes_of(rows, figure_rows.indicator(target=None), "natural", "zh")
    assert [entry.label for entry in found.entries] == [
        "1.0～8.9%", "9.0～29.9%", "30.0～31.8%", "31.9～69.9%", "70.0～70.2%",
    ]  # fmt: skip
    assert list(np.bincount(found.index)) == [3, 3, 3, 3, 3]


def squares(values: list[int], starts: list[int]) -> float:
    """The squared distances within classes, which natural breaks make least."""
    place = np.searchsorted(starts, values, side="right")
    return sum(float(np.var(group) * len(group)) for k in set(place)
               if len(group := np.array(values)[place == k]))  # fmt: skip


def test_no_other_division_has_smaller_distances_within_its_classes() -> None:
    values = [int(v) for v in np.random.default_rng(7).gamma(2, 20, 14)]
    distinct = sorted(set(values))
    starts = map_classes.starts_of(np.array(values), "natural")
    least = min(squares(values, [distinct[0], *inner]) for inner in combinations(distinct[1:], 4))
    assert squares(values, starts) == pytest.approx(least)


def test_natural_breaks_of_very_many_values_are_quick_and_nearly_the_same() -> None:
    values = np.repeat([1, 100, 200, 300, 400, 500], 2_000) + np.arange(12_000) % 7
    starts = map_classes.starts_of(values, "natural")
    assert len(starts) == 5
    assert all(start % 100 in (0, 1) for start in starts)


@pytest.mark.parametrize("method", ["quintiles", "natural"])
def test_few_different_values_have_a_class_each(method: str) -> None:
    rows = figure_rows.counties([3.0, 1.0, 3.04, 2.0], target=None)
    found = map_classes.classes_of(rows, figure_rows.indicator(target=None), method, "zh")
    assert [entry.label for entry in found.entries] == ["1.0%", "2.0%", "3.0%"]
    assert list(found.index) == [2, 0, 2, 1]


def test_a_target_gives_verdicts_in_every_quarter_and_not_yet_due_in_those_before() -> None:
    due = over({"2025Q4": [60, 52, 20]})
    before = over({"2025Q3": [50, 51, 52]}, verdict=False)
    rows = pd.concat([before, due], ignore_index=True)
    found = map_classes.classes_of(rows, figure_rows.indicator(), "target", "zh")
    words = [found.entries[i].word for i in found.index]
    assert words == ["○ 未到期"] * 3 + ["✓ 达标", "◐ 接近", "✗ 未达标"]


def test_a_target_that_is_nowhere_due_divides_the_levels() -> None:
    values: list[float | str] = [float(v) for v in range(20, 90)]
    rows = figure_rows.counties(values, verdict=False)
    found = map_classes.classes_of(rows, figure_rows.indicator(), "target", "zh")
    assert any(entry.label.startswith("55.0～") for entry in found.entries)
    first = next(i for i, e in enumerate(found.entries) if e.label.startswith("55.0"))
    assert ((found.index >= first) == (rows["value"] >= 55)).all()


def test_what_has_no_number_has_its_own_class_and_never_a_level() -> None:
    rows = figure_rows.counties([0.0, "missing", "suppressed", "not_applicable", 9.0], target=None)
    found = map_classes.classes_of(rows, figure_rows.indicator(target=None), "continuous", "zh")
    assert [found.entries[i].status for i in found.index] == [
        "observed", "missing", "suppressed", "not_applicable", "observed",
    ]  # fmt: skip
    assert found.ramp == (0.0, 9.0)


def test_nothing_reported_at_all_has_no_class_but_missing() -> None:
    rows = figure_rows.counties(["missing", "missing"])
    for method in map_classes.METHODS:
        found = map_classes.classes_of(rows, figure_rows.indicator(), method, "zh")
        assert [entry.status for entry in found.entries] == ["missing"]
        assert list(found.index) == [0, 0]


# ------------------------------------------------------------------ change


def changed(
    earlier: list[float | str], later: list[float | str], direction: Any = "higher"
) -> tuple[pd.DataFrame, map_classes.Classes]:
    rows = over({"2023Q4": earlier, "2024Q4": later}, target=None)
    found = change.rows_of(rows, "2023Q4", "2024Q4")
    indicator = figure_rows.indicator(target=None, direction=direction)
    return found, change.classes_of(found, indicator, "zh")


def test_a_change_is_the_later_figure_less_the_earlier_where_there_are_both() -> None:
    rows, _ = changed([10.0, 20.0, "missing", 40.0], [12.5, "missing", 30.0, 38.0])
    assert rows["status"].tolist() == ["observed", "missing", "missing", "observed"]
    assert rows["value"].tolist()[::3] == [2.5, -2.0]
    assert rows["value"].isna().tolist() == [False, True, True, False]


def test_sample_data_are_not_compared_with_reports() -> None:
    rows = over({"2023Q4": [10.0, 10.0], "2024Q4": [12.0, 12.0]}, target=None)
    rows.loc[3, "sample"] = False
    found = change.rows_of(rows, "2023Q4", "2024Q4")
    assert found["status"].tolist() == ["observed", change.INCOMPARABLE]
    assert np.isnan(found["value"].iloc[1])
    entries = change.classes_of(found, figure_rows.indicator(target=None), "zh")
    assert entries.entries[entries.index[1]].label == "样例与上报，不比较"


def test_the_classes_of_change_lie_evenly_around_zero_and_say_what_is_better() -> None:
    _, found = changed([50.0] * 7, [38.0, 46.0, 49.0, 50.02, 51.0, 54.0, 62.0])
    # thirds of 1 1 4 4 12 12 are at 3.0 and 6.7
    labels = [entry.label for entry in found.entries]
    assert labels == [
        "变差▼6.5及以上", "变差▼3.0～6.4", "变差▼0.1～2.9", "持平",
        "好转▲0.1～2.9", "好转▲3.0～6.4", "好转▲6.5及以上",
    ]  # fmt: skip
    assert list(found.index) == [0, 1, 2, 3, 4, 5, 6]
    assert [entry.colour for entry in found.entries] == list(palette.DIVERGING)


def test_where_lower_is_better_a_fall_has_the_colour_of_what_is_better() -> None:
    _, higher = changed([50.0] * 3, [40.0, 50.0, 60.0])
    _, lower = changed([50.0] * 3, [40.0, 50.0, 60.0], "lower")
    assert lower.entries[lower.index[0]].colour == higher.entries[higher.index[2]].colour
    assert lower.entries[lower.index[0]].label.startswith("好转▼")
    _, none = changed([50.0] * 3, [40.0, 50.0, 60.0], "none")
    assert not any(w in e.label for e in none.entries for w in ("好转", "变差"))


# ------------------------------------------------------------------ the page


@pytest.fixture
def sample(sampled: Path) -> Iterator[None]:
    with stores.store_at(sampled):
        yield


def opened(**query: str) -> AppTest:
    """The page as a link with these choices opens it."""
    return stores.opened("pages/explore/map.py", **query)


def unpacked(data: bytes) -> dict[str, Any]:
    shared = 4 + int.from_bytes(data[:4], "big")
    document: dict[str, Any] = json.loads(gzip.decompress(data[shared:]))
    return document | json.loads(data[4:shared])


def sent(at: AppTest) -> list[dict[str, Any]]:
    """The maps as they go to the browser."""
    found = [e.proto for e in at.get("bidi_component") if e.proto.component_name == "map_explorer"]
    return [unpacked(proto.bytes) for proto in found]


def told(document: dict[str, Any], period: str, code: str) -> list[str]:
    """What is told of an area in a quarter: code, name, city, value and so on."""
    frame = next(f for f in document["frames"] if f["period"] == period)
    place = document["codes"].index(code)
    return [document["words"][column[place]] for column in frame["told"]]


def legend(document: dict[str, Any], period: str) -> list[str]:
    return next(f for f in document["frames"] if f["period"] == period)["names"]


def words(document: dict[str, Any], place: int) -> str:
    """The text around the map of a quarter."""
    return " ".join(note["text"] for note in document["lettering"][1][place]["annotations"])


def test_the_browser_gets_every_quarter_with_its_own_values_legend_and_title(sample: None) -> None:
    (document,) = sent(opened(indicator="care_bed_share", scope=areas.PROVINCE))
    assert [f["period"] for f in document["frames"]] == list(QUARTERS)
    assert document["arrangement"] == "slider" and document["start"] == stores.LATEST
    assert document["codes"] == sorted(areas.load())
    for place, period in enumerate(QUARTERS):
        beds = stores.reported("care_beds", period)
        shares = (100 * beds["beds_care"] / beds["beds_total"]).dropna()
        for code, share in shares.items():
            assert told(document, period, str(code))[3] == f"{share + 1e-9:.1f}%"
        names = legend(document, period)
        counts = [int(re.search(r"（(\d+)）$", name)[1]) for name in names]  # type: ignore[index]
        assert sum(counts) == len(areas.load())
        high = next(i for i, name in enumerate(names) if name.startswith("55.0"))
        assert counts[high] == (shares.round(1) >= 55).sum()
        reached = (shares >= 55).sum()
        assert document["frames"][place]["alt"].startswith(f"{len(shares)}个县中{reached}个")
        assert f"{period[:4]}年" in words(document, place)
        assert "样例数据，不是统计数据" in words(document, place)


@pytest.mark.parametrize(
    ("period", "shown"),
    [(stores.LATEST, QUARTERS[1:]), (stores.BEFORE, QUARTERS[1:]), (QUARTERS[0], QUARTERS[:1])],
)
def test_of_very_many_places_as_many_quarters_are_sent_as_fit_with_the_chosen_one(
    sample: None, monkeypatch: pytest.MonkeyPatch, period: str, shown: tuple[str, ...]
) -> None:
    monkeypatch.setattr(views, "FIT", 2 * len(areas.load()))  # two of the three quarters
    at = opened(scope=areas.PROVINCE, period=period)
    (document,) = sent(at)
    assert [frame["period"] for frame in document["frames"]] == list(shown)
    assert document["start"] == period
    first, last = (periods.label(each, "zh") for each in (shown[0], shown[-1]))
    span = f"这里是{first}至{last}的{len(shown)}个季度"
    assert any(span in each.value for each in at.caption)
    at = opened(scope=areas.PROVINCE, period=period, mode="several", several="all")
    (document,) = sent(at)
    until = [each for each in QUARTERS if each <= period]
    assert [frame["period"] for frame in document["frames"]] == until[-2:]
    assert any("个季度；要看更早的" in each.value for each in at.caption) == (len(until) > 2)


def test_the_map_neither_jumps_nor_changes_its_limits_between_quarters(sample: None) -> None:
    (document,) = sent(opened(indicator="care_bed_share", classes="quintiles"))
    for frames in document["lettering"]:
        assert len({(f["t"], f["b"]) for f in frames}) == 1
    limits = {tuple(n.rpartition("（")[0] for n in f["names"]) for f in document["frames"]}
    assert len(limits) == 1


def test_a_city_is_what_its_counties_add_up_to(sample: None) -> None:
    (document,) = sent(opened(indicator="care_bed_share", level="city", scope=areas.PROVINCE))
    assert document["codes"] == sorted(areas.cities())
    beds = stores.reported("care_beds")
    cities = beds.groupby([areas.load()[code].city_code for code in beds.index])
    sums = cities[["beds_care", "beds_total"]].sum()
    for code in ("440200", "441200"):
        share = 100 * sums.loc[code, "beds_care"] / sums.loc[code, "beds_total"]
        assert told(document, stores.LATEST, code)[3] == f"{share:.1f}%"
    urls = {t_["trace"]["geojson"] for t_ in document["traces"]}
    assert maps.CITIES_URL in urls and maps.COUNTIES_URL not in urls
    assert sorted(c for part in document["parts"].values() for c in part) == sorted(areas.load())
    assert "21个市" in words(document, 2)


def test_what_cities_report_is_drawn_at_their_level(sample: None) -> None:
    at = opened(indicator="task_done_share")
    (document,) = sent(at)
    assert len(document["codes"]) == len(scopes.members(areas.PILOT, "city"))
    assert "个县" not in document["frames"][0]["alt"]


def test_real_reports_carry_no_sample_mark_and_sample_beside_them_does(mixed: Path) -> None:
    with stores.store_at(mixed):
        (document,) = sent(opened(indicator="care_bed_share"))
        periods = [f["period"] for f in document["frames"]]
        assert periods == [*QUARTERS, stores.ONLY_BEDS]
        marked = ["样例数据" in words(document, place) for place in range(4)]
        assert marked == [True, True, False, False]
        (grid,) = sent(opened(indicator="care_bed_share", mode="several"))
        assert ["样例数据" in f["heading"] for f in grid["frames"]] == marked
        assert "标有“样例数据”的季度不是统计数据" in words(grid, 0)
        (moved,) = sent(
            opened(indicator="care_bed_share", mode="change", since=stores.YEAR_BEFORE,
                   until=stores.LATEST)
        )  # fmt: skip
        assert "两季没有可以比较的数" in moved["frames"][0]["alt"]
        assert told(moved, stores.LATEST, WENGYUAN)[3] == "样例与上报，不比较"


def test_a_quarter_without_a_report_is_shown_striped_and_says_so(mixed: Path) -> None:
    with stores.store_at(mixed):
        (document,) = sent(opened(indicator="child_paid_share", period=stores.ONLY_BEDS))
    assert document["start"] == stores.ONLY_BEDS
    assert document["frames"][-1]["alt"].endswith("本期没有数据")
    missing = legend(document, stores.ONLY_BEDS)[-1]
    assert missing == f"▨ 未报（{len(areas.pilot())}）"
    assert any(t_["trace"]["geojson"] == maps.STRIPES_URL for t_ in document["traces"])


def test_the_change_map_agrees_with_pandas(sample: None) -> None:
    at = opened(indicator="care_bed_share", scope=areas.PROVINCE, mode="change")
    (document,) = sent(at)
    before, after = (stores.reported("care_beds", q) for q in (stores.YEAR_BEFORE, stores.LATEST))
    moved = (100 * (after["beds_care"] / after["beds_total"] - before["beds_care"]
                    / before["beds_total"])).dropna()  # fmt: skip
    assert len(moved) > 100
    for code, points in moved.items():
        shown = told(document, stores.LATEST, str(code))[3]
        sign = 1 if shown.startswith("▲") else -1 if shown.startswith("▼") else 0
        number = float(re.sub("[^0-9.]", "", shown) or 0)
        assert sign * number == pytest.approx(points, abs=0.0501)
    better = (moved.round(1) > 0).sum()
    assert f"{len(moved)}个中{better}个好转" in document["frames"][0]["alt"]


def test_a_county_is_outlined_without_making_the_map_anew(sample: None) -> None:
    (document,) = sent(opened(indicator="care_bed_share", county=WENGYUAN))
    assert [trace["locations"] for trace in document["outline"]] == [[WENGYUAN]]


def test_two_maps_show_their_own_indicator_and_quarter(sample: None) -> None:
    same = sent(opened(indicator="care_bed_share", mode="two"))
    assert [(d["key"], d["start"]) for d in same] == [
        ("at", stores.LATEST), ("at2", stores.YEAR_BEFORE),
    ]  # fmt: skip
    left, right = sent(opened(indicator="care_bed_share", mode="two", second="station_coverage"))
    assert "护理型床位占比" in words(left, 2) and "社工站覆盖率" in words(right, 2)
    assert right["start"] == stores.LATEST


@pytest.mark.parametrize("mode", ["one", "change", "several", "two"])
def test_every_kind_of_view_is_restored_from_its_link_in_english(sample: None, mode: str) -> None:
    query = {"mode": mode, "level": "city", "lang": "en", "indicator": "hardship_coverage"}
    query |= {
        "one": {"classes": "natural"},
        "change": {"since": stores.BEFORE},
        "several": {"several": "all"},
        "two": {"second": "station_coverage"},
    }[mode]
    at = opened(**query)
    assert dict(at.query_params).items() >= query.items()
    assert len(sent(at)) == 1 + (mode == "two")
    for document in sent(at):
        around = words(document, 0).replace("<br>", "")
        text = " ".join([around, *document["frames"][0]["names"], *document["words"]])
        assert not set(re.findall("[\u4e00-\u9fff]+", text)) - {"天地图"}


@pytest.mark.parametrize("indicator_id", [*choices.every_indicator(),
                                          *choices.every_indicator("city")])  # fmt: skip
def test_every_indicator_can_be_drawn(sampled: Path, indicator_id: str) -> None:
    with stores.store_at(sampled):
        source, stamp = view.current()
        indicator = catalogue.load().indicator(indicator_id)
        level = quarters.level_of(indicator, "county")
        wanted = Choices(stores.LATEST, areas.PILOT, None, indicator_id, "zh")
        shown = view.View.of(source, stamp, wanted)
        for method in map_classes.methods(indicator):
            data = quarters.over_time(
                shown, indicator_id, QUARTERS, level, method, "at", stores.LATEST
            )
            assert len(unpacked(data)["frames"]) == 3


def test_an_indicator_of_the_year_to_date_says_so_and_warns_of_unlike_quarters(
    sample: None,
) -> None:
    at = opened(indicator="care_bed_plan_fulfilment", mode="change", since=stores.BEFORE)
    assert t("map_explorer.cumulative_change") in [w.value for w in at.warning]
    assert "本年累计" in words(sent(at)[0], 0)
    at = opened(indicator="care_bed_plan_fulfilment", mode="change", since=stores.YEAR_BEFORE)
    assert not at.warning
    at = opened(indicator="care_bed_share", mode="change", since=stores.BEFORE)
    assert not at.warning


def test_an_empty_store_and_an_unknown_vintage_give_a_sensible_page(
    empty: Path, sampled: Path
) -> None:
    with stores.store_at(empty):
        assert "template" in opened().info[0].value
    with stores.store_at(sampled):
        assert sent(opened(as_of="3"))
        assert sent(opened(as_of="100"))


# ------------------------------------------------------------------ in a browser


FIGURE = ".map-explorer-figure"
SLIDER = ".map-explorer-bar input"
COLOUR_OF_COUNTY = """(code) => [...document.querySelectorAll(
  '.map-explorer-figure .choroplethlayer path')].filter((p) => p.__data__?.id === code ||
  p.__data__?.loc === code).map((p) => getComputedStyle(p).fill)"""
POINT_OF_COUNTY = """(code) => {
  for (const path of document.querySelectorAll('.map-explorer-figure .choroplethlayer path')) {
    if (path.__data__?.id !== code && path.__data__?.loc !== code) continue;
    const box = path.getBoundingClientRect(), back = path.getScreenCTM().inverse();
    for (let i = 1; i < 20; i++) for (let j = 1; j < 20; j++) {
      const at = new DOMPoint(box.x + box.width * i / 20, box.y + box.height * j / 20);
      if (path.isPointInFill(at.matrixTransform(back))) return [at.x, at.y];
    }
  }
}"""


def drawn(visit: Visit, path: str, least: int = 124) -> None:
    visit.page.goto(f"{visit.address}/map?{path}")
    visit.wait_for_drawn(FIGURE, ".choroplethlayer path", least)
    visit.wait_until_idle()


def wait_for_quarter(visit: Visit, period: str, place: int = 0) -> None:
    box = visit.page.locator(FIGURE).nth(place)
    expect(box).to_have_attribute("data-period", period, timeout=PATIENCE)


def moved_class() -> tuple[str, dict[str, list[str]]]:
    """A county whose share of care beds has moved to another fifth, and its colours."""
    shares = pd.DataFrame(
        {
            period: 100 * beds["beds_care"] / beds["beds_total"]
            for period in QUARTERS
            for beds in [stores.reported("care_beds", period)]
        }
    ).loc[sorted(areas.pilot())]
    limits = np.nanquantile(shares, [0.2, 0.4, 0.6, 0.8])
    fifths = shares.apply(lambda column: np.digitize(column, limits))
    clear = shares.apply(
        lambda row: min(abs(v - limit) for v in row for limit in limits) > 0.1, axis=1
    )
    moved = fifths[stores.LATEST] != fifths[stores.YEAR_BEFORE]
    code = str(shares.index[moved & clear & shares.notna().all(axis=1)][0])

    def colour(period: str) -> str:
        hexes = palette.SEQUENTIAL[fifths.loc[code, period]]
        return f"rgb({', '.join(str(int(hexes[i : i + 2], 16)) for i in (1, 3, 5))})"

    return code, {period: [colour(period)] for period in (stores.LATEST, stores.YEAR_BEFORE)}


def test_slider_and_play_ask_the_server_nothing_and_change_all_that_is_said(screen: Visit) -> None:
    code, colours = moved_class()
    frames: list[Any] = []
    screen.page.on("websocket", lambda s: s.on("framesent", lambda f: frames.append(f)))
    drawn(screen, "indicator=care_bed_share&classes=quintiles")
    wait_for_quarter(screen, stores.LATEST)
    screen.page.wait_for_timeout(300)
    before = len(frames)
    assert before > 0  # or nothing would be counted at all
    box = screen.page.locator(FIGURE)
    said = {stores.LATEST: screen.text(FIGURE)}
    title = box.get_attribute("aria-label")
    colour = {stores.LATEST: screen.page.evaluate(COLOUR_OF_COUNTY, code)}
    slider = screen.page.locator(SLIDER)
    slider.focus()
    screen.page.keyboard.press("Home")
    wait_for_quarter(screen, stores.YEAR_BEFORE)
    said[stores.YEAR_BEFORE] = screen.text(FIGURE)
    assert box.get_attribute("aria-label") != title
    colour[stores.YEAR_BEFORE] = screen.page.evaluate(COLOUR_OF_COUNTY, code)
    assert "2024年四季度" in said[stores.LATEST] and "2023年四季度" in said[stores.YEAR_BEFORE]
    counts = [re.findall(r"（(\d+)）", said[q]) for q in (stores.LATEST, stores.YEAR_BEFORE)]
    assert counts[0] != counts[1]
    assert colour == colours
    assert "2023年四季度" in str(slider.get_attribute("aria-valuetext"))
    screen.wait_for_choice("at", stores.YEAR_BEFORE)
    screen.page.get_by_role("button", name="播放").click()
    wait_for_quarter(screen, stores.LATEST)
    screen.wait_for_choice("at", None)
    expect(screen.page.get_by_role("button", name="播放")).to_be_visible(timeout=PATIENCE)
    assert len(frames) == before
    assert screen.outside == []


def test_a_link_restores_the_slider_and_other_choices_leave_it_where_it_is(screen: Visit) -> None:
    drawn(screen, f"indicator=care_bed_share&at={stores.YEAR_BEFORE}")
    wait_for_quarter(screen, stores.YEAR_BEFORE)
    screen.page.locator(SLIDER).focus()
    screen.page.keyboard.press("ArrowRight")
    wait_for_quarter(screen, stores.BEFORE)
    screen.wait_for_choice("at", stores.BEFORE)
    screen.page.get_by_text("地级以上市", exact=True).click()
    screen.wait_for_choice("level", "city")
    screen.wait_until_idle()
    screen.wait_for_choice("at", stores.BEFORE)
    wait_for_quarter(screen, stores.BEFORE)
    screen.page.get_by_text("两张图", exact=True).click()
    wait_for_quarter(screen, stores.YEAR_BEFORE, 1)
    wait_for_quarter(screen, stores.BEFORE)
    screen.page.reload()
    wait_for_quarter(screen, stores.BEFORE)
    wait_for_quarter(screen, stores.YEAR_BEFORE, 1)
    assert screen.chosen()["mode"] == "two"
    # another quarter in the bar moves the slider
    screen.wait_until_idle()
    screen.choose(0, "2023年四季度")
    wait_for_quarter(screen, stores.YEAR_BEFORE)
    screen.wait_for_choice("at", None)


def test_a_county_clicked_on_the_map_is_selected(screen: Visit) -> None:
    drawn(screen, "indicator=care_bed_share")
    screen.page.mouse.click(*screen.page.evaluate(POINT_OF_COUNTY, WENGYUAN))
    screen.wait_for_choice("county", WENGYUAN)
    expect(screen.page.get_by_role("combobox").nth(2)).to_have_value("翁源县（韶关市）")


def test_a_picture_is_named_for_the_quarter_shown(screen: Visit) -> None:
    drawn(screen, f"indicator=care_bed_share&at={stores.YEAR_BEFORE}")
    wait_for_quarter(screen, stores.YEAR_BEFORE)
    screen.page.locator(FIGURE).hover()
    with screen.page.expect_download(timeout=PATIENCE) as begun:
        screen.page.locator(f"{FIGURE} .modebar-btn").first.click()
    assert begun.value.suggested_filename == "地图_护理型床位占比_2023年四季度.png"
    data = Path(begun.value.path()).read_bytes()
    assert data.startswith(b"\x89PNG") and int.from_bytes(data[16:20], "big") >= 3000


def test_who_wants_no_motion_steps_through_the_quarters(screen: Visit) -> None:
    screen.page.emulate_media(reduced_motion="reduce")
    drawn(screen, f"indicator=care_bed_share&at={stores.YEAR_BEFORE}")
    wait_for_quarter(screen, stores.YEAR_BEFORE)
    screen.page.get_by_role("button", name="下一季").click()
    wait_for_quarter(screen, stores.BEFORE)
    screen.page.wait_for_timeout(1500)
    wait_for_quarter(screen, stores.BEFORE)


def test_nothing_on_a_phone_is_wider_than_the_phone(phone: Visit) -> None:
    drawn(phone, "indicator=station_coverage&lang=en", 45)
    for mode, name in (("one", "Map"), ("change", "Change"), ("several", "Quarters"),
                       ("two", "Two maps")):  # fmt: skip
        if mode != "one":
            phone.page.get_by_role("radio", name=name, exact=True).click()
            phone.wait_for_choice("mode", mode)
            phone.wait_until_idle()
            expect(phone.page.locator(FIGURE)).to_have_count(1 + (mode == "two"))
            phone.wait_for_drawn(FIGURE, ".choroplethlayer path", 45)
        widths = phone.page.evaluate(
            "() => [document.documentElement.scrollWidth,"
            " ...[...document.querySelectorAll('.map-explorer-figure .annotation-text,"
            " .map-explorer-bar')].map((t) => t.getBoundingClientRect().right)]"
        )
        assert len(widths) > 3
        assert max(widths) <= PHONE["width"]
    wait_for_quarter(phone, stores.YEAR_BEFORE, 1)
    tops = [b.bounding_box()["y"] for b in phone.page.locator(FIGURE).all()]  # type: ignore[index]
    assert tops[1] > tops[0] + 300  # one above the other
