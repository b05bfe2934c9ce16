"""The whole round of an analyst in Chromium: from the empty workbook to a corrected figure."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import dashboard_stores as stores
import openpyxl
import pytest
from browser_fixtures import PATIENCE, SCREEN, Tab, Visit, served, visited
from forms import GOOD, SHIXING
from playwright.sync_api import expect

from app import catalogue, periods, settings
from app.intake import ledger

DATASET = catalogue.load().dataset("care_beds")
SHAOGUAN = ["440203", "440204", "440205", "440222", "440224", "440229", "440232", "440233",
            "440281", "440282"]  # fmt: skip


@pytest.fixture
def folder(beds_alone: Path, tmp_path: Path) -> Path:
    """A store of one's own, which the test changes."""
    shutil.copytree(beds_alone, tmp_path / "store")
    return tmp_path / "store"


@pytest.fixture
def screen(tab: Tab, folder: Path) -> Iterator[Visit]:
    with served(folder) as address:
        yield visited(tab, address, SCREEN)


def at_upload(visit: Visit, path: str = "upload") -> None:
    """The page for handing in data, ready."""
    visit.page.goto(f"{visit.address}/{path}")
    expect(visit.page.get_by_role("heading", name="上报数据")).to_be_visible(timeout=PATIENCE)
    visit.wait_until_idle()


def choose(visit: Visit, box: str, option: str) -> None:
    """Choose an option of a box by typing it."""
    field = visit.page.get_by_role("combobox", name=box, exact=True)
    field.click()
    field.fill(option)
    visit.page.get_by_role("option", name=option, exact=True).click()
    visit.page.wait_for_timeout(300)  # until the page has begun to run
    visit.wait_until_idle()


def hand_in(visit: Visit, path: Path) -> None:
    """Hand in a file and wait for its preview."""
    visit.page.set_input_files("input[type=file]", path)
    visit.page.wait_for_function("() => location.search.includes('file=')", timeout=PATIENCE)
    heading = visit.page.get_by_role("heading", name="3　检查与预览")
    expect(heading).to_be_visible(timeout=PATIENCE)
    visit.page.wait_for_timeout(300)
    visit.wait_until_idle()


def fill(path: Path, rows: dict[str, dict[str, object]]) -> None:
    """Type figures into a workbook as it was downloaded."""
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    header = next(r for r in sheet.iter_rows() if r[0].value == "行政区划代码")
    columns = {str(c.value).split("\n")[0]: c.column for c in header}
    for line in sheet.iter_rows(min_row=header[0].row + 1):
        for measure_id, value in rows.get(str(line[0].value), {}).items():
            sheet.cell(line[0].row, columns[DATASET.measure(measure_id).label("zh")], value)
    book.save(path)


def store(visit: Visit, note: str, explanation: str | None = None) -> None:
    """Fill in who and what, and store."""
    page = visit.page
    page.get_by_label("填报人", exact=True).fill("市民政局养老科")
    page.get_by_label("备注", exact=True).fill(note)
    if explanation:
        page.get_by_label(re.compile("^提醒的原因说明")).fill(explanation)
    page.get_by_role("button", name="确认入库").click()
    expect(page.get_by_text("已入库，编号")).to_be_visible(timeout=PATIENCE)


def share_of_shixing(visit: Visit) -> str:
    """What the page of care beds says of one county in the last quarter of the sample."""
    visit.open(f"care_beds?scope=440200&county={SHIXING}&period={stores.LATEST}")
    told = visit.page.locator(".st-key-headline").get_by_text(re.compile("始兴县"))
    return re.sub(r"\s", "", told.first.inner_text(timeout=PATIENCE))


def test_from_the_empty_workbook_to_a_figure_and_back(
    screen: Visit, folder: Path, tmp_path: Path
) -> None:
    sampled_share = share_of_shixing(screen)
    assert "50.0%" not in sampled_share

    at_upload(screen)
    choose(screen, "报表", "护理型床位")
    choose(screen, "报告期", periods.label(stores.LATEST, "zh"))
    choose(screen, "市", "韶关市")
    with screen.page.expect_download(timeout=PATIENCE) as begun:
        screen.page.get_by_role("button", name="下载上报表").click()
    assert begun.value.suggested_filename == "护理型床位_2024年四季度韶关市.xlsx"
    path = tmp_path / "床位.xlsx"
    begun.value.save_as(path)

    # more care-type beds than beds: refused, and the marked workbook says where
    good = {code: dict(GOOD["care_beds"], beds_total=240) for code in SHAOGUAN}
    wrong = good | {SHIXING: good[SHIXING] | {"beds_care": 2400}}
    fill(path, wrong)
    hand_in(screen, path)
    expect(screen.page.get_by_text(re.compile("有 [0-9]+ 处错误，改正后才能入库"))).to_be_visible()
    expect(screen.page.get_by_role("button", name="确认入库")).to_have_count(0)
    with screen.page.expect_download(timeout=PATIENCE) as begun:
        screen.page.get_by_role("button", name="下载标注好的原表").click()
    begun.value.save_as(tmp_path / "标注.xlsx")
    marked = openpyxl.load_workbook(tmp_path / "标注.xlsx")
    comments = [
        cell.comment.text
        for sheet in marked for line in sheet.iter_rows() for cell in line
        if cell.comment is not None and cell.value == 2400
    ]  # fmt: skip
    assert any("护理型床位数多于养老机构床位数" in text for text in comments)
    with stores.store_at(folder):
        assert all(row["sample"] for row in ledger.history(settings.load()))

    # mended: 120 of 240 are half
    fill(path, good)
    at_upload(screen)
    hand_in(screen, path)
    expect(screen.page.get_by_text("新增 90 格")).to_be_visible(timeout=PATIENCE)
    store(screen, "韶关市2024年四季度")
    assert "50.0%" in share_of_shixing(screen)
    with stores.store_at(folder):
        newest = ledger.history(settings.load())[0]
    assert (newest["submitted_by"], newest["added"]) == ("市民政局养老科", 90)

    # the very same file again stores nothing
    at_upload(screen)
    hand_in(screen, path)
    expect(screen.page.get_by_text("与已入库的数完全相同")).to_be_visible(timeout=PATIENCE)

    screen.page.goto(f"{screen.address}/history?submission=S{newest['vintage']}")
    withdrawal = screen.page.get_by_text(f"撤销 S{newest['vintage']}").first
    expect(withdrawal).to_be_visible(timeout=PATIENCE)
    screen.wait_until_idle()  # what is opened before the page has settled is shut again
    withdrawal.click(timeout=PATIENCE)
    screen.page.get_by_label("填报人", exact=True).first.fill("市民政局养老科")
    screen.page.get_by_label("原因", exact=True).first.fill("填错行")
    screen.page.get_by_role("button", name="确认撤销").click()
    expect(screen.page.get_by_text("已撤销")).to_be_visible(timeout=PATIENCE)
    assert share_of_shixing(screen) == sampled_share

    # and what stood before the revert can be seen again
    screen.open(f"care_beds?county={SHIXING}&as_of={newest['vintage']}&scope=440200")
    expect(screen.page.get_by_text("历史版本").first).to_be_visible()
    expect(screen.page.locator(".st-key-headline")).to_contain_text("50.0%")
    assert screen.outside == []
