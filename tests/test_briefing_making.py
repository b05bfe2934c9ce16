"""Briefings as files, alone and in batches: what fails is named, nothing else is lost."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import docx
import openpyxl
import pptx
import pytest
from dashboard_stores import LATEST, opened, store_at

from app import areas, pictures, scopes, settings
from app.briefing import batch, ledger, make
from app.briefing.batch import Archive, Batch
from app.briefing.make import Failed, Made
from app.briefing.parts import Request, text
from app.errors import BadRequest, NoBrowser, PictureTooSlow, UnknownName

NANAO, ZIJIN = "440523", "441621"


@pytest.fixture(autouse=True)
def at_store(sampled: Path, tmp_path: Path) -> Iterator[None]:
    """The sampled store, with a ledger of briefings of one's own."""
    with store_at(sampled), pytest.MonkeyPatch.context() as patch:
        patch.setenv("DASHBOARD_FILES", str(sampled / "files"))
        yield


def request(code: str, lang: str = "zh") -> Request:
    return Request("county", LATEST, code, lang)


def words(document: bytes) -> str:
    """All text of a Word file."""
    found = docx.Document(io.BytesIO(document))
    return "\n".join(t.text or "" for t in found.element.iter() if t.tag.endswith("}t"))


@pytest.fixture(scope="module")
def nanao(sampled: Path) -> Made:
    with store_at(sampled):
        return make.one(request(NANAO), ".docx")


def test_a_briefing_is_a_file_named_after_its_title_and_entered_in_the_ledger(nanao: Made) -> None:
    assert nanao.name == f"{nanao.briefing.title}.docx"
    assert "南澳县" in nanao.name and nanao.lacking == ()
    assert ledger.opened(settings.load(), nanao.recorded).briefing == nanao.briefing


def test_every_number_of_the_briefing_is_in_the_file(nanao: Made) -> None:
    told = words(nanao.content)
    assert len(nanao.briefing.numbers()) > 20
    assert [n.shown for n in nanao.briefing.numbers() if n.shown not in told] == []


def test_the_pictures_are_in_the_word_file_and_native_charts_in_the_others() -> None:
    word = docx.Document(io.BytesIO(make.one(request(NANAO), ".docx").content))
    assert len(word.inline_shapes) == 1
    slides = pptx.Presentation(io.BytesIO(make.one(request(NANAO), ".pptx").content))
    assert sum(shape.has_chart for slide in slides.slides for shape in slide.shapes) == 1
    book = openpyxl.load_workbook(io.BytesIO(make.one(request(NANAO), ".xlsx").content))
    assert sum(len(sheet._charts) for sheet in book) == 1


def test_without_a_browser_the_file_is_made_and_says_which_picture_it_lacks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def none(*_: object, **__: object) -> bytes:
        raise NoBrowser("error.no_browser")

    monkeypatch.setattr(pictures, "png", none)
    made = make.one(request(NANAO), ".docx")
    (chart,) = made.briefing.charts()
    (lacking,) = made.lacking
    assert chart.caption in lacking
    assert not docx.Document(io.BytesIO(made.content)).inline_shapes


