"""Reading a file: what an analyst sends in, cell by cell, and what is no report at all."""

from __future__ import annotations

import csv
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from time import monotonic

import openpyxl
import pytest
import xlsxwriter
from forms import (
    DONGGUAN,
    KNOWN,
    OF_COUNTIES,
    RENHUA,
    SHIXING,
    WENGYUAN,
    Value,
    form,
    good,
    of_quarter,
    read_file,
    row,
    table,
)
from openpyxl.worksheet.worksheet import Worksheet

from app import periods
from app.errors import UnknownName, UploadRejected
from app.intake import parse, read, tables
from app.intake.read import Finding, Picks, ReadCell, Upload

HEADER = 3


def line_of(sheet: Worksheet, code: str) -> int:
    """The row number of a county in a template."""
    return next(cell.row for cell in sheet["A"] if cell.value == code)


def column_of(sheet: Worksheet, label: str) -> int:
    """The column number of a header in a template."""
    return next(cell.column for cell in sheet[HEADER] if str(cell.value).startswith(label))


def cell(upload: Upload, measure_id: str, area_code: str = SHIXING) -> ReadCell:
    """One cell of an upload."""
    return next(
        c for c in upload.cells if (c.measure_id, c.area_code) == (measure_id, area_code)
    )  # fmt: skip


def only_error(upload: Upload) -> Finding:
    """The one error of an upload."""
    assert len(upload.errors) == 1, [(f.rule, f.row, f.column) for f in upload.errors]
    return upload.errors[0]


# ------------------------------------------------------------------ no report at all


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UploadRejected, match="找不到"):
        read_file(tmp_path / "none.xlsx")


def test_a_text_file_renamed_to_xlsx_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "report.xlsx"
    path.write_text("area_code,period\n", "utf-8")
    with pytest.raises(UploadRejected, match="不是有效的 Excel"):
        read_file(path)


def test_an_empty_file_is_refused_whatever_its_kind(tmp_path: Path) -> None:
    for name in ("a.xlsx", "a.xls", "a.csv"):
        (tmp_path / name).write_bytes(b"")
        with pytest.raises(UploadRejected):
            read_file(tmp_path / name)


def test_a_zip_that_is_no_workbook_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "photos.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("photo.jpg", b"x")
    with pytest.raises(UploadRejected, match="不是有效的 Excel"):
        read_file(path)


def test_a_damaged_workbook_is_refused(tmp_path: Path) -> None:
    path = form(tmp_path / "a.xlsx", "2023Q2", {SHIXING: good()})
    path.write_bytes(path.read_bytes()[:-2000])
    with pytest.raises(UploadRejected, match="不是有效的 Excel"):
        read_file(path)


def test_a_kind_of_file_that_is_not_read_is_named(tmp_path: Path) -> None:
    path = tmp_path / "report.pdf"
    path.write_bytes(b"%PDF-1.4")
    with pytest.raises(UploadRejected, match="report.pdf"):
        read_file(path)


def test_an_empty_workbook_is_refused(tmp_path: Path) -> None:
    openpyxl.Workbook().save(tmp_path / "empty.xlsx")
    with pytest.raises(UploadRejected, match="empty.xlsx"):
        read_file(tmp_path / "empty.xlsx")
    with pytest.raises(UploadRejected, match="护理型床位"):
        read_file(tmp_path / "empty.xlsx", "care_beds")


def test_an_unknown_dataset_is_named_with_those_that_exist(tmp_path: Path) -> None:
    path = table(tmp_path / "a.csv", [row(SHIXING, "2023Q2")])
    with pytest.raises(UnknownName, match=r"horses.*care_beds"):
        read_file(path, "horses")


def test_binary_data_named_csv_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(bytes(range(256)) * 4)
    with pytest.raises(UploadRejected, match="CSV"):
        read_file(path)


def test_a_table_of_something_else_is_not_taken_for_a_report(tmp_path: Path) -> None:
    path = table(tmp_path / "a.csv", [{"name": "a", "amount": 3}])
    with pytest.raises(UploadRejected, match="--dataset"):
        read_file(path)


# ------------------------------------------------------------------ hostile workbooks


