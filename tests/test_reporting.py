"""The pages about reports: handing in, checking, storing, the ledger, taking back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import dashboard_stores as stores
import pytest
from forms import RENHUA, SHIXING, WENGYUAN, form, good, row, stored, submitted, table
from streamlit.testing.v1 import AppTest

from app import settings
from app.intake import drafts, ledger
from app.settings import Settings

PERIOD = "2023Q2"
UPLOAD, HISTORY = "pages/submit/upload.py", "pages/submit/history.py"


@pytest.fixture
def house(store: Settings) -> Iterator[Settings]:
    """A store of one's own that the pages of this process use."""
    assert store.catalog_file is not None
    with stores.store_at(store.catalog_file.parent) as config:
        yield config


def opened(page: str, **query: str) -> AppTest:
    """A page about reports as a link opens it."""
    return stores.opened(page, **query)


def handed_in(path: Path, **query: str) -> AppTest:
    """The page of uploads with a file in its uploader."""
    at = opened(UPLOAD, **query)
    at.file_uploader[0].upload(path.name, path.read_bytes(), "application/octet-stream")
    at.run()
    assert not at.exception, at.exception
    return at


def filled(at: AppTest, note: str = "二季度", explanation: str | None = None) -> AppTest:
    """The form of the last step, filled in and sent."""
    at.text_input(key="confirm_by").set_value("养老科")
    at.text_input(key="confirm_note").set_value(note)
    if explanation is not None:
        at.text_area(key="confirm_explanation").set_value(explanation)
    next(b for b in at.button if b.label in ("确认入库", "Store")).click()
    at.run()
    assert not at.exception, at.exception
    return at


def words(at: AppTest) -> str:
    """All running text of a page."""
    parts = [*at.markdown, *at.caption, *at.error, *at.warning, *at.success, *at.info]
    return "\n".join(str(part.value) for part in parts)


def offers_to_store(at: AppTest) -> bool:
    """Whether the last step is there."""
    return any(b.label == "确认入库" for b in at.button)


# ------------------------------------------------------------------ handing in


def test_an_empty_store_can_be_reported_to(house: Settings) -> None:
    at = opened(UPLOAD)
    assert not at.exception
    assert at.title[0].value == "上报数据"
    assert len(at.file_uploader) == 1


def test_a_good_file_is_previewed_and_stored(house: Settings, tmp_path: Path) -> None:
    path = form(tmp_path / "床位.xlsx", PERIOD, {SHIXING: good(), RENHUA: good()})
    at = handed_in(path)
    assert "没有错误" in words(at)
    assert "新增 **18** 格" in words(at)  # two counties with nine figures each
    assert ledger.history(house) == []
    filled(at)
    assert "已入库，编号 S1" in words(at)
    (newest,) = ledger.history(house)
    assert (newest["submitted_by"], newest["note"], newest["added"]) == ("养老科", "二季度", 18)
    assert newest["file_name"] == "床位.xlsx"


def test_a_file_with_an_error_can_not_be_stored(house: Settings, tmp_path: Path) -> None:
    path = form(tmp_path / "床位.xlsx", PERIOD, {SHIXING: good(beds_care=2000)})
    at = handed_in(path)
    assert "改正后才能入库" in words(at)
    assert "护理型床位数多于养老机构床位数" in at.table[0].value.to_string()
    assert not offers_to_store(at)


def test_a_warning_wants_an_explanation(house: Settings, tmp_path: Path) -> None:
    path = form(tmp_path / "床位.xlsx", PERIOD, {SHIXING: good(residents=900)})
    at = handed_in(path)
    filled(at)
    assert "请说明原因" in words(at)
    assert ledger.history(house) == []
    filled(at, explanation="临时加床")
    assert ledger.history(house)[0]["explanation"] == "临时加床"


def test_the_form_names_what_is_missing_in_it(house: Settings, tmp_path: Path) -> None:
    at = handed_in(form(tmp_path / "床位.xlsx", PERIOD, {SHIXING: good()}))
    next(b for b in at.button if b.label == "确认入库").click()
    at.run()
    assert "请填写填报人" in words(at)
    assert "请填写备注" in words(at)
    assert ledger.history(house) == []


def test_a_file_that_is_no_workbook_is_one_plain_sentence(house: Settings, tmp_path: Path) -> None:
    path = tmp_path / "照片.xlsx"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(200))
    at = handed_in(path)
    assert len(at.error) == 1
    assert "照片.xlsx" in at.error[0].value
    assert not offers_to_store(at)


def test_the_same_figures_again_need_not_be_stored(house: Settings, tmp_path: Path) -> None:
    path = form(tmp_path / "床位.xlsx", PERIOD, {SHIXING: good()})
    stored(house, path)
    at = handed_in(path)
    assert "与已入库的数完全相同" in words(at)
    assert not offers_to_store(at)


def test_a_name_that_fits_no_area_is_picked_once_and_remembered(
    house: Settings, tmp_path: Path
) -> None:
    def named(period: str) -> Path:
        cells = row("x", period)
        del cells["area_code"]
        return table(tmp_path / f"{period}.csv", [{"area_name": "翁原先"} | cells])

    at = handed_in(named(PERIOD))
    box = next(b for b in at.selectbox if "翁原先" in b.label)
    assert not offers_to_store(at)
    box.set_value(WENGYUAN)
    at.run()
    filled(at)
    assert {c.area_code for c in ledger.changes(house, 1)} == {WENGYUAN}
    again = handed_in(named("2023Q3"))
    assert not [b for b in again.selectbox if "翁原先" in b.label]
    assert offers_to_store(again)