def test_one_picture_that_takes_too_long_does_not_cost_the_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    drawn, real = [], pictures.png

    def first_hangs(*args: object, **kwargs: object) -> bytes:
        drawn.append(args)
        if len(drawn) == 1:
            raise PictureTooSlow("error.picture_too_slow", seconds=1)
        return real(*args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(pictures, "png", first_hangs)
    made = make.one(Request("bulletin", LATEST, areas.PILOT), ".docx")
    assert len(made.lacking) == 1
    shapes = docx.Document(io.BytesIO(made.content)).inline_shapes
    assert len(shapes) == len(made.briefing.charts()) - 1 > 0


def test_another_kind_of_file_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(BadRequest, match=r"\.docx, \.pdf, \.pptx, \.xlsx"):
        make.one(request(NANAO), ".odt")


def test_a_county_that_does_not_exist_is_named() -> None:
    with pytest.raises(UnknownName, match="449999"):
        make.one(request("449999"), ".xlsx")


def test_a_batch_keeps_its_order_and_one_that_fails_does_not_stop_the_others() -> None:
    wanted = [request(NANAO), request("449999"), request(ZIJIN)]
    first, failed, last = make.several(wanted, ".xlsx")
    assert isinstance(first, Made) and "南澳县" in first.name
    assert isinstance(failed, Failed) and failed.request == wanted[1]
    assert "449999" in failed.reason
    assert isinstance(last, Made) and "紫金县" in last.name


def test_a_fault_of_the_program_in_one_is_named_and_the_others_are_made(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real = make.workbook.made

    def faulty(briefing: object, drawn: object) -> bytes:
        if briefing.request.area_code == NANAO:  # type: ignore[attr-defined]
            raise ZeroDivisionError("no luck")
        return real(briefing, drawn)  # type: ignore[arg-type]

    monkeypatch.setattr(make.workbook, "made", faulty)
    failed, made = make.several([request(NANAO), request(ZIJIN)], ".xlsx")
    assert isinstance(failed, Failed) and "no luck" in failed.reason
    assert isinstance(made, Made)


def test_a_zip_holds_every_file_once_and_the_list_of_failures(tmp_path: Path) -> None:
    made = make.one(request(NANAO), ".xlsx")
    archive = Archive(tmp_path / "all.zip", "zh")
    for outcome in (made, made, Failed(request(ZIJIN), "磁盘满了")):
        archive.put(outcome)
    archive.close()
    with zipfile.ZipFile(tmp_path / "all.zip") as file:
        assert file.namelist() == [made.name, f"{NANAO} {made.name}", "未做成的.txt"]
        assert file.read(made.name) == made.content
        assert file.read("未做成的.txt").decode() == "紫金县（441621）：磁盘满了"


def test_a_batch_in_the_background_tells_how_far_it_is_and_leaves_nothing_behind() -> None:
    codes = scopes.members("445200")  # 揭阳
    wanted = batch.counties(codes, request(""))
    work = Batch([*wanted, request("449999")], ".xlsx", "", "", "zh")
    work.wait(60)
    assert work.finished and (work.done, work.made, work.total) == (6, 5, 6)
    assert [each.request.area_code for each in work.failures] == ["449999"]
    with zipfile.ZipFile(work.path) as file:
        found = [name for name in file.namelist() if name.endswith(".xlsx")]
    names = [areas.load()[code].name for code in codes]
    assert len(found) == 5 and all(any(n in file for file in found) for n in names)
    folder = work.path.parent
    del work
    assert not folder.exists()


def test_a_cancelled_batch_keeps_what_was_made_and_begins_no_more() -> None:
    wanted = batch.counties(areas.pilot(), request(""))
    work = Batch(wanted, ".xlsx", "", "", "zh")
    while not work.done:
        work.wait(0.01)
    work.cancel()
    work.wait(30)
    assert work.finished and 1 <= work.made < 10
    with zipfile.ZipFile(work.path) as file:
        assert len(file.namelist()) == work.made


def test_the_same_again_is_word_for_word_what_was_recorded(nanao: Made) -> None:
    recorded = ledger.opened(settings.load(), nanao.recorded)
    assert words(make.again(recorded, ".docx").content) == words(nanao.content)


# ------------------------------------------------------------------ the page


def test_the_page_shows_the_briefing_of_the_chosen_county_as_its_file_tells_it() -> None:
    at = opened("pages/brief/briefing.py", county=NANAO, period=LATEST)
    made = make.one(request(NANAO), ".xlsx")
    assert made.briefing.title in [each.value for each in at.subheader]
    shown = re.sub(r"\\(.)", r"\1", "\n".join(each.value for each in at.markdown))
    for block in made.briefing.blocks:
        if block.part == "paragraph":
            assert text(block.told) in shown


def test_the_page_says_what_to_choose_where_nothing_is_chosen() -> None:
    at = opened("pages/brief/briefing.py")
    assert "选一个县" in at.info[0].value
    at = opened("pages/brief/briefing.py", kind="area")
    assert "市或一个区域" in at.info[0].value


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("kind", ["county", "area", "bulletin", "topic", "composed"])
def test_every_kind_opens_from_its_link_in_both_languages(kind: str, lang: str) -> None:
    at = opened("pages/brief/briefing.py", kind=kind, lang=lang, county=NANAO, scope="440500")
    assert len(at.get("download_button")) >= 4
    assert not at.error and not at.warning
