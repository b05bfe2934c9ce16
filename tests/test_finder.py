"""Search from every page, and the link to what is seen."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from browser_fixtures import PATIENCE, Visit

from app import areas, catalogue, finder, menu

KNOWN = catalogue.load()
TIANHE, WENGYUAN = "440106", "440229"
FIELD, LIST, COPY = ".finder-field", ".finder-list", ".finder-copy"


def keys(kind: str, name: str) -> list[str]:
    return next(finder.keys_of(e) for e in finder.entries("zh") if (e.kind, e.id) == (kind, name))


def test_all_areas_cities_indicators_datasets_and_pages_can_be_found() -> None:
    for lang in ("zh", "en"):
        found: dict[str, set[str]] = {}
        for entry in finder.entries(lang):
            found.setdefault(entry.kind, set()).add(entry.id)
            assert entry.name
        assert found["county"] == set(areas.load())
        assert found["city"] == set(areas.cities()) - set(areas.load())
        assert found["indicator"] == set(KNOWN.indicators)
        assert found["dataset"] == set(KNOWN.datasets)
        assert found["page"] == set(menu.names())


def test_a_county_is_written_by_name_pinyin_initials_code_and_in_english() -> None:
    assert {"翁源县", "wengyuanxian", "wyx", "440229", "wengyuancounty", "wengyuan"} <= set(
        keys("county", WENGYUAN)
    )
    # the dictionary of pinyin reads 佛 as in Buddha; the reference table knows better
    assert "fogang" in keys("county", "441821")


def test_the_pinyin_of_the_reference_table_is_a_way_to_write_every_county() -> None:
    for code, area in areas.load().items():
        assert finder.plain(area.pinyin) in keys("county", code)


def test_an_indicator_is_written_in_both_languages_and_by_initials() -> None:
    found = keys("indicator", "care_bed_share")
    assert {"护理型床位占比", "hlxcwzb", "carebedshare", "caretypeshareofbeds"} <= set(found)


def test_the_file_of_what_can_be_found_is_written_anew_where_it_is_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finder, "STATIC", tmp_path)
    old = tmp_path / "finder-zh-000000000000.json"
    old.write_text("[]")
    finder.index.cache_clear()
    name = finder.index("zh")
    assert (tmp_path / name).stat().st_size > 10_000
    assert not old.exists()
    finder.index.cache_clear()


def test_where_nothing_can_be_written_the_list_goes_with_the_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = tmp_path / "static"
    closed.write_text("no folder")
    monkeypatch.setattr(finder, "STATIC", closed)
    finder.index.cache_clear()
    listed = finder.listed("en")["entries"]
    assert {each["id"] for each in listed} >= {WENGYUAN, "care_bed_share", "planner"}
    finder.index.cache_clear()


# ------------------------------------------------------------------ in the browser


def ready(visit: Visit, path: str) -> None:
    visit.page.goto(f"{visit.address}/{path}")
    visit.page.wait_for_selector(FIELD, timeout=PATIENCE)
    visit.wait_until_idle()


def query(address: str) -> dict[str, str]:
    return {key: values[0] for key, values in parse_qs(urlsplit(address).query).items()}


@pytest.mark.parametrize(
    ("typed", "place", "chosen"),
    [
        ("wyx", "/county", {"county": WENGYUAN, "period": "2023Q4"}),
        ("天河", "/county", {"county": TIANHE, "scope": "440000", "period": "2023Q4"}),
        ("hlxcwzb", "/care_beds", {"period": "2023Q4"}),
        ("社工点覆盖率", "/social_work_stations", {"indicator": "point_coverage"}),
        ("清远", "/", {"scope": "441800"}),
    ],
)
def test_what_is_typed_is_found_and_opened_by_enter(
    screen: Visit, typed: str, place: str, chosen: dict[str, str]
) -> None:
    ready(screen, "social_assistance?period=2023Q4")
    screen.page.keyboard.press("/")
    screen.page.keyboard.type(typed)
    screen.page.wait_for_selector(f"{LIST} li[aria-selected=true]", timeout=PATIENCE)
    screen.page.keyboard.press("Enter")
    screen.page.wait_for_url(lambda url: urlsplit(url).path == place, timeout=PATIENCE)
    for key, value in chosen.items():
        screen.wait_for_choice(key, value)


def test_nothing_found_says_so_and_escape_closes_the_list(phone: Visit) -> None:
    ready(phone, "history")
    phone.page.fill(FIELD, "没有这个县")
    assert "没有找到" in phone.text(f"{LIST} .finder-none")
    phone.page.keyboard.press("Escape")
    assert phone.page.locator(LIST).is_hidden()


def test_a_copied_link_holds_all_that_is_chosen_and_opens_the_same(screen: Visit) -> None:
    screen.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    ready(screen, f"county?county={WENGYUAN}")
    screen.page.click(COPY)
    screen.page.wait_for_selector(".finder-told:not([hidden])", timeout=PATIENCE)
    link = screen.page.evaluate("navigator.clipboard.readText()")
    # the default quarter is named, so that the link shows the same when there is a newer one
    assert query(link)["period"] == "2024Q4"
    assert query(link)["county"] == WENGYUAN
    shown = screen.text(".profile")
    screen.page.goto("about:blank")
    screen.page.goto(link)
    screen.page.wait_for_selector(".profile tr[data-id]", timeout=PATIENCE)
    assert screen.text(".profile") == shown


def test_a_link_is_copied_where_the_browser_keeps_its_clipboard_to_itself(screen: Visit) -> None:
    ready(screen, "care_beds")
    # as on an intranet without https
    screen.page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    screen.page.click(COPY)
    screen.page.wait_for_selector(".finder-told:not([hidden])", timeout=PATIENCE)


def test_the_profile_fits_a_phone_and_a_sheet_of_paper(phone: Visit, tmp_path: Path) -> None:
    ready(phone, f"county?county={WENGYUAN}")
    phone.page.wait_for_selector(".profile tr[data-id]", timeout=PATIENCE)
    wide, room = phone.page.evaluate(
        "[document.querySelector('.profile table').scrollWidth, innerWidth]"
    )
    assert wide <= room
    printed = phone.page.pdf(prefer_css_page_size=True)
    assert printed.count(b"/Type /Page\n") + printed.count(b"/Type /Page ") == 1


def test_a_row_of_the_profile_opens_its_indicator(screen: Visit) -> None:
    ready(screen, f"county?county={WENGYUAN}")
    screen.page.click(".profile tr[data-id=point_coverage]")
    screen.page.wait_for_url("**/social_work_stations?**", timeout=PATIENCE)
    screen.wait_for_choice("indicator", "point_coverage")
    assert screen.chosen()["county"] == WENGYUAN
