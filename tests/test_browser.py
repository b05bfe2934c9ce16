"""The dashboard in Chromium with nothing but this machine within reach."""

from __future__ import annotations

import csv
import io
import struct
from pathlib import Path
from urllib.parse import urlsplit

import dashboard_stores as stores
import pytest
from browser_fixtures import (
    MAP,
    PATIENCE,
    PHONE,
    RANKING,
    SCREEN,
    Tab,
    Visit,
    free_port,
    served,
    visited,
)
from playwright.sync_api import expect

from app import areas, catalogue

KNOWN = catalogue.load()
TITLES = {"": "总览"} | {d.id: d.label("zh") for d in KNOWN.datasets.values()}
WENGYUAN = "440229"
# The middle of a row of the ranking
POINT_OF_ROW = """(row) => {
  const plot = document.querySelector('.st-key-figure_ranking .js-plotly-plot');
  const { _size: size, yaxis } = plot._fullLayout, box = plot.getBoundingClientRect();
  return [box.x + size.l + size.w / 2, box.y + size.t + yaxis.d2p(row)];
}"""


def test_a_link_that_is_opened_first_finds_its_page(screen: Visit) -> None:
    screen.open("care_beds?scope=440200&county=440229")
    expect(screen.page.get_by_role("heading", name="护理型床位", exact=True)).to_be_visible()
    assert "Page not found" not in screen.text()
    assert screen.chosen()["county"] == WENGYUAN


def test_the_board_of_tasks_draws_with_the_internet_out_of_reach(screen: Visit) -> None:
    screen.page.goto(f"{screen.address}/work_tasks")
    screen.wait_for_drawn(".st-key-figure_heat", ".main-svg", 1)
    assert "样例数据" in screen.text(".st-key-figure_heat")
    assert "汕尾市" in screen.text(".st-key-figure_heat")
    assert screen.outside == []


@pytest.mark.parametrize("path", [path for path in TITLES if path != "work_tasks"])
def test_every_page_draws_with_the_internet_out_of_reach(screen: Visit, path: str) -> None:
    screen.open(path)
    heading = screen.page.get_by_role("heading", name=TITLES[path], exact=True).first
    expect(heading).to_be_visible(timeout=PATIENCE)
    screen.wait_for_map()
    assert "韶关市" in screen.text(MAP)
    assert "边界数据来源：天地图" in screen.text(MAP)
    assert "样例数据" in screen.text(RANKING)
    assert screen.outside == []


def test_city_borders_lie_over_the_counties(screen: Visit) -> None:
    screen.open("care_beds")
    screen.wait_for_map()
    expect(screen.page.locator(f"{MAP} .layer.rivers path")).not_to_have_count(0)


def test_a_county_clicked_on_the_map_is_selected_everywhere_and_let_go_again(
    screen: Visit,
) -> None:
    screen.open("care_beds")
    screen.click_county(WENGYUAN)
    screen.wait_for_choice("county", WENGYUAN)
    beds = stores.reported("care_beds").loc[WENGYUAN]
    own = f"翁源县 {100 * beds['beds_care'] / beds['beds_total']:.1f}%"
    expect(screen.page.locator(".st-key-headline")).to_contain_text(own, timeout=PATIENCE)
    screen.page.wait_for_function(
        "() => [...document.querySelectorAll('.st-key-figure_ranking .ytick text')]"
        ".some((t) => t.textContent.includes('翁源县') && t.innerHTML.includes('bold'))",
        timeout=PATIENCE,
    )
    expect(screen.page.get_by_role("combobox").nth(2)).to_have_value("翁源县（韶关市）")
    screen.wait_until_idle()
    screen.click_county(WENGYUAN)
    screen.wait_for_choice("county", None)


def test_a_county_clicked_in_the_ranking_is_selected(screen: Visit) -> None:
    screen.open("care_beds?indicator=care_bed_share")
    beds = stores.reported("care_beds")
    rates = (beds["beds_care"] / beds["beds_total"]).loc[sorted(areas.pilot())].dropna()
    second = rates.sort_values(ascending=False).index[1]
    screen.page.mouse.click(*screen.page.evaluate(POINT_OF_ROW, 1))
    screen.wait_for_choice("county", second)