def far_cell(path: Path) -> Path:
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet()
    sheet.write(0, 0, 1)
    sheet.write(1048575, 16383, 1)
    book.close()
    return path


def rewritten(path: Path, change: Callable[[bytes], bytes]) -> Path:
    """A workbook whose sheets are changed as bytes."""
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, change(data) if "worksheets/sheet" in name else data)
    return path


def test_a_cell_in_the_last_corner_of_the_sheet_is_refused_at_once(tmp_path: Path) -> None:
    path = far_cell(tmp_path / "bomb.xlsx")
    assert path.stat().st_size < 10_000
    begun = monotonic()
    with pytest.raises(UploadRejected, match="离表格很远"):
        read_file(path)
    assert monotonic() - begun < 5


def test_the_far_cell_is_found_however_its_xml_is_written(tmp_path: Path) -> None:
    path = rewritten(
        far_cell(tmp_path / "bomb.xlsx"),
        lambda xml: xml.replace(b'r="XFD1048576"', b"r = 'XFD1048576'"),
    )
    with pytest.raises(UploadRejected, match="离表格很远"):
        read_file(path)


def test_a_bomb_that_the_archive_check_would_miss_kills_only_its_own_process(
    tmp_path: Path,
) -> None:
    path = far_cell(tmp_path / "bomb.xlsx")
    begun = monotonic()
    done = subprocess.run(
        [sys.executable, "-I", parse.__file__, str(path)], capture_output=True, check=False
    )
    assert done.returncode != 0
    assert not done.stdout
    assert monotonic() - begun < 30


