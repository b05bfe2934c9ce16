"""The analyst's own workbook comes back with its findings in it, and nothing in it can run."""

from __future__ import annotations

import io
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
import xlwt
from forms import RENHUA, SHIXING, WENGYUAN, checked, form, good, read_file, row, table
from openpyxl.cell.cell import Cell
from openpyxl.comments import Comment
from openpyxl.formatting.rule import FormulaRule
from openpyxl.packaging.relationship import Relationship
from openpyxl.styles import PatternFill
from openpyxl.workbook import Workbook
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.workbook.external_link import ExternalLink
from openpyxl.workbook.external_link.external import ExternalBook
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from app.intake import mark
from app.intake.annotate import annotated
from app.intake.upload import Finding, Upload
from app.settings import Settings

RED, AMBER = "00FFC7CE", "00FFEB9C"
HEADER, LISTED_FROM = 3, 6


def marked(
    path: Path,
    errors: Sequence[Finding] | None = None,
    warnings: Sequence[Finding] = (),
    lang: str = "zh",
) -> Workbook:
    """The workbook that comes back, with what the reader finds unless told otherwise."""
    upload = read_file(path, "care_beds", lang)
    found = upload.errors if errors is None else errors
    return openpyxl.load_workbook(io.BytesIO(annotated(upload, found, warnings, lang)))


def at(sheet: Worksheet, label: str, area_code: str = SHIXING) -> Cell:
    """The cell of a county under a header."""
    column = next(c.column for c in sheet[HEADER] if str(c.value).startswith(label))
    line = next(c.row for c in sheet["A"] if c.value == area_code)
    cell = sheet.cell(line, column)
    assert isinstance(cell, Cell)
    return cell


def text_of(cell: Cell) -> str:
    """The comment of a cell."""
    assert cell.comment is not None
    return cell.comment.text


def coloured(sheet: Worksheet) -> dict[str, str]:
    """The cells that are red or amber."""
    return {
        cell.coordinate: cell.fill.fgColor.rgb
        for cells in sheet.iter_rows()
        for cell in cells
        if cell.fill.fgColor.rgb in (RED, AMBER)
    }


def finding(
    sheet: str, line: int | None, column: str | None, message: str = "请改正。", rule: str = "r"
) -> Finding:
    """A finding at a place."""
    return Finding(rule, message, sheet, line, column)


def listed(book: Workbook) -> list[tuple[object, ...]]:
    """The lines of the list in front."""
    return list(book.worksheets[0].iter_rows(min_row=LISTED_FROM, values_only=True))


# ------------------------------------------------------------------ cells and comments


def test_exactly_the_cells_with_findings_are_coloured_and_commented(
    tmp_path: Path, store: Settings
) -> None:
    rows = {
        SHIXING: good(beds_total="两百"),
        RENHUA: good(beds_care=-3),
        WENGYUAN: good(),
    }
    path = form(tmp_path / "a.xlsx", "2023Q1", rows)
    book = marked(path)
    sheet = book["护理型床位"]
    wrong, below = at(sheet, "养老机构床位数"), at(sheet, "护理型床位数", RENHUA)
    assert coloured(sheet) == {wrong.coordinate: RED, below.coordinate: RED}
    assert text_of(wrong).startswith("【检查】\n错误：")
    messages = {e.message for e in read_file(path).errors}
    assert {text_of(cell).splitlines()[1].removeprefix("错误：") for cell in (wrong, below)} == (
        messages
    )
    # what the workbook held stays: values, formats, the header's own notes
    assert wrong.value == "两百"
    assert below.value == -3
    assert below.number_format == "#,##0"
    assert at(sheet, "护理型床位数", WENGYUAN).value == 120
    assert sheet.freeze_panes == "E4"
    header = sheet.cell(HEADER, wrong.column).comment
    assert header is not None
    assert "养老机构内可供老年人入住" in header.text


def test_what_the_store_finds_is_amber_where_it_only_warns(tmp_path: Path, store: Settings) -> None:
    path = form(
        tmp_path / "a.xlsx", "2023Q1", {SHIXING: good(residents=201), RENHUA: good(beds_care=201)}
    )
    assessment = checked(store, path)
    book = marked(path, assessment.errors, assessment.warnings)
    sheet = book.worksheets[1]
    assert coloured(sheet)[at(sheet, "入住老年人数").coordinate] == AMBER
    assert coloured(sheet)[at(sheet, "护理型床位数", RENHUA).coordinate] == RED
    assert "警告：入住老年人数多于养老机构床位数。" in text_of(at(sheet, "入住老年人数"))


