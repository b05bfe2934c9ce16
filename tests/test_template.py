"""The workbook an analyst fills in: what it holds, how it prints, and that it comes back."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from command_calls import command
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
    read_file,
    stored,
)
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st
from template_forms import (
    FIRST,
    GREY,
    HEADER,
    SHAOGUAN,
    SIGN,
    TITLE,
    before_of,
    by_libreoffice,
    cell_of,
    labels,
    opened,
    written,
)
from tries import tries

from app import areas
from app.errors import BadPeriod
from app.intake.previous import Previous, previous
from app.settings import Settings

# ------------------------------------------------------------------ what is filled in already


def test_codes_city_name_and_period_stand_there_in_grey(tmp_path: Path) -> None:
    sheet = opened(written(tmp_path))
    assert labels(sheet)[:4] == ["行政区划代码", "市", "县（市、区）", "报告期"]
    row = next(row for row in sheet.iter_rows(min_row=FIRST) if row[0].value == SHIXING)
    assert [cell.value for cell in row[:4]] == [SHIXING, "韶关市", "始兴县", "2023Q2"]
    assert {cell.fill.start_color.rgb for cell in row[:4]} == {GREY}
    assert {cell.data_type for cell in row[:4]} == {"s"}
    assert row[4].value is None
    assert row[4].fill.fill_type is None


def test_every_area_has_one_row_and_nothing_stands_below(tmp_path: Path) -> None:
    codes = [cell.value for cell in opened(written(tmp_path))["A"]][FIRST - 1 :]
    assert codes == list(areas.load())


def test_a_form_of_one_city_holds_its_counties_alone(tmp_path: Path) -> None:
    sheet = opened(written(tmp_path, city_code=SHAOGUAN))
    assert {cell.value for cell in sheet["B"][FIRST - 1 :]} == {"韶关市"}
    assert len(sheet["B"][FIRST - 1 :]) == 10


def test_who_reports_is_a_label_and_an_empty_framed_cell_each(tmp_path: Path) -> None:
    sheet = opened(written(tmp_path))
    assert [sheet.cell(SIGN, n).value for n in (1, 4, 7)] == ["填报单位：", "填报人：", "日期："]
    for column, merged in ((2, "B2:C2"), (5, "E2:F2"), (8, "H2:I2")):
        assert merged in {str(area) for area in sheet.merged_cells.ranges}
        assert sheet.cell(SIGN, column).value is None
        assert sheet.cell(SIGN, column).border.bottom.style == "thin"


def test_who_reports_can_be_given(tmp_path: Path) -> None:
    sign = {"unit": "县民政局", "person": "经办人", "date": "2023年7月12日"}
    sheet = opened(written(tmp_path, sign=sign))
    assert [sheet.cell(SIGN, n).value for n in (2, 5, 8)] == list(sign.values())


def test_an_english_form_is_english_but_for_the_units_of_the_notice(tmp_path: Path) -> None:
    sheet = opened(written(tmp_path, before=before_of({SHIXING: good()}), lang="en"))
    assert sheet.cell(TITLE, 1).value == "Care-type beds, quarterly report (Q2 2023)"
    assert labels(sheet)[:4] == ["Area code", "City", "County", "Period"]
    assert cell_of(sheet, "Care-type beds").value is None
    assert labels(sheet)[5] == "Previous\n2023Q1"
    assert cell_of(sheet, "County").value == "Shixing County"


def test_the_bytes_depend_on_what_is_asked_for_alone(tmp_path: Path) -> None:
    before = before_of({SHIXING: good()}, sample=True)
    (tmp_path / "again").mkdir()
    first = written(tmp_path, before=before).read_bytes()
    assert first == written(tmp_path / "again", before=before).read_bytes()
    assert first != written(tmp_path).read_bytes()


# ------------------------------------------------------------------ the quarter before


def test_the_last_quarter_stands_behind_each_cell_narrow_small_and_grey(tmp_path: Path) -> None:
    sheet = opened(written(tmp_path, before=before_of({SHIXING: good(beds_total=1234)})))
    beside = cell_of(sheet, "养老机构床位数", after=1)
    assert sheet.cell(HEADER, beside.column).value == "上期\n2023Q1"
    assert beside.value == 1234
    assert beside.number_format == "#,##0"
    assert beside.fill.start_color.rgb == GREY
    fill_in = sheet.column_dimensions[cell_of(sheet, "养老机构床位数").column_letter]
    assert sheet.column_dimensions[beside.column_letter].width < fill_in.width
    assert labels(sheet)[4::2] == [
        f"{m.label('zh')}\n（{KNOWN.unit(m.unit).label('zh')}）"
        for m in KNOWN.dataset("care_beds").measures
    ]


def test_a_figure_missing_then_is_a_dash_and_one_that_did_not_apply_says_so(
    tmp_path: Path,
) -> None:
    rows = {SHIXING: good(residents=None, beds_care="not_applicable"), WENGYUAN: good()}
    sheet = opened(written(tmp_path, before=before_of(rows)))
    assert cell_of(sheet, "入住老年人数", after=1).value == "—"
    assert cell_of(sheet, "护理型床位数", after=1).value == "不适用"
    assert cell_of(sheet, "护理型床位数", RENHUA, after=1).value == "—"


def test_sample_figures_are_marked_and_do_not_make_the_form_a_sample(tmp_path: Path) -> None:
    path = written(
        tmp_path, before=before_of({SHIXING: good()}, sample=True), values={SHIXING: good()}
    )
    assert labels(opened(path))[5] == "上期\n2023Q1\n样例"
    assert not read_file(path).sample


def test_what_nobody_reported_then_has_no_column_for_it(tmp_path: Path) -> None:
    sheet = opened(written(tmp_path, before=before_of({SHIXING: good(residents=None)})))
    shown = labels(sheet)
    assert sum(text.startswith("上期") for text in shown) == 8
    assert shown[shown.index("入住老年人数\n（人）") + 1] == "入住失能老年人数\n（人）"


@pytest.mark.parametrize("before", [None, Previous("2023Q1", False, {})])
def test_without_a_last_quarter_there_are_no_such_columns(
    tmp_path: Path, before: Previous | None
) -> None:
    sheet = opened(written(tmp_path, before=before))
    assert len(labels(sheet)) == 4 + len(KNOWN.dataset("care_beds").measures)
    assert not any(text.startswith("上期") for text in labels(sheet))


def test_a_city_sees_only_what_its_own_counties_reported(tmp_path: Path) -> None:
    before = before_of({DONGGUAN: good()})
    sheet = opened(written(tmp_path, before=before, city_code=SHAOGUAN))
    assert not any(text.startswith("上期") for text in labels(sheet))


def test_a_form_that_holds_last_quarters_figures_is_marked_internal_on_paper(
    tmp_path: Path,
) -> None:
    before = before_of({DONGGUAN: good()})
    assert opened(written(tmp_path, before=before)).oddHeader.left.text == "内部资料"
    assert opened(written(tmp_path)).oddHeader.left.text is None


def test_the_store_tells_the_quarter_before(tmp_path: Path, store: Settings) -> None:
    rows = {SHIXING: good(residents=None, beds_care="不适用"), RENHUA: good(beds_total=300)}
    stored(store, form(tmp_path / "a.xlsx", "2022Q4", rows))
    found = previous(store, "care_beds", "2023Q1")
    assert found is not None
    assert (found.period, found.sample) == ("2022Q4", False)
    assert found.values[RENHUA]["beds_total"] == 300
    assert found.values[RENHUA]["care_beds_added_ytd"] == 5  # the whole year's, as reported
    assert found.values[SHIXING].get("residents") is None
    assert found.values[SHIXING]["beds_care"] == "not_applicable"
    assert found.values.keys() == {SHIXING, RENHUA}


def test_a_real_report_retires_the_sample_of_the_quarter_before(
    tmp_path: Path, store: Settings
) -> None:
    rows = {SHIXING: good(beds_total=999), RENHUA: good()}
    stored(store, form(tmp_path / "s.xlsx", "2023Q1", rows, sample=True))
    found = previous(store, "care_beds", "2023Q2")
    assert found is not None
    assert found.sample
    assert found.values.keys() == {SHIXING, RENHUA}
    stored(store, form(tmp_path / "a.xlsx", "2023Q1", {SHIXING: good(beds_total=210)}))
    found = previous(store, "care_beds", "2023Q2")
    assert found is not None
    assert not found.sample
    assert found.values.keys() == {SHIXING}
    assert found.values[SHIXING]["beds_total"] == 210


def test_nothing_stored_is_no_quarter_before(tmp_path: Path, store: Settings) -> None:
    assert previous(store, "care_beds", "2023Q2") is None
    stored(store, form(tmp_path / "a.xlsx", "2023Q1", {SHIXING: good()}))
    assert previous(store, "care_beds", "2023Q1") is None
    assert previous(store, "child_welfare", "2023Q2") is None
    with pytest.raises(BadPeriod):
        previous(store, "care_beds", "2023")


def test_the_command_puts_the_quarter_before_beside(tmp_path: Path, store: Settings) -> None:
    stored(store, form(tmp_path / "a.xlsx", "2023Q1", {SHIXING: good(beds_total=345)}))
    path = tmp_path / "form.xlsx"
    done = command(store, "template", "care_beds", "2023Q2", "-o", path, "--city", SHAOGUAN)
    assert done.returncode == 0, done.stderr
    assert cell_of(opened(path), "养老机构床位数", after=1).value == 345


# ------------------------------------------------------------------ notes and definitions


def test_the_note_of_a_header_tells_definition_unit_kind_bounds_and_relations(
    tmp_path: Path,
) -> None:
    sheet = opened(written(tmp_path))
    measure = KNOWN.dataset("care_beds").measure("beds_care")
    comment = sheet.cell(HEADER, cell_of(sheet, "护理型床位数").column).comment
    assert comment is not None
    assert comment.text.splitlines() == [
        measure.definition("zh"),
        "单位：张　性质：期末数　可填：不小于 0 的整数",
        "护理型床位数 ≤ 养老机构床位数",
        "护理型床位数 - 公办机构护理型床位数 ≤ 养老机构床位数 - 公办机构床位数",
    ]


def test_the_note_names_the_provincial_minimum_of_a_standard(tmp_path: Path) -> None:
    sheet = opened(written(tmp_path, "disability_allowances"))
    comment = sheet.cell(HEADER, cell_of(sheet, "生活补贴标准").column).comment
    assert comment is not None
    assert comment.text.splitlines()[-1] == "生活补贴标准 ≥ 省定最低标准"
    assert "可填：不小于 0 的数" in comment.text


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("dataset_id", list(KNOWN.datasets))
def test_the_second_sheet_explains_every_column_and_quotes_the_notice(
    tmp_path: Path, dataset_id: str, lang: str
) -> None:
    dataset = KNOWN.dataset(dataset_id)
    book = openpyxl.load_workbook(written(tmp_path, dataset_id, lang=lang))
    sheet = book.worksheets[1]
    assert dataset.clause_text(lang) in str(sheet["A2"].value)
    lines = {str(row[0]): row for row in sheet.iter_rows(min_row=5, values_only=True)}
    for measure in dataset.measures:
        line = lines[measure.id]
        assert measure.label(lang) == line[1]
        assert measure.definition(lang) == line[6]
        assert ("0" in str(line[5])) or not measure.numeric


def test_the_notes_of_both_sheets_are_the_same_in_kind(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(written(tmp_path))
    line = next(row for row in book.worksheets[1].iter_rows() if row[0].value == "beds_care")
    assert [cell.value for cell in line[2:6]] == ["张", "期末数", "必填列", "不小于 0 的整数"]
    assert str(line[7].value).startswith("护理型床位数 ≤ 养老机构床位数\n")


# ------------------------------------------------------------------ on paper


@pytest.mark.parametrize("number", [0, 1])
def test_a_sheet_prints_on_a4_across_with_its_header_on_each_page(
    tmp_path: Path, number: int
) -> None:
    path = written(tmp_path, before=before_of({SHIXING: good()}), city_code=SHAOGUAN)
    sheet = openpyxl.load_workbook(path).worksheets[number]
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) in [(1, 0), (None, 0)]
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.print_title_rows == ("$1:$3", "$4:$4")[number]
    area = ("$A$1:$W$13", "$A$1:$H$21")[number]
    assert sheet.print_area.endswith(area)
    assert sheet.oddFooter.center.text == "第 &P 页，共 &N 页"


def test_header_and_names_stay_in_sight(tmp_path: Path) -> None:
    assert opened(written(tmp_path)).freeze_panes == "E4"


# ------------------------------------------------------------------ it comes back


def filled(measure_whole: bool) -> st.SearchStrategy[Value]:
    """What an analyst may put into a cell."""
    whole = st.integers(0, 10**9).map(float)
    cents = st.integers(0, 10**12).map(lambda n: n / 100)
    return st.one_of(whole if measure_whole else cents, st.none(), st.just("不适用"))


@st.composite
def reports(draw: st.DrawFn) -> tuple[str, dict[str, dict[str, Value]], bool, str]:
    """A dataset, what some counties fill in, whether the last quarter is known, a language."""
    dataset = KNOWN.dataset(draw(st.sampled_from(OF_COUNTIES)))
    rows = st.fixed_dictionaries({m.id: filled(KNOWN.unit(m.unit).whole) for m in dataset.measures})
    codes = st.sampled_from([SHIXING, RENHUA, WENGYUAN, DONGGUAN])
    found = draw(st.dictionaries(codes, rows, min_size=1, max_size=3))
    return dataset.id, found, draw(st.booleans()), draw(st.sampled_from(["zh", "en"]))


def came_back(path: Path) -> dict[str, dict[str, Value]]:
    """What the intake reads of a file without errors, as an analyst would have typed it."""
    upload = read_file(path)
    assert [f for f in upload.errors if f.rule != "no_data"] == []
    rows: dict[str, dict[str, Value]] = {}
    for cell in upload.cells:
        value = "不适用" if cell.status == "not_applicable" else cell.value
        rows.setdefault(cell.area_code, {})[cell.measure_id] = value
        assert cell.period == "2023Q2"
    return rows


@given(reports())
@examples(max_examples=tries(12), deadline=None)
def test_what_is_filled_in_is_read_back(
    tmp_path_factory: pytest.TempPathFactory,
    report: tuple[str, dict[str, dict[str, Value]], bool, str],
) -> None:
    dataset_id, rows, known_before, lang = report
    before = before_of({SHIXING: good(dataset_id), RENHUA: {}}, sample=True)
    path = written(
        tmp_path_factory.mktemp("form"), dataset_id, values=rows,
        before=before if known_before else None, lang=lang,
    )  # fmt: skip
    expected = {code: row for code, row in rows.items() if any(v is not None for v in row.values())}
    assert came_back(path) == expected


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_columns_of_the_last_quarter_are_passed_over_in_silence(
    tmp_path: Path, lang: str
) -> None:
    path = written(
        tmp_path, values={SHIXING: good()}, before=before_of({SHIXING: good()}), lang=lang
    )
    upload = read_file(path)
    assert not upload.errors
    assert not any((note.column or "").startswith(("上期", "Previous")) for note in upload.notes)


def test_a_form_saved_by_libreoffice_is_read_back(tmp_path: Path) -> None:
    rows = {SHIXING: good(residents="不适用"), RENHUA: good(beds_total=1234)}
    path = written(tmp_path, values=rows, before=before_of({SHIXING: good()}, sample=True))
    again = by_libreoffice(path, "xlsx")
    expected = came_back(path)
    assert expected[RENHUA]["beds_total"] == 1234
    assert came_back(again) == expected
    assert came_back(by_libreoffice(path, "xls")) == expected
    sheet = opened(again)
    assert sheet.print_title_rows == "$1:$3"
    assert {each.type for each in sheet.data_validations.dataValidation} == {"custom", "list"}