def test_going_back_undoes_the_last_choice(screen: Visit) -> None:
    screen.open("care_beds")
    boxes = screen.page.get_by_role("combobox")
    headline = screen.page.locator(".st-key-headline")
    screen.click_county(WENGYUAN)
    expect(headline).to_contain_text("翁源县", timeout=PATIENCE)
    screen.wait_until_idle()
    screen.choose(1, "粤西（18）")
    screen.wait_for_choice("scope", "粤西")
    expect(headline).not_to_contain_text("翁源县", timeout=PATIENCE)
    screen.wait_until_idle()
    screen.page.go_back()
    expect(headline).to_contain_text("翁源县", timeout=PATIENCE)
    expect(boxes.nth(1)).to_have_value("试点县（45）")
    screen.wait_until_idle()
    screen.page.go_back()
    expect(headline).not_to_contain_text("翁源县", timeout=PATIENCE)
    expect(boxes.nth(2)).to_have_value("全部")
    assert screen.chosen() == {}


def test_the_other_language_and_another_page_keep_what_was_chosen(screen: Visit) -> None:
    screen.open(f"care_beds?scope=440200&county={WENGYUAN}&period={stores.BEFORE}")
    screen.page.get_by_text("English", exact=True).click()
    screen.wait_for_choice("lang", "en")
    heading = screen.page.get_by_role("heading", name="Care-type beds", exact=True)
    expect(heading).to_be_visible(timeout=PATIENCE)
    screen.wait_until_idle()
    screen.page.get_by_role("link", name="Social work stations").click()
    heading = screen.page.get_by_role("heading", name="Social work stations", exact=True)
    expect(heading).to_be_visible(timeout=PATIENCE)
    kept = {"scope": "440200", "county": WENGYUAN, "period": stores.BEFORE, "lang": "en"}
    screen.wait_for_choice("county", WENGYUAN)
    assert kept.items() <= screen.chosen().items()


def test_quotation_marks_are_as_wide_as_the_language_wants_them(screen: Visit) -> None:
    def face() -> str:
        return str(screen.page.evaluate("getComputedStyle(document.body).fontVariantEastAsian"))

    screen.open("care_beds")
    assert face() == "normal"
    screen.open("care_beds?lang=en")
    assert face() == "proportional-width"


def test_the_first_screen_holds_the_headline_and_the_top_of_the_map(screen: Visit) -> None:
    screen.open("care_beds")
    screen.wait_for_map()
    assert "2024年四季度 · 粤东粤西粤北45个试点县" in screen.text()
    box = screen.page.locator(f"{MAP} .geo").first.bounding_box()
    assert box is not None
    assert box["y"] < 0.6 * SCREEN["height"]


@pytest.mark.parametrize("path", ["", "care_beds"])
def test_on_a_phone_the_ranking_comes_before_the_map_and_nothing_is_cut(
    phone: Visit, path: str
) -> None:
    phone.open(path)
    phone.wait_for_map()
    tops = [phone.page.locator(name).bounding_box() for name in (RANKING, MAP)]
    assert tops[0] is not None and tops[1] is not None
    assert tops[0]["y"] < tops[1]["y"]
    bar = phone.page.locator(".st-key-bar").bounding_box()
    assert bar is not None
    assert bar["height"] < 0.3 * PHONE["height"]
    ends = phone.page.evaluate(
        "() => [...document.querySelectorAll('.js-plotly-plot .annotation-text')]"
        ".map((t) => t.getBoundingClientRect().right)"
    )
    assert ends
    assert max(ends) <= PHONE["width"]


def test_no_width_of_the_window_lets_a_page_be_moved_sideways(screen: Visit) -> None:
    screen.page.goto(f"{screen.address}/history")
    expect(screen.page.get_by_role("heading", name="入库记录")).to_be_visible(timeout=PATIENCE)
    screen.wait_until_idle()
    for width in (1440, 1000, 700, 390):
        screen.page.set_viewport_size({"width": width, "height": 900})
        screen.page.wait_for_function(
            "() => { const main = document.querySelector('[data-testid=stMain]');"
            " return main.scrollWidth === main.clientWidth }",
            timeout=PATIENCE,
        )