def test_several_findings_of_a_cell_are_one_comment_the_gravest_first(tmp_path: Path) -> None:
    path = form(tmp_path / "a.xlsx", "2023Q1", {SHIXING: good()})
    place = ("护理型床位", 15, "护理型床位数（张）")
    book = marked(path, [finding(*place, "甲"), finding(*place, "乙")], [finding(*place, "丙")])
    cell = book.worksheets[1].cell(15, 7)
    assert isinstance(cell, Cell)
    assert text_of(cell).splitlines() == ["【检查】", "错误：甲", "错误：乙", "警告：丙"]
    assert coloured(book.worksheets[1]) == {"G15": RED}


def test_a_comment_that_was_there_is_kept_below(tmp_path: Path) -> None:
    def remark(sheet: Worksheet) -> None:
        at(sheet, "养老机构床位数").comment = Comment("含新建机构\n见附件", "经办人")
        at(sheet, "入住老年人数").comment = Comment("核对过", "经办人")

    rows = {SHIXING: good(beds_total="两百")}
    sheet = marked(form(tmp_path / "a.xlsx", "2023Q1", rows, edit=remark)).worksheets[1]
    lines = text_of(at(sheet, "养老机构床位数")).splitlines()
    assert lines[0] == "【检查】"
    assert lines[2:] == ["【原有批注】", "含新建机构", "见附件"]
    assert text_of(at(sheet, "入住老年人数")) == "核对过"


def test_a_finding_without_a_row_is_listed_alone(tmp_path: Path) -> None:
    path = form(tmp_path / "a.xlsx", "2023Q1", {SHIXING: good()})
    book = marked(path, [finding("", None, None, "整个文件不对。")])
    assert coloured(book.worksheets[1]) == {}
    ((level, place, *_, message, rule),) = listed(book)
    assert (level, place, message, rule) == ("✗ 错误", None, "整个文件不对。", "r")


def test_a_column_is_told_by_its_header_or_its_letter(tmp_path: Path) -> None:
    path = form(tmp_path / "a.xlsx", "2023Q1", {SHIXING: good()})
    places = ["入住老年人数（人）", "入住老年人数\n(人)", "ZZ", "没有这一列", None]
    book = marked(path, [finding("护理型床位", 10 + n, each) for n, each in enumerate(places)])
    # a column that can't be told is the row's first
    assert set(coloured(book.worksheets[1])) == {"L10", "L11", "ZZ12", "A13", "A14"}


def test_a_finding_within_merged_cells_is_at_their_first(tmp_path: Path) -> None:
    def merge(sheet: Worksheet) -> None:
        sheet.merge_cells("F20:F22")

    path = form(tmp_path / "a.xlsx", "2023Q1", {SHIXING: good()}, edit=merge)
    book = marked(path, [finding("护理型床位", 21, "F")])
    assert coloured(book.worksheets[1]) == {"F20": RED}


# ------------------------------------------------------------------ the list in front


def test_all_findings_are_listed_in_front_with_links_to_their_cells(tmp_path: Path) -> None:
    path = form(tmp_path / "a.xlsx", "2023Q1", {SHIXING: good(beds_total="两百")})
    upload = read_file(path)
    (error,) = upload.errors
    warning = finding("护理型床位", 20, "入住老年人数（人）", "请核对。", "residents_within_beds")
    book = marked(path, [error], [warning])
    front = book.worksheets[0]
    assert book.sheetnames[0] == "检查结果"
    assert book.active is front
    assert [sheet.sheet_view.tabSelected for sheet in book.worksheets[1:]] == [False, False]
    assert "a.xlsx" in str(front["A2"].value)
    assert "错误 1 处" in str(front["A2"].value)
    assert "警告 1 处" in str(front["A2"].value)
    assert "公式" in str(front["A4"].value)
    assert [cell.value for cell in front[LISTED_FROM - 1]] == [
        "级别", "位置", "工作表", "行", "列", "现在的内容", "问题和改法", "规则代号",
    ]  # fmt: skip
    place = at(book.worksheets[1], "养老机构床位数").coordinate
    assert listed(book) == [
        ("✗ 错误", place, "护理型床位", error.row, error.column, "两百", error.message, error.rule),
        ("！警告", "L20", "护理型床位", 20, warning.column, None, "请核对。", warning.rule),
    ]
    link = front.cell(LISTED_FROM, 2).hyperlink
    assert link is not None
    assert (link.location, link.target) == (f"'护理型床位'!{place}", None)