def test_a_file_is_found_again_by_its_link_and_gone_once_stored(
    house: Settings, tmp_path: Path
) -> None:
    path = form(tmp_path / "床位.xlsx", PERIOD, {SHIXING: good()})
    handed_in(path)
    (draft,) = drafts.pending(house)
    at = opened(UPLOAD, file=draft.sha256)  # as after a lost connection
    assert "床位" in words(at)
    filled(at)
    assert drafts.pending(house) == []
    late = opened(UPLOAD, file=draft.sha256)  # a second tab, or the page drawn anew
    assert "已经入库（S1）" in words(late)
    assert len(ledger.history(house)) == 1


def test_what_others_stored_since_the_preview_is_shown_before_anything_is_written(
    house: Settings, tmp_path: Path
) -> None:
    at = handed_in(form(tmp_path / "床位.xlsx", PERIOD, {SHIXING: good(beds_total=260)}))
    others = form(tmp_path / "别人.xlsx", PERIOD, {SHIXING: good(beds_total=230)})
    submitted(house, others)
    filled(at)
    assert "预览之后有人入库了有关的数" in words(at)
    assert len(ledger.history(house)) == 1
    assert "改动 **1** 格" in words(at)  # 230 beds become 260


def test_text_from_a_file_is_text_on_the_page(house: Settings, tmp_path: Path) -> None:
    path = form(tmp_path / "床位.xlsx", PERIOD, {SHIXING: good(beds_total="**:red[x]** <b>y</b>")})
    at = handed_in(path)
    cell = at.table[0].value.iloc[0, 2]
    assert cell == r"\*\*\:red\[x\]\*\* \<b\>y\<\/b\>"


def test_the_page_speaks_english(house: Settings, tmp_path: Path) -> None:
    path = form(tmp_path / "beds.xlsx", PERIOD, {SHIXING: good(residents=900)}, lang="en")
    at = handed_in(path, lang="en")
    chinese = [c for c in words(at) if "\u4e00" <= c <= "\u9fff"]
    assert "".join(chinese) == ""
    filled(at, explanation="extra beds")
    assert "Stored as S1" in words(at)


# ------------------------------------------------------------------ the ledger


def test_an_empty_ledger_says_so(house: Settings) -> None:
    at = opened(HISTORY)
    assert not at.exception
    assert "还没有入库记录" in words(at)


def test_a_submission_shows_who_when_why_and_each_cell(house: Settings, tmp_path: Path) -> None:
    stored(house, form(tmp_path / "床位.xlsx", PERIOD, {SHIXING: good()}))
    at = opened(HISTORY, submission="S1")
    assert not at.exception
    assert "填报人" in words(at)
    assert "新增 **9** 格" in words(at)
    cells = next(f.value for f in at.dataframe if "项目" in f.value.columns)
    assert len(cells) == 9
    assert cells[cells["项目"] == "养老机构床位数"]["现在"].tolist() == ["200张"]


def test_a_submission_is_reverted_with_a_reason(house: Settings, tmp_path: Path) -> None:
    stored(house, form(tmp_path / "床位.xlsx", PERIOD, {SHIXING: good()}))
    at = opened(HISTORY, submission="S1")
    button = next(b for b in at.button if b.label == "确认撤销")
    button.click()
    at.run()
    assert "请填写填报人和原因" in words(at)
    at.text_input(key="revert_by_1").set_value("养老科")
    at.text_input(key="revert_reason_1").set_value("填错行")
    next(b for b in at.button if b.label == "确认撤销").click()
    at.run()
    assert "已撤销 S1" in words(at)
    newest = ledger.history(house)[0]
    assert (newest["reverts"], newest["note"], newest["removed"]) == (1, "填错行", 9)


def test_a_wrong_figure_is_withdrawn_with_a_reason(house: Settings, tmp_path: Path) -> None:
    stored(house, form(tmp_path / "床位.xlsx", "2026Q3", {SHIXING: good(), RENHUA: good()}))
    at = opened(HISTORY)
    at.selectbox(key="withdraw_dataset").set_value("care_beds")
    at.selectbox(key="withdraw_period").set_value("2026Q3")
    at.selectbox(key="withdraw_area").set_value(SHIXING)
    at.run()
    measures = at.multiselect(key=f"withdraw_measures_care_beds_2026Q3_{SHIXING}")
    measures.set_value(["residents"])
    at.text_input(key="withdraw_by").set_value("养老科")
    at.text_input(key="withdraw_reason").set_value("误报")
    next(b for b in at.button if b.label == "确认撤回").click()
    at.run()
    assert "已撤回 1 格" in words(at)
    kept = {c.measure_id for c in ledger.stored_cells(house, "care_beds", "2026Q3", SHIXING)}
    assert len(kept) == 8 and "residents" not in kept
    other = ledger.stored_cells(house, "care_beds", "2026Q3", RENHUA)
    assert len(other) == 9


def test_a_submission_opens_the_dashboard_at_its_vintage(house: Settings, tmp_path: Path) -> None:
    for period in (PERIOD, "2023Q3"):
        stored(house, form(tmp_path / f"{period}.xlsx", period, {SHIXING: good()}))
    at = opened(HISTORY, submission="S1")
    next(b for b in at.button if b.label == "打开这一版的看板").click()
    at.run()
    assert "第 1 版" in words(at)
    assert settings.load().catalog == house.catalog