def test_an_archive_that_unpacks_to_gigabytes_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "zeros.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        with archive.open("xl/worksheets/sheet1.xml", "w") as member:
            for _ in range(tables.MAX_UNPACKED_BYTES // 2**20 + 1):
                member.write(bytes(2**20))
    assert path.stat().st_size < 2 * 2**20
    with pytest.raises(UploadRejected, match="过大"):
        read_file(path)


def test_an_archive_of_thousands_of_members_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "many.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(tables.MAX_MEMBERS + 1):
            archive.writestr(f"xl/{number}.xml", b"")
    with pytest.raises(UploadRejected, match="过大"):
        read_file(path)


# ------------------------------------------------------------------ the template comes back


@pytest.mark.parametrize("dataset_id", OF_COUNTIES)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_template_filled_in_is_read_back(tmp_path: Path, dataset_id: str, lang: str) -> None:
    filled = good(dataset_id)
    rows = {SHIXING: filled, DONGGUAN: filled}
    upload = read_file(form(tmp_path / "a.xlsx", "2023Q2", rows, dataset_id=dataset_id, lang=lang))
    assert not upload.errors
    assert upload.dataset.id == dataset_id
    assert upload.periods == ["2023Q2"]
    assert upload.rows == 2
    assert not upload.sample
    for area_code in rows:
        for measure_id, value in of_quarter(filled, dataset_id, "2023Q2").items():
            assert cell(upload, measure_id, area_code).value == value


def test_an_empty_template_has_no_data(tmp_path: Path) -> None:
    upload = read_file(form(tmp_path / "a.xlsx", "2023Q2", {}))
    assert only_error(upload).rule == "no_data"


def test_a_row_left_empty_is_not_reported_and_noted(tmp_path: Path) -> None:
    upload = read_file(form(tmp_path / "a.xlsx", "2023Q2", {SHIXING: good()}))
    assert {c.area_code for c in upload.cells} == {SHIXING}
    assert sum(note.rule == "blank_row" for note in upload.notes) == 123


def test_a_workbook_that_says_sample_is_sample(tmp_path: Path) -> None:
    upload = read_file(form(tmp_path / "a.xlsx", "2023Q2", {SHIXING: good()}, sample=True))
    assert upload.sample


def test_a_finding_names_sheet_row_and_column_as_a_person_sees_them(tmp_path: Path) -> None:
    places: list[int] = []

    def edit(sheet: Worksheet) -> None:
        places.append(line_of(sheet, SHIXING))
        sheet.cell(places[0], column_of(sheet, "护理型床位数")).value = "120张"

    finding = only_error(
        read_file(form(tmp_path / "a.xlsx", "2023Q2", {SHIXING: good()}, edit=edit))
    )
    assert finding.sheet == "护理型床位"
    assert finding.row == places[0]
    assert finding.column == "护理型床位数（张）"
    assert finding.value == "120张"
    assert finding.rule == "not_a_number"
    assert (finding.area_code, finding.period) == (SHIXING, "2023Q2")


# ------------------------------------------------------------------ csv


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("labels", ["id", "zh", "zh with unit", "en"])
def test_a_csv_may_use_ids_or_labels_in_any_order_and_encoding(
    tmp_path: Path, encoding: str, labels: str
) -> None:
    dataset = KNOWN.dataset("care_beds")
    names: dict[str, str] = {}
    for measure in dataset.measures:
        unit = KNOWN.unit(measure.unit).label("zh")
        names[measure.id] = {
            "id": measure.id,
            "zh": measure.label("zh"),
            "zh with unit": f"{measure.label('zh')}（{unit}）",
            "en": measure.label("en"),
        }[labels]
    keys = {
        "id": ("area_code", "period"),
        "en": ("Area code", "Period"),
    }.get(labels, ("行政区划代码", "报告期"))
    line: dict[str, Value] = {names[k]: v for k, v in reversed(good().items())}
    line |= {keys[1]: "2023Q2", keys[0]: SHIXING}
    upload = read_file(table(tmp_path / "a.csv", [line], encoding))
    assert not upload.errors
    assert {c.measure_id: c.value for c in upload.cells} == good()


def test_a_file_may_hold_several_periods(tmp_path: Path) -> None:
    rows = [row(SHIXING, "2023Q3"), row(SHIXING, "2023Q2"), row(RENHUA, "2023Q2")]
    upload = read_file(table(tmp_path / "a.csv", rows))
    assert not upload.errors
    assert upload.periods == ["2023Q2", "2023Q3"]
    assert upload.rows == 3


def test_a_semicolon_or_tab_may_part_the_columns(tmp_path: Path) -> None:
    for number, mark in enumerate(";\t"):
        path = table(tmp_path / f"{number}.csv", [row(SHIXING, "2023Q2")])
        path.write_text(path.read_text("utf-8").replace(",", mark), "utf-8")
        assert not read_file(path).errors


# ------------------------------------------------------------------ numbers


@pytest.mark.parametrize(
    ("written", "number", "noted"),
    [
        ("120", 120, False),
        ("0", 0, False),
        ("120.0", 120, False),
        ("１２０", 120, True),
        ("1,234", 1234, True),
        ("１，２３４", 1234, True),
        (" 120 ", 120, True),
        ("1.2e2", 120, False),
    ],
)
def test_a_number_is_read_and_what_was_interpreted_is_noted(
    tmp_path: Path, written: str, number: float, noted: bool
) -> None:
    upload = read_file(table(tmp_path / "a.csv", [row(SHIXING, "2023Q2", institutions=written)]))
    assert not upload.errors
    assert cell(upload, "institutions").value == number
    assert cell(upload, "institutions").status == "reported"
    assert [note.rule for note in upload.notes] == (["interpreted"] if noted else [])


@pytest.mark.parametrize(
    ("written", "rule"),
    [
        ("120张", "not_a_number"),
        ("约120", "not_a_number"),
        ("1,23", "not_a_number"),
        ("12,34,567", "not_a_number"),
        ("1 234", "not_a_number"),
        ("NaN", "not_a_number"),
        ("nan", "not_a_number"),
        ("inf", "not_a_number"),
        ("Infinity", "not_a_number"),
        ("1e999", "not_finite"),
        ("#DIV/0!", "not_a_number"),
        ("=1+1", "not_a_number"),
        ("TRUE", "not_a_number"),
        ("0x10", "not_a_number"),
        ("1_000", "not_a_number"),
        ("55%", "not_a_number"),
        ("-1", "below_minimum"),
        ("－1", "below_minimum"),
        ("12.5", "fraction"),
    ],
)
def test_what_is_no_amount_is_an_error_at_its_cell(tmp_path: Path, written: str, rule: str) -> None:
    finding = only_error(
        read_file(table(tmp_path / "a.csv", [row(SHIXING, "2023Q2", institutions=written)]))
    )
    assert (finding.rule, finding.row, finding.column) == (rule, 2, "institutions")
    assert finding.value == written
    assert finding.message


def test_a_standard_may_have_a_fraction(tmp_path: Path) -> None:
    line = row(SHIXING, "2023Q2", "disability_allowances", hardship_standard="300.50")
    upload = read_file(table(tmp_path / "a.csv", [line]))
    assert cell(upload, "hardship_standard").value == 300.5


@pytest.mark.parametrize("written", ["", "  ", "—", "－", "-", "--", "/", "无", "……"])
def test_a_dash_or_nothing_is_missing_not_zero(tmp_path: Path, written: str) -> None:
    upload = read_file(table(tmp_path / "a.csv", [row(SHIXING, "2023Q2", institutions=written)]))
    assert not upload.errors
    found = cell(upload, "institutions")
    assert (found.value, found.status) == (None, "missing")


@pytest.mark.parametrize("written", ["不适用", " 不适用 ", "n/a", "N/A"])
def test_not_applicable_is_kept_apart_from_missing(tmp_path: Path, written: str) -> None:
    upload = read_file(table(tmp_path / "a.csv", [row(SHIXING, "2023Q2", institutions=written)]))
    assert not upload.errors
    found = cell(upload, "institutions")
    assert (found.value, found.status) == (None, "not_applicable")


def test_numbers_of_a_workbook_keep_their_kind(tmp_path: Path) -> None:
    def edit(sheet: Worksheet) -> None:
        at = line_of(sheet, SHIXING)
        sheet.cell(at, column_of(sheet, "养老机构数")).value = True
        sheet.cell(at, column_of(sheet, "入住老年人数")).value = 1.5

    upload = read_file(form(tmp_path / "a.xlsx", "2023Q2", {SHIXING: good()}, edit=edit))
    assert sorted(f.rule for f in upload.errors) == ["fraction", "not_a_number"]


# ------------------------------------------------------------------ keys


@pytest.mark.parametrize(
    "written", ["2024Q5", "2024", "24Q1", "2024年", "Q1 2024", "", "1800Q1", "٢٠٢٣Q٢"]
)
def test_a_malformed_period_is_an_error(tmp_path: Path, written: str) -> None:
    finding = only_error(read_file(table(tmp_path / "a.csv", [row(SHIXING, written)])))
    assert (finding.rule, finding.row, finding.column) == ("bad_period", 2, "period")


@pytest.mark.parametrize("written", ["2023q2", " 2023Q2 ", "２０２３Ｑ２"])
def test_a_period_is_kept_in_one_form(tmp_path: Path, written: str) -> None:
    upload = read_file(table(tmp_path / "a.csv", [row(SHIXING, written)]))
    assert not upload.errors
    assert upload.periods == ["2023Q2"]


def test_a_period_that_has_not_begun_is_an_error(tmp_path: Path) -> None:
    now = periods.today()
    current = f"{now.year}Q{(now.month - 1) // 3 + 1}"
    assert not read_file(table(tmp_path / "a.csv", [row(SHIXING, current)])).errors
    coming = periods.shift(current, 1)
    finding = only_error(read_file(table(tmp_path / "b.csv", [row(SHIXING, coming)])))
    assert finding.rule == "future_period"


@pytest.mark.parametrize("written", ["999999", "始兴山县", "", "110101", "44022"])
def test_an_area_outside_the_124_is_an_error(tmp_path: Path, written: str) -> None:
    finding = only_error(read_file(table(tmp_path / "a.csv", [row(written, "2023Q2")])))
    assert (finding.rule, finding.row, finding.column) == ("unknown_area", 2, "area_code")


@pytest.mark.parametrize("written", ["440000", "440200", "韶关市", "合计"])
def test_a_row_of_a_city_or_the_province_is_a_total(tmp_path: Path, written: str) -> None:
    rows = [row(SHIXING, "2023Q2"), row(written, "2023Q2")]
    upload = read_file(table(tmp_path / "a.csv", rows))
    assert not upload.errors
    assert {c.area_code for c in upload.cells} == {SHIXING}
    assert [(note.rule, note.row) for note in upload.notes] == [("skipped_total", 3)]


def test_a_code_typed_as_a_number_is_the_same_area(tmp_path: Path) -> None:
    def edit(sheet: Worksheet) -> None:
        sheet.cell(line_of(sheet, SHIXING), 1).value = int(SHIXING)

    upload = read_file(form(tmp_path / "a.xlsx", "2023Q2", {SHIXING: good()}, edit=edit))
    assert not upload.errors
    assert {c.area_code for c in upload.cells} == {SHIXING}


def test_a_name_that_is_not_the_codes_is_an_error(tmp_path: Path) -> None:
    line = {"area_name": "仁化县"} | row(SHIXING, "2023Q2")
    finding = only_error(read_file(table(tmp_path / "a.csv", [line])))
    assert (finding.rule, finding.row, finding.column) == ("area_mismatch", 2, "area_name")
    assert "始兴县" in finding.message


def test_a_name_in_either_language_may_stand_beside_the_code(tmp_path: Path) -> None:
    rows = [
        {"area_name": "始兴县"} | row(SHIXING, "2023Q2"),
        {"area_name": "renhua county"} | row(RENHUA, "2023Q2"),
        {"area_name": ""} | row(WENGYUAN, "2023Q2"),
    ]
    assert not read_file(table(tmp_path / "a.csv", rows)).errors


@pytest.mark.parametrize("second", [{}, {"beds_total": 201}, {"institutions": None}])
def test_two_rows_for_one_county_and_quarter_are_an_error(
    tmp_path: Path, second: dict[str, Value]
) -> None:
    rows = [row(SHIXING, "2023Q2"), row(RENHUA, "2023Q2"), row(SHIXING, "2023Q2", **second)]
    finding = only_error(read_file(table(tmp_path / "a.csv", rows)))
    assert (finding.rule, finding.row) == ("duplicate_row", 4)
    assert "第 2 行" in finding.message


def test_two_sheets_may_not_report_the_same_row(tmp_path: Path) -> None:
    path = form(tmp_path / "a.xlsx", "2023Q2", {SHIXING: good()})
    book = openpyxl.load_workbook(path)
    book.copy_worksheet(book.worksheets[0])
    book.save(path)
    assert only_error(read_file(path)).rule == "duplicate_row"


# ------------------------------------------------------------------ columns


def without(line: dict[str, Value], name: str) -> dict[str, Value]:
    """A row without one of its columns."""
    return {key: value for key, value in line.items() if key != name}


def test_a_missing_column_is_an_error_by_its_name(tmp_path: Path) -> None:
    path = table(tmp_path / "a.csv", [without(row(SHIXING, "2023Q2"), "beds_care")])
    finding = only_error(read_file(path))
    assert (finding.rule, finding.row, finding.column) == ("missing_column", 1, "护理型床位数")


@pytest.mark.parametrize(
    ("key", "rule"), [("area_code", "missing_column"), ("period", "missing_period")]
)
def test_a_missing_key_column_is_an_error(tmp_path: Path, key: str, rule: str) -> None:
    path = table(tmp_path / "a.csv", [without(row(SHIXING, "2023Q2"), key)])
    assert only_error(read_file(path)).rule == rule


def test_an_optional_column_may_be_absent_or_given(tmp_path: Path) -> None:
    upload = read_file(table(tmp_path / "a.csv", [row(SHIXING, "2023Q2")]))
    assert not upload.errors
    assert "population_60plus" not in {c.measure_id for c in upload.cells}
    line = row(SHIXING, "2023Q2", population_60plus=50000)
    assert cell(read_file(table(tmp_path / "b.csv", [line])), "population_60plus").value == 50000


def test_two_columns_for_one_measure_are_an_error(tmp_path: Path) -> None:
    line = row(SHIXING, "2023Q2") | {"护理型床位数": 120}
    finding = only_error(read_file(table(tmp_path / "a.csv", [line])))
    assert (finding.rule, finding.row, finding.column) == ("duplicate_column", 1, "护理型床位数")
    assert "beds_care" in finding.message


def test_two_key_columns_are_an_error(tmp_path: Path) -> None:
    line = row(SHIXING, "2023Q2") | {"报告期": "2023Q3"}
    assert only_error(read_file(table(tmp_path / "a.csv", [line]))).rule == "duplicate_column"


def test_a_column_in_another_unit_is_an_error(tmp_path: Path) -> None:
    line = without(row(SHIXING, "2023Q2", "disability_allowances"), "paid_amount_ytd")
    line["本年累计发放两项补贴（美元）"] = 9
    finding = only_error(read_file(table(tmp_path / "a.csv", [line])))
    assert (finding.rule, finding.column) == ("other_unit", "本年累计发放两项补贴（美元）")


@pytest.mark.parametrize(
    ("header", "written", "value"),
    [
        ("本年累计发放两项补贴（万元）", "1.005", 10050),
        ("本年累计发放两项补贴(千元)", "90", 90000),
        ("本年累计发放两项补贴（单位：亿元）", "0.00009", 9000),
        ("本年累计发放两项补贴（万）", "9", 90000),
        ("本年累计发放两项补贴（元）", "90000.5", 90000.5),
    ],
)
def test_a_multiple_in_the_header_is_worked_out_exactly(
    tmp_path: Path, header: str, written: str, value: float
) -> None:
    line = without(row(SHIXING, "2023Q2", "disability_allowances"), "paid_amount_ytd")
    upload = read_file(table(tmp_path / "a.csv", [line | {header: written}]))
    assert not upload.errors
    assert cell(upload, "paid_amount_ytd").value == value
    assert [n.rule for n in upload.notes] == ([] if "（元）" in header else ["scaled"])


def test_whole_numbers_are_whole_after_they_are_multiplied(tmp_path: Path) -> None:
    line = without(row(SHIXING, "2023Q2", "disability_allowances"), "certified_disabled")
    name = "持证残疾人（万人）"
    upload = read_file(table(tmp_path / "a.csv", [line | {name: "0.0512"}]))
    assert cell(upload, "certified_disabled").value == 512
    broken = read_file(table(tmp_path / "b.csv", [line | {name: "0.05125"}]))
    assert only_error(broken).rule == "fraction"


def test_a_column_that_is_not_in_the_report_is_noted_and_left_out(tmp_path: Path) -> None:
    line = row(SHIXING, "2023Q2") | {"备注": "无"}
    upload = read_file(table(tmp_path / "a.csv", [line]))
    assert not upload.errors
    assert [(n.rule, n.column) for n in upload.notes] == [("unknown_column", "备注")]


def test_a_cell_beyond_the_header_is_an_error(tmp_path: Path) -> None:
    path = table(tmp_path / "a.csv", [row(SHIXING, "2023Q2")])
    path.write_text(path.read_text("utf-8").rstrip("\n") + ",,99\n", "utf-8")
    finding = only_error(read_file(path))
    assert (finding.rule, finding.row, finding.value) == ("beyond_header", 2, "99")
    assert finding.column == "M"  # 11 named columns are A to K, then an empty cell


def test_a_cell_under_a_header_left_empty_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    line = row(SHIXING, "2023Q2")
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["area_code", "", *list(line)[1:]])
        writer.writerow([SHIXING, 7, *list(line.values())[1:]])
    finding = only_error(read_file(path))
    assert (finding.rule, finding.row, finding.column) == ("beyond_header", 2, "B")