def test_it_speaks_english_too(tmp_path: Path) -> None:
    path = form(tmp_path / "a.xlsx", "2023Q1", {SHIXING: good(beds_total="two")}, lang="en")
    book = marked(path, lang="en")
    assert book.sheetnames[0] == "Findings"
    assert listed(book)[0][0] == "✗ error"
    assert text_of(at(book.worksheets[1], "Beds")).startswith("[Check]\nError: ")


def test_it_can_be_mended_and_sent_again(tmp_path: Path) -> None:
    path = form(tmp_path / "a.xlsx", "2023Q1", {SHIXING: good(beds_total="两百")})
    back = marked(path)
    at(back.worksheets[1], "养老机构床位数").value = 200
    back.save(tmp_path / "mended.xlsx")
    upload = read_file(tmp_path / "mended.xlsx")
    assert upload.errors == []
    values = {cell.measure_id: cell.value for cell in upload.cells if cell.value is not None}
    assert values == {k: float(str(v)) for k, v in good().items()}


def test_marks_of_an_earlier_check_do_not_pile_up(tmp_path: Path) -> None:
    def remark(sheet: Worksheet) -> None:
        at(sheet, "养老机构床位数").comment = Comment("含新建机构", "经办人")

    rows = {SHIXING: good(beds_total="两百", residents="满员")}
    first = marked(form(tmp_path / "a.xlsx", "2023Q1", rows, edit=remark), lang="en")
    at(first.worksheets[1], "入住老年人数").value = 150
    first.save(tmp_path / "b.xlsx")
    again = marked(tmp_path / "b.xlsx")
    assert again.sheetnames == ["检查结果", "护理型床位", "指标解释"]
    sheet = again.worksheets[1]
    wrong = at(sheet, "养老机构床位数")
    assert coloured(sheet) == {wrong.coordinate: RED}
    assert text_of(wrong).count("两百") + text_of(wrong).count("错误：") == 1
    assert text_of(wrong).endswith("【原有批注】\n含新建机构")
    assert at(sheet, "入住老年人数").comment is None


# ------------------------------------------------------------------ other kinds of file


def test_a_csv_in_gb18030_comes_back_as_a_workbook_with_the_same_rows(tmp_path: Path) -> None:
    lines = [row(SHIXING, "2023Q1"), row(RENHUA, "2023Q1", beds_total="两百")]
    book = marked(table(tmp_path / "a.csv", lines, "gb18030"))
    sheet = book.worksheets[1]
    assert sheet.title == "数据"
    assert [cell.value for cell in sheet[1]][:4] == [
        "area_code", "period", "institutions", "beds_total",
    ]  # fmt: skip
    assert sheet["A2"].value == SHIXING
    assert sheet["D3"].value == "两百"
    assert coloured(sheet) == {"D3": RED}
    assert listed(book)[0][1] == "D3"
    assert "格式没有保留" in str(book.worksheets[0]["A4"].value)


def test_an_old_workbook_comes_back_as_a_new_one(tmp_path: Path) -> None:
    old = xlwt.Workbook()
    sheet = old.add_sheet("季报")
    lines = [row(SHIXING, "2023Q1"), row(RENHUA, "2023Q1", beds_total="两百")]
    for number, line in enumerate([dict(zip(lines[0], lines[0], strict=True)), *lines], 3):
        for column, value in enumerate(line.values()):
            sheet.write(number, column, value)
    old.save(str(tmp_path / "a.xls"))
    book = marked(tmp_path / "a.xls")
    assert book.sheetnames == ["检查结果", "季报"]
    assert book.worksheets[1]["D5"].value == 200
    assert coloured(book.worksheets[1]) == {"D6": RED}


def test_a_workbook_that_can_not_be_written_again_comes_back_as_its_rows(tmp_path: Path) -> None:
    path = form(tmp_path / "a.xlsx", "2023Q1", {SHIXING: good(beds_total="两百")})
    broken = changed(
        path, "xl/styles.xml",
        b'<fill><patternFill patternType="gray125"/></fill>', b"<fill/>",
    )  # fmt: skip
    with pytest.raises(TypeError):
        openpyxl.load_workbook(broken)
    book = marked(broken)
    sheet = book.worksheets[1]
    assert coloured(sheet) == {at(sheet, "养老机构床位数").coordinate: RED}
    assert "格式没有保留" in str(book.worksheets[0]["A4"].value)


# ------------------------------------------------------------------ nothing can run


def plain_file(path: Path, edit: Callable[[Workbook, Worksheet], None]) -> Path:
    """A workbook of one county, edited by hand."""
    book = openpyxl.load_workbook(form(path, "2023Q1", {SHIXING: good()}))
    edit(book, book.worksheets[0])
    book.save(path)
    return path