def test_while_the_server_is_away_the_page_says_so_and_takes_no_click(
    tab: Tab, beds_alone: Path
) -> None:
    notice = "() => getComputedStyle(document.querySelector('.stApp'), '::after').content"
    port = free_port()
    with served(beds_alone, port) as address:
        visit = visited(tab, address, SCREEN)
        visit.page.goto(f"{address}/dictionary")
        expect(visit.page.get_by_role("heading", name="指标解释")).to_be_visible(timeout=PATIENCE)
        visit.wait_until_idle()
        assert visit.page.evaluate(notice) == "none"
    away = f"() => ({notice})().includes('正在重新连接')"
    visit.page.wait_for_function(away, timeout=PATIENCE)
    main = visit.page.locator("[data-testid=stMain]")
    assert main.evaluate("(e) => getComputedStyle(e).pointerEvents") == "none"
    with served(beds_alone, port):
        visit.page.wait_for_function(f"() => ({notice})() === 'none'", timeout=2 * PATIENCE)
        visit.wait_until_idle()
        visit.page.get_by_text("English", exact=True).click()
        heading = visit.page.get_by_role("heading", name="Indicator dictionary")
        expect(heading).to_be_visible(timeout=PATIENCE)


def test_headline_figures_stand_two_in_a_row_on_a_phone(phone: Visit) -> None:
    phone.open("care_beds")
    # all at once, since the page may still move
    tops = phone.page.wait_for_function(
        """() => {
          const metrics = [...document.querySelectorAll('[data-testid=stMetric]')];
          const tops = metrics.map((metric) => Math.round(metric.getBoundingClientRect().y));
          return tops.length >= 6 && tops;
        }""",
        timeout=PATIENCE,
    ).json_value()
    assert len(tops) == 6
    assert tops[0] == tops[1] < tops[2] == tops[3] < tops[4] == tops[5]


def test_the_csv_that_is_downloaded_opens_right_in_excel(screen: Visit) -> None:
    screen.open("care_beds?scope=440200")
    with screen.page.expect_download(timeout=PATIENCE) as begun:
        screen.page.get_by_role("button", name="下载 CSV").click()
    file = begun.value
    assert file.suggested_filename == "数据表_护理型床位_2024年四季度.csv"
    data = Path(file.path()).read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    records = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
    inside = [code for code, area in areas.load().items() if area.city_code == "440200"]
    assert {r["行政区划代码"] for r in records} == set(inside)
    beds = stores.reported("care_beds").loc[WENGYUAN]
    record = next(
        r for r in records if (r["行政区划代码"], r["指标代号"]) == (WENGYUAN, "care_bed_share")
    )
    assert float(record["数值"]) == 100 * beds["beds_care"] / beds["beds_total"]
    assert record["是否样例"] == "样例数据"


def test_the_picture_of_a_map_is_fine_enough_for_print_and_has_a_chinese_name(
    screen: Visit,
) -> None:
    screen.open("care_beds?indicator=care_bed_share")
    screen.wait_for_map()
    screen.page.locator(MAP).hover()
    with screen.page.expect_download(timeout=PATIENCE) as begun:
        screen.page.locator(f"{MAP} .modebar-btn").first.click()
    file = begun.value
    assert file.suggested_filename == "地图_护理型床位占比_2024年四季度.png"
    head = Path(file.path()).read_bytes()[:24]
    assert head.startswith(b"\x89PNG")
    assert struct.unpack(">I", head[16:20])[0] >= 3000
    assert screen.outside == []


def test_a_cell_of_the_table_of_all_indicators_opens_the_county_on_the_indicator(
    screen: Visit,
) -> None:
    screen.page.goto(f"{screen.address}/rug?part=care_beds")
    row = screen.page.locator(".rug tr", has=screen.page.get_by_text("翁源县", exact=True))
    row.locator("td").nth(1).click(timeout=PATIENCE)
    screen.wait_for_drawn(RANKING, ".main-svg", 1)
    assert urlsplit(screen.page.url).path == "/care_beds"
    second = KNOWN.dataset("care_beds").indicators[1]
    assert screen.chosen() == {"county": WENGYUAN, "indicator": second.id}
    expect(screen.page.get_by_role("combobox").nth(3)).to_have_value(second.short("zh"))
    assert screen.outside == []


def test_what_is_beyond_this_machine_is_out_of_reach_and_noted(screen: Visit) -> None:
    address = "http://192.0.2.1/a.js"  # RFC 5737: nobody's
    failed = screen.page.evaluate("(url) => fetch(url).catch((e) => e.message)", address)
    assert failed == "Failed to fetch"
    assert screen.outside == [address]