def test_a_header_without_rows_has_no_data(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(",".join(row(SHIXING, "2023Q2")) + "\n", "utf-8")
    assert only_error(read_file(path)).rule == "no_data"


def test_a_column_left_out_by_mistake_is_told_which_may_be_meant(tmp_path: Path) -> None:
    line = without(row(SHIXING, "2023Q2"), "beds_care") | {"护理型床位": 120}
    finding = only_error(read_file(table(tmp_path / "a.csv", [line])))
    assert finding.rule == "missing_column"
    assert "“护理型床位”" in finding.message


# ------------------------------------------------------------------ picks, progress, thousands


def test_a_pick_says_which_area_a_name_means_and_is_handed_back(tmp_path: Path) -> None:
    path = table(tmp_path / "a.csv", [row("始兴 山县", "2023Q2"), row(RENHUA, "2023Q2")])
    finding = only_error(read_file(path))
    assert finding.candidates[0] == SHIXING
    picks = Picks({finding.place: SHIXING, "别处": RENHUA})
    upload = read.read(path, KNOWN, None, "zh", picks)
    assert not upload.errors
    assert {c.area_code for c in upload.cells} == {SHIXING, RENHUA}
    assert upload.picked == {finding.place: SHIXING}
    assert [note.rule for note in upload.notes] == ["interpreted"]


def test_a_pick_never_overrides_a_name_that_is_known(tmp_path: Path) -> None:
    path = table(tmp_path / "a.csv", [row("始兴县", "2023Q2")])
    upload = read.read(path, KNOWN, None, "zh", Picks({"始兴县": RENHUA}))
    assert {c.area_code for c in upload.cells} == {SHIXING}
    assert not upload.picked


def test_a_picked_period_is_for_files_that_name_none(tmp_path: Path) -> None:
    line = row(SHIXING, "2023Q2")
    bare = table(tmp_path / "a.csv", [without(line, "period")])
    assert read.read(bare, KNOWN, None, "zh", Picks(period="2023Q2")).periods == ["2023Q2"]
    same = table(tmp_path / "b.csv", [line])
    assert not read.read(same, KNOWN, None, "zh", Picks(period="2023Q2")).errors
    other = read.read(same, KNOWN, None, "zh", Picks(period="2023Q1"))
    assert (only_error(other).rule, only_error(other).row) == ("wrong_quarter", 2)


def test_the_period_of_a_files_name_is_taken_last_and_a_pick_before_it(tmp_path: Path) -> None:
    path = table(tmp_path / "2023年二季度.csv", [without(row(SHIXING, "2023Q2"), "period")])
    assert read_file(path).periods == ["2023Q2"]
    upload = read.read(path, KNOWN, None, "zh", Picks(period="2023Q1"))
    assert upload.periods == ["2023Q1"]
    assert [warning.rule for warning in upload.warnings] == ["other_quarter_named"]


def test_progress_is_told_from_nothing_to_all(tmp_path: Path) -> None:
    told: list[float] = []
    path = form(tmp_path / "a.xlsx", "2023Q2", {SHIXING: good()})
    read.read(path, KNOWN, None, "zh", progress=told.append)
    assert told == sorted(told)
    assert told[-1] == 1.0
    assert all(0 <= done <= 1 for done in told)


def test_a_finding_says_which_column_is_to_be_coloured(tmp_path: Path) -> None:
    line = row(SHIXING, "2023Q2", beds_total="多")
    finding = only_error(read_file(table(tmp_path / "a.csv", [line])))
    assert finding.position == list(line).index("beds_total")
    found = cell(read_file(table(tmp_path / "b.csv", [row(SHIXING, "2023Q2")])), "beds_total")
    assert found.position == finding.position


def test_thousands_of_notes_alike_become_one(tmp_path: Path) -> None:
    quarters = [f"{year}Q{quarter}" for year in range(1950, 2020) for quarter in range(1, 5)]
    rows = [row(SHIXING, period, institutions="—", residents=" 150") for period in quarters]
    upload = read_file(table(tmp_path / "a.csv", rows))
    assert len(upload.cells) == 280 * 9
    assert [(note.column, note.row) for note in upload.notes] == [
        ("institutions", 2),
        ("residents", 2),
    ]
    assert all("280" in note.message for note in upload.notes)


def test_thousands_of_errors_alike_are_not_all_told(tmp_path: Path) -> None:
    rows = [row(f"9{number:05}", "2023Q2") for number in range(1_500)]
    upload = read_file(table(tmp_path / "a.csv", rows))
    assert len(upload.errors) < 10
    assert "1500" in upload.errors[0].message


def test_all_errors_of_a_file_are_found_at_once(tmp_path: Path) -> None:
    rows = [
        row(SHIXING, "2023Q2", institutions="十", beds_total=-1),
        row("999999", "2023Q2"),
        row(RENHUA, "2024Q5"),
    ]
    upload = read_file(table(tmp_path / "a.csv", rows))
    assert [(f.rule, f.row) for f in upload.errors] == [
        ("not_a_number", 2),
        ("below_minimum", 2),
        ("unknown_area", 3),
        ("bad_period", 4),
    ]