def parts(path: Path, errors: Sequence[Finding] = ()) -> dict[str, str]:
    """The parts of the workbook that comes back, as text."""
    content = annotated(read_file(path, "care_beds"), errors, [], "zh")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name).decode("utf-8", "replace") for name in archive.namelist()}


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_a_text_that_looks_like_a_formula_stays_text(tmp_path: Path, kind: str) -> None:
    texts = ["=cmd|'/c calc'!A0", "+1+1", "-2+3", "@SUM(A1)", "=1+1"]
    values = dict(zip(list(good())[1:6], texts, strict=True))
    if kind == "csv":
        path = table(tmp_path / "a.csv", [row(SHIXING, "2023Q1", **values)])
    else:
        path = form(tmp_path / "a.xlsx", "2023Q1", {SHIXING: good(**values)})
    sheet, columns = "" if kind == "csv" else "护理型床位", "DEFGH"
    found = [finding(sheet, 2, c, text) for c, text in zip(columns, texts, strict=True)]
    listed = [Finding("r", text, sheet, 2, c, text) for c, text in zip(columns, texts, strict=True)]
    book = marked(path, found, listed)
    every = [cell for sheet in book.worksheets for line in sheet.iter_rows() for cell in line]
    for text in texts:
        cells = [cell for cell in every if cell.value == text]
        assert len(cells) == 4, text  # the cell; message twice and value in the list
        assert {cell.data_type for cell in cells} == {"s"}, text
        assert all(cell.quotePrefix for cell in cells), text
    assert not any("<f>" in each for each in parts(path, found).values())


def test_a_text_that_looks_like_an_error_or_a_link_stays_text(tmp_path: Path) -> None:
    lines = [row(SHIXING, "2023Q1", beds_total="#REF!", residents="http://example.org")]
    book = marked(table(tmp_path / "a.csv", lines), [])
    for cell in (book.worksheets[1]["D2"], book.worksheets[1]["J2"]):
        assert cell.data_type == "s"
        assert cell.hyperlink is None


def test_a_formula_gives_way_to_its_stored_value(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("季报")
    line = row(SHIXING, "2023Q1")
    for column, (name, value) in enumerate(line.items()):
        sheet.write(0, column, name)
        sheet.write(1, column, value)
    sheet.write_formula(1, 3, "=100+100", None, 200)
    sheet.write_formula(1, 4, '=WEBSERVICE("http://example.org")', None, "=1+1")
    book.close()
    back = marked(path, []).worksheets[1]
    assert (back["D2"].value, back["E2"].value) == (200, "=1+1")
    assert back["E2"].data_type == "s"
    assert not any("<f>" in each for each in parts(path).values())


def test_links_names_and_calls_to_the_outside_are_gone(tmp_path: Path) -> None:
    def edit(book: Workbook, sheet: Worksheet) -> None:
        sheet["Z1"].value = "点我"
        sheet["Z1"].hyperlink = "http://example.org/a"
        book.defined_names["evil"] = DefinedName("evil", attr_text="cmd|'/c notepad'!$A$0")
        outside = 'WEBSERVICE("http://example.org/b")="1"'
        fill = PatternFill("solid", bgColor="FF0000")
        sheet.conditional_formatting.add("E4:E9", FormulaRule(formula=[outside], fill=fill))
        link = ExternalLink(externalBook=ExternalBook(id="rId1"))
        link.file_link = Relationship(
            type="externalLinkPath", Target="http://example.org/c.xlsx", TargetMode="External"
        )
        book._external_links.append(link)
        check = DataValidation(type="custom", formula1="[other.xlsx]Sheet1!A1=1")
        check.add("E4:E9")
        sheet.add_data_validation(check)

    path = plain_file(tmp_path / "a.xlsx", edit)
    with zipfile.ZipFile(path) as archive:
        assert "xl/externalLinks/externalLink1.xml" in archive.namelist()
    assert marked(path, []).worksheets[1]["Z1"].value == "点我"
    found = parts(path)
    whole = "".join(found.values())
    for gone in ("example.org", "notepad", "other.xlsx", "externalLink"):
        assert gone not in whole
    assert "IF(ISNUMBER(E4)" in whole  # the checks of the template help in mending


def test_no_other_colour_competes_with_those_of_the_findings(tmp_path: Path) -> None:
    path = form(tmp_path / "a.xlsx", "2023Q1", {SHIXING: good(beds_total="两百")})
    assert len(openpyxl.load_workbook(path).worksheets[0].conditional_formatting) > 0
    assert len(marked(path).worksheets[1].conditional_formatting) == 0


def test_hidden_sheets_and_widths_stay_as_they_are(tmp_path: Path) -> None:
    def edit(book: Workbook, sheet: Worksheet) -> None:
        book.create_sheet("草稿")["A1"] = "随手记"
        book["草稿"].sheet_state = "hidden"
        sheet.column_dimensions["F"].width = 33

    back = marked(plain_file(tmp_path / "a.xlsx", edit), [])
    assert back["草稿"].sheet_state == "hidden"
    assert back.worksheets[1].column_dimensions["F"].width == 33


# ------------------------------------------------------------------ large and hostile files


def changed(path: Path, part: str, old: bytes, new: bytes) -> Path:
    """The same archive with some bytes of one part replaced."""
    target = path.with_name("changed.xlsx")
    with zipfile.ZipFile(path) as before, zipfile.ZipFile(target, "w") as after:
        for name in before.namelist():
            content = before.read(name)
            if name == part:
                assert old in content
                content = content.replace(old, new, 1)
            after.writestr(name, content)
    return target


@pytest.mark.parametrize("name", [b"mergeCell", b"x:mergeCell", b"hyperlink"])
def test_a_workbook_that_merges_all_cells_there_are_comes_back_as_its_rows(
    tmp_path: Path, name: bytes
) -> None:
    path = form(tmp_path / "a.xlsx", "2023Q1", {SHIXING: good(beds_total="两百")})
    upload = read_file(path)
    hostile = changed(
        path, "xl/worksheets/sheet2.xml",
        b'<mergeCell ref="A2:H2"/>', b'<' + name + b' ref="A2:XFD1048576"/>',
    )  # fmt: skip
    upload.content = hostile.read_bytes()
    back = openpyxl.load_workbook(io.BytesIO(annotated(upload, upload.errors, [], "zh")))
    assert back.sheetnames == ["检查结果", "护理型床位", "指标解释"]
    assert "格式没有保留" in str(back.worksheets[0]["A4"].value)


def test_of_what_can_not_be_marked_at_all_the_list_of_findings_comes_alone(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    upload = read_file(form(tmp_path / "a.xlsx", "2023Q1", {SHIXING: good()}))
    beyond = [finding("护理型床位", 2_000_000, "A")]
    back = openpyxl.load_workbook(io.BytesIO(annotated(upload, beyond, [], "zh")))
    listed = back.worksheets[0]
    assert "只有问题清单" in str(listed["A4"].value)
    told = [cell.value for cell in listed[LISTED_FROM]]
    assert "护理型床位" in told and 2_000_000 in told
    assert all(cell.value is None for sheet in back.worksheets[1:] for cell in sheet[1])
    # the workbook itself and its rows alone: both attempts are in the log, without what they held
    assert caplog.messages == ["a workbook could not be marked: ValueError"] * 2


def test_the_script_is_not_part_of_the_project(tmp_path: Path) -> None:
    source = Path(mark.__file__).read_text("utf-8")
    assert "from app" not in source
    assert "import app" not in source
    done = subprocess.run(
        [sys.executable, "-I", mark.__file__, str(tmp_path / "out.xlsx")],
        input=b"{}", capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode != 0


def test_of_very_many_findings_all_are_coloured_and_the_first_are_commented_and_listed(
    tmp_path: Path,
) -> None:
    lines = [row(SHIXING, "2023Q1") for _ in range(10_100)]
    upload: Upload = read_file(table(tmp_path / "a.csv", lines))
    errors = [finding("", 2 + n, "D", f"第{n}个") for n in range(10_000)]
    errors += [finding("", 10_101 - n, "E") for n in range(10)]
    content = annotated(upload, errors, [], "zh")
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
    rows = list(book.worksheets[0].iter_rows(min_row=5, max_col=7, values_only=True))
    assert rows[0][0] == "这里只列出前 10000 条，共 10010 条；其余的格子也涂了颜色。"
    assert rows[1][0] == "级别"
    assert len(rows) == 2 + mark.MAX_LISTED
    assert rows[-1][6] == "第9999个"
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        cells = archive.read("xl/worksheets/sheet2.xml")
        comments = archive.read("xl/comments/comment1.xml")
    assert cells.count(b"<row ") == 10_101
    assert len(re.findall(rb'<c r="[DE][0-9]+" s="[1-9]', cells)) == 10_010
    assert len(re.findall(rb'<c r="[A-Z]+[0-9]+" s="[1-9]', cells)) == 10_010
    assert comments.count(b"<comment ref") == mark.MAX_COMMENTS
