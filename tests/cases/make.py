"""Builds the files of this folder, each with the one flaw or oddity it is named for.

`python tests/cases/make.py` writes them anew, byte for byte the same. What reading them is to give
stands in expected.yaml, written by hand. The files that need another program to make are KEPT.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import sys
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import xlsxwriter
import xlwt
from xlwt.CompoundDoc import XlsDoc

HERE = Path(__file__).parent
KEPT = {"encrypted.xlsx"}  # plain.xlsx saved with a password
Rows = Sequence[Sequence[object]]
Merge = tuple[int, int, int, int]

LABELS = [
    "养老机构数", "养老机构床位数", "护理型床位数", "公办机构床位数", "公办机构护理型床位数",
    "本年累计新增护理型床位", "年度新增护理型床位计划", "入住老年人数", "入住失能老年人数",
]  # fmt: skip
KEYS = ["行政区划代码", "县（市、区）", "报告期"]
HEAD = [*KEYS, *LABELS]
FIGURES = [10, 200, 120, 80, 40, 5, 20, 150, 60]
OTHERS = [8, 160, 90, 60, 30, 4, 16, 120, 50]
SHIXING = ["440222", "始兴县", "2023Q2", *FIGURES]
RENHUA = ["440224", "仁化县", "2023Q2", *OTHERS]
SUM = [a + b for a, b in zip(FIGURES, OTHERS, strict=True)]
ALLOWANCES = [
    "持证残疾人", "生活补贴目标人群", "生活补贴领取人数", "护理补贴目标人群", "护理补贴领取人数",
    "生活补贴标准", "护理补贴标准", "本年累计发放两项补贴", "一卡通发放人次",
]  # fmt: skip
PAID = [500, 100, 90, 80, 70, 300, 400, 9, 150]

CASES: dict[str, Callable[[], bytes]] = {}


def case(name: str) -> Callable[[Callable[[], bytes]], Callable[[], bytes]]:
    """Register the file that a function makes."""

    def register(make: Callable[[], bytes]) -> Callable[[], bytes]:
        assert name not in CASES, name
        CASES[name] = make
        return make

    return register


@dataclass(frozen=True)
class Formula:
    """A formula and its stored result."""

    text: str
    result: object = 0


@dataclass(frozen=True)
class Shown:
    """A number in a format of its own."""

    number: float
    form: str


# ------------------------------------------------------------------ kinds of files


def xlsx(
    sheets: Rows | Mapping[str, Rows],
    merged: Sequence[Merge] = (),
    hidden: Sequence[str] = (),
    change: Callable[[str], str] | None = None,
) -> bytes:
    """A workbook of rows; `merged` are cells of its first sheet, `change` edits its XML."""
    named = sheets if isinstance(sheets, Mapping) else {"Sheet1": sheets}
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False})
    book.set_properties({"created": dt.datetime(2023, 5, 11)})
    for name, rows in named.items():
        sheet = book.add_worksheet(name)
        if name in hidden:
            sheet.hide()
        for row, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                _write(book, sheet, row, column, cell)
    for top, left, bottom, right in merged:
        first = next(iter(named.values()))[top][left]
        book.worksheets()[0].merge_range(top, left, bottom, right, first)
    book.close()
    return rewritten(out.getvalue(), {}, change)


def _write(
    book: xlsxwriter.Workbook,
    sheet: xlsxwriter.workbook.Worksheet,
    row: int,
    column: int,
    cell: object,
) -> None:
    if isinstance(cell, Formula):
        sheet.write_formula(row, column, cell.text, None, cell.result)
    elif isinstance(cell, Shown):
        sheet.write_number(row, column, cell.number, book.add_format({"num_format": cell.form}))
    elif isinstance(cell, dt.date):
        style = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_datetime(row, column, cell, style)
    elif isinstance(cell, str):
        sheet.write_string(row, column, cell)
    elif cell is not None:
        sheet.write(row, column, cell)


def rewritten(
    workbook: bytes,
    extra: Mapping[str, bytes],
    change: Callable[[str], str] | None = None,
    packing: int = zipfile.ZIP_DEFLATED,
) -> bytes:
    """A workbook with other members and its XML changed, as calculated by an office program."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            xml = old.read(name).decode()
            if change is None:
                xml = xml.replace(' fullCalcOnLoad="1"', "")
            else:
                xml = change(xml)
            new.writestr(zipfile.ZipInfo(name), xml, packing)
        for name, content in extra.items():
            new.writestr(zipfile.ZipInfo(name), content, packing)
    return out.getvalue()


def xls(
    rows: Rows, merged: Sequence[Merge] = (), errors: Mapping[tuple[int, int], str] = {}
) -> bytes:  # noqa: B006
    """An old workbook of rows, some of its cells with an error."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("Sheet1")
    inside = {
        (row, column)
        for top, left, bottom, right in merged
        for row in range(top, bottom + 1)
        for column in range(left, right + 1)
    }
    for row, cells in enumerate(rows):
        for column, cell in enumerate(cells):
            if (row, column) in errors:
                sheet.row(row).set_cell_error(column, errors[row, column])
            elif (row, column) not in inside and cell is not None:
                sheet.write(row, column, cell)
    for top, left, bottom, right in merged:
        sheet.write_merge(top, bottom, left, right, rows[top][left])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def text(rows: Rows, delimiter: str = ",", encoding: str = "utf-8") -> bytes:
    """A csv of rows."""
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    return out.getvalue().encode(encoding)


def changed(row: Sequence[object], **cells: object) -> list[object]:
    """A row with some of its cells changed, by the letter of their column."""
    copy = list(row)
    for letter, value in cells.items():
        copy[ord(letter) - 65] = value
    return copy


PLAIN: Rows = [HEAD, SHIXING, RENHUA]

# ------------------------------------------------------------------ layout


@case("plain.xlsx")
def _() -> bytes:
    return xlsx(PLAIN)


@case("title_rows_above_header.xlsx")
def _() -> bytes:
    return xlsx(
        [
            ["护理型床位季报（2023年二季度）"],
            ["填报单位：某局", None, "日期：2023年7月10日"],
            [],
            *PLAIN,
        ]
    )


@case("merged_title.xlsx")
def _() -> bytes:
    return xlsx([["2023年第二季度护理型床位情况表"], *PLAIN], [(0, 0, 0, 11)])


@case("sample_mark_above_header.xlsx")
def _() -> bytes:
    return xlsx([["填报单位：样例数据"], *PLAIN])


@case("merged_city_column.xlsx")
def _() -> bytes:
    head = ["市", "县（市、区）", "报告期", *LABELS]
    rows = [
        ["汕尾市", "城区", "2023Q2", *FIGURES],
        [None, "海丰县", "2023Q2", *OTHERS],
        ["韶关市", "始兴县", "2023Q2", *FIGURES],
        [None, "仁化县", "2023Q2", *OTHERS],
    ]
    return xlsx([head, *rows], [(1, 0, 2, 0), (3, 0, 4, 0)])


@case("merged_period_column.xlsx")
def _() -> bytes:
    return xlsx([HEAD, SHIXING, changed(RENHUA, C=None)], [(1, 2, 2, 2)])


@case("merged_period_column.xls")
def _() -> bytes:
    return xls([HEAD, SHIXING, changed(RENHUA, C=None)], [(1, 2, 2, 2)])


@case("merged_figure_over_counties.xlsx")
def _() -> bytes:
    return xlsx([HEAD, SHIXING, changed(RENHUA, E=None)], [(1, 4, 2, 4)])


@case("merged_figure_over_measures.xlsx")
def _() -> bytes:
    return xlsx([HEAD, SHIXING, changed(RENHUA, H=None)], [(2, 6, 2, 7)])


@case("merged_dash_over_counties.xlsx")
def _() -> bytes:
    return xlsx([HEAD, changed(SHIXING, E="—"), changed(RENHUA, E=None)], [(1, 4, 2, 4)])


@case("units_in_the_line_below_header.xlsx")
def _() -> bytes:
    units = [
        "（个）",
        "（张）",
        "（张）",
        "（张）",
        "（张）",
        "（张）",
        "（张）",
        "（人）",
        "（人）",
    ]
    return xlsx([HEAD, [None] * 3 + units, SHIXING, RENHUA])


@case("units_without_brackets_below_header.xlsx")
def _() -> bytes:
    units = ["个", "张", "张", "张", "张", "张", "张", "人", "人"]
    keys: list[Merge] = [(0, column, 1, column) for column in range(3)]
    return xlsx([HEAD, [None] * 3 + units, SHIXING, RENHUA], keys)


@case("of_which_over_sub_headers.xlsx")
def _() -> bytes:
    top = [*KEYS, *LABELS[:2], "其中：", "公办机构床位数", "其中：", *LABELS[5:]]
    below = [None] * 5 + ["护理型床位数", None, "公办机构护理型床位数"]
    return xlsx([top, below, SHIXING, RENHUA])


@case("group_with_its_measures_below.xlsx")
def _() -> bytes:
    top = [*KEYS, *LABELS[:3], "公办机构", None, *LABELS[5:]]
    below = [None] * 6 + ["床位数", "护理型床位数"]
    return xlsx([top, below, SHIXING, RENHUA], [(0, 6, 0, 7)])


@case("group_with_its_measures_below.csv")
def _() -> bytes:
    top = [*KEYS, *LABELS[:3], "公办机构", None, *LABELS[5:]]
    below = [None] * 6 + ["床位数", "护理型床位数"] + [None] * 4
    return text([top, below, SHIXING, RENHUA])


@case("group_that_only_describes.xlsx")
def _() -> bytes:
    top = [*KEYS, LABELS[0], "床位情况", None, *LABELS[3:]]
    below = [None] * 4 + LABELS[1:3]
    return xlsx([top, below, SHIXING, RENHUA], [(0, 4, 0, 5)])


@case("group_that_changes_the_measure.xlsx")
def _() -> bytes:
    top = [*KEYS, *LABELS[:2], "公办养老机构", *LABELS[3:]]
    below = [None] * 5 + ["护理型床位数"]
    return xlsx([top, below, SHIXING, RENHUA])


@case("group_over_the_keys.xlsx")
def _() -> bytes:
    top = ["基本信息", None, None, *LABELS]
    return xlsx([top, KEYS, SHIXING, RENHUA], [(0, 0, 0, 2)])


@case("line_breaks_in_header.xlsx")
def _() -> bytes:
    return xlsx([[label[:2] + "\n" + label[2:] for label in HEAD], SHIXING, RENHUA])


@case("numbered_headers.xlsx")
def _() -> bytes:
    numbered = [f"{number}．{label}" for number, label in enumerate(LABELS, 1)]
    return xlsx([[*KEYS, *numbered], SHIXING, RENHUA])


@case("column_numbers_below_header.xlsx")
def _() -> bytes:
    return xlsx([HEAD, ["甲", "乙", "丙", *range(1, 10)], SHIXING, RENHUA])


@case("other_words_for_the_keys.csv")
def _() -> bytes:
    return text(
        [
            ["季度", "区县", "区划代码", *LABELS[::-1]],
            ["2023Q2", "始兴县", "440222", *FIGURES[::-1]],
        ]
    )


@case("column_of_counties_without_name.xlsx")
def _() -> bytes:
    rows = [[None, *LABELS], ["始兴县", *FIGURES], ["仁化县", *OTHERS]]
    return xlsx([["2023年二季度"], *rows])


@case("row_numbers.xlsx")
def _() -> bytes:
    return xlsx([["序号", *HEAD], [1, *SHIXING], [2, *RENHUA]])


@case("extra_column.xlsx")
def _() -> bytes:
    return xlsx([[*HEAD, "备注"], [*SHIXING, "新建一家"], RENHUA])


@case("previous_quarter_beside.xlsx")
def _() -> bytes:
    head = [*HEAD[:4], "上期\n2023Q1", *HEAD[4:], "上期护理型床位数"]
    rows = [[*row[:4], "随便", *row[4:], 7] for row in (SHIXING, RENHUA)]
    return xlsx([head, *rows])


@case("extra_sheet.xlsx")
def _() -> bytes:
    return xlsx({"季报": PLAIN, "说明": [["填报要求"], ["按季度填报"]], "空表": []})


@case("hidden_sheet.xlsx")
def _() -> bytes:
    return xlsx({"季报": PLAIN, "旧表": PLAIN}, hidden=["旧表"])


@case("one_sheet_for_each_city.xlsx")
def _() -> bytes:
    head = ["县（市、区）", "报告期", *LABELS]
    return xlsx(
        {
            "韶关市": [head, ["始兴县", "2023Q2", *FIGURES]],
            "汕尾市": [head, ["城区", "2023Q2", *OTHERS]],
        }
    )


@case("one_sheet_for_each_quarter.xlsx")
def _() -> bytes:
    head = ["行政区划代码", *LABELS]
    return xlsx({"2023Q1": [head, ["440222", *OTHERS]], "2023Q2": [head, ["440222", *FIGURES]]})


@case("sheet_with_other_column_names.xlsx")
def _() -> bytes:
    other = [
        ["区县", "机构", "床位"],
        ["城区", 3, 60],
        ["海丰县", 4, 80],
        ["陆河县", 5, 90],
        ["陆丰市", 5, 90],
    ]
    return xlsx({"韶关": PLAIN, "汕尾": other})


@case("summary_sheet_beside.xlsx")
def _() -> bytes:
    return xlsx({"季报": PLAIN, "汇总": [["市", "护理型床位数"], ["韶关市", 210]]})


@case("total_row_at_the_bottom.xlsx")
def _() -> bytes:
    return xlsx([*PLAIN, ["合计", None, None, *SUM]], [(3, 0, 3, 2)])


@case("total_row_at_the_top.xlsx")
def _() -> bytes:
    return xlsx([HEAD, [None, "全市合计", "2023Q2", *SUM], SHIXING, RENHUA])


@case("total_row_that_does_not_add_up.xlsx")
def _() -> bytes:
    return xlsx([*PLAIN, [None, "合 计", None, *changed(SUM, C=211)]])


@case("total_named_in_the_column_of_numbers.xlsx")
def _() -> bytes:
    return xlsx([["序号", *HEAD], [1, *SHIXING], [2, *RENHUA], ["合计", None, None, None, *SUM]])


@case("subtotals_of_cities.xlsx")
def _() -> bytes:
    head = ["市", "县（市、区）", "报告期", *LABELS]
    rows = [
        ["韶关市", "始兴县", "2023Q2", *FIGURES],
        ["韶关市", "仁化县", "2023Q2", *OTHERS],
        ["韶关市", "小计", "2023Q2", *SUM],
        ["汕尾市", "海丰县", "2023Q2", *FIGURES],
        ["汕尾市", "小计", "2023Q2", *FIGURES],
        ["总计", None, "2023Q2", *[a + b for a, b in zip(SUM, FIGURES, strict=True)]],
    ]
    return xlsx([head, *rows])


@case("city_headings_between_rows.xlsx")
def _() -> bytes:
    head = ["县（市、区）", "报告期", *LABELS]
    rows = [["韶关市"], ["始兴县", "2023Q2", *FIGURES], ["汕尾市"], ["城区", "2023Q2", *OTHERS]]
    return xlsx([head, *rows])


@case("rows_of_city_and_province_by_code.csv")
def _() -> bytes:
    city, province = ["440200", "韶关市", "2023Q2", *SUM], ["440000", "广东省", "2023Q2", *SUM]
    return text([HEAD, province, city, SHIXING, RENHUA])


@case("blank_rows_between.xlsx")
def _() -> bytes:
    return xlsx([HEAD, [], SHIXING, ["  ", None, "　"], RENHUA, [], []])


@case("county_without_figures.xlsx")
def _() -> bytes:
    return xlsx([HEAD, SHIXING, RENHUA[:3]])


@case("remarks_below_table.xlsx")
def _() -> bytes:
    remarks = [
        ["注：1. 床位数以登记为准。"],
        ["2. 数据截至季末。"],
        ["填报人：某某", None, None, "联系电话：", 6123456],
    ]
    return xlsx([*PLAIN, [], *remarks])


@case("header_again_in_the_middle.xlsx")
def _() -> bytes:
    return xlsx([HEAD, SHIXING, ["2023年二季度（续表）"], HEAD, RENHUA])


@case("missing_column_with_another_like_it.xlsx")
def _() -> bytes:
    return xlsx([changed(HEAD, F="护理型床位"), SHIXING, RENHUA])


@case("measure_twice.xlsx")
def _() -> bytes:
    return xlsx([[*HEAD, "护理型床位数（张）"], [*SHIXING, 120]])


@case("figure_beyond_the_header.xlsx")
def _() -> bytes:
    return xlsx([HEAD, [*SHIXING, None, 99], RENHUA])


@case("county_twice.xlsx")
def _() -> bytes:
    return xlsx([HEAD, SHIXING, RENHUA, SHIXING])


@case("county_twice_on_two_sheets.xlsx")
def _() -> bytes:
    return xlsx({"甲": PLAIN, "乙": [HEAD, SHIXING]})


@case("header_only.xlsx")
def _() -> bytes:
    return xlsx([HEAD])


@case("no_header.xlsx")
def _() -> bytes:
    return xlsx([SHIXING, RENHUA])


@case("another_report.xlsx")
def _() -> bytes:
    return xlsx([["姓名", "金额"], ["甲", 3]])


# ------------------------------------------------------------------ areas


@case("city_in_front_of_name.xlsx")
def _() -> bytes:
    rows = [["韶关市始兴县", "2023Q2", *FIGURES], ["广东省韶关市仁化县", "2023Q2", *OTHERS]]
    return xlsx([["县（市、区）", "报告期", *LABELS], *rows])


@case("names_instead_of_codes.xlsx")
def _() -> bytes:
    rows = [["始兴县", "2023Q2", *FIGURES], ["仁化县", "2023Q2", *OTHERS]]
    return xlsx([["县（市、区）", "报告期", *LABELS], *rows])


@case("names_without_ending.xlsx")
def _() -> bytes:
    rows = [["始兴", "2023Q2", *FIGURES], ["乳源", "2023Q2", *OTHERS], ["顺 德", "2023Q2", *OTHERS]]
    return xlsx([["地区", "报告期", *LABELS], *rows])


@case("names_in_the_column_of_codes.csv")
def _() -> bytes:
    return text([["行政区划代码", "报告期", *LABELS], ["始兴县", "2023Q2", *FIGURES]])


@case("names_in_english.csv")
def _() -> bytes:
    ids = "institutions beds_total beds_care public_beds_total public_beds_care care_beds_added_ytd"
    head = [
        "County",
        "Period",
        *ids.split(),
        "care_beds_added_plan",
        "residents",
        "residents_disabled",
    ]
    return text(
        [head, ["Shixing County", "2023Q2", *FIGURES], ["Renhua, Shaoguan", "2023Q2", *OTHERS]]
    )


@case("urban_district_with_its_city.xlsx")
def _() -> bytes:
    return xlsx([["市", "县（市、区）", "报告期", *LABELS], ["汕尾", "城区", "2023Q2", *FIGURES]])


@case("urban_district_without_city.xlsx")
def _() -> bytes:
    return xlsx([["县（市、区）", "报告期", *LABELS], ["城区", "2023Q2", *FIGURES]])


@case("urban_district_of_another_city.xlsx")
def _() -> bytes:
    return xlsx([["市", "县（市、区）", "报告期", *LABELS], ["清远市", "城区", "2023Q2", *FIGURES]])


@case("county_misspelt.xlsx")
def _() -> bytes:
    return xlsx([HEAD, changed(SHIXING, A=None, B="始新县"), RENHUA])


@case("code_unknown.csv")
def _() -> bytes:
    return text([HEAD, changed(SHIXING, A="440223"), RENHUA])


@case("name_and_code_differ.xlsx")
def _() -> bytes:
    return xlsx([HEAD, changed(SHIXING, B="仁化县")])


@case("city_and_county_differ.xlsx")
def _() -> bytes:
    return xlsx([["市", *HEAD], ["清远市", *SHIXING]])


@case("dongguan_and_zhongshan_as_cities.xlsx")
def _() -> bytes:
    rows = [["东莞市", None, "2023Q2", *FIGURES], ["中山", "中山市", "2023Q2", *OTHERS]]
    return xlsx([["市", "县（市、区）", "报告期", *LABELS], *rows])


@case("codes_of_twelve_digits.xlsx")
def _() -> bytes:
    return xlsx([HEAD, changed(SHIXING, A="440222000000"), changed(RENHUA, A=440224000000)])


@case("codes_as_numbers.xlsx")
def _() -> bytes:
    return xlsx([HEAD, changed(SHIXING, A=440222), changed(RENHUA, A=" ４４０２２４ ")])


# ------------------------------------------------------------------ figures


@case("full_width_digits.csv")
def _() -> bytes:
    return text([HEAD, changed(SHIXING, E="２００", F="１２０．０")])


@case("thousands_separators.csv")
def _() -> bytes:
    return text([HEAD, changed(SHIXING, E="1,200", F="1，120", G="1\u00a0080")])


@case("numbers_as_text.xlsx")
def _() -> bytes:
    return xlsx([HEAD, changed(SHIXING, D="10", E=" 200 ", F="'120", G="80\u200b")])


@case("dashes_for_missing.xlsx")
def _() -> bytes:
    return xlsx([HEAD, changed(SHIXING, D="—", E="-", F="/", G="……", H="－－")])


@case("words_for_missing.csv")
def _() -> bytes:
    return text([HEAD, changed(SHIXING, D="无", E="未报", F="暂缺", G="")])


@case("not_applicable.xlsx")
def _() -> bytes:
    return xlsx([HEAD, changed(SHIXING, G="不适用", H="N/A")])


@case("unit_in_a_cell.xlsx")
def _() -> bytes:
    return xlsx([HEAD, changed(SHIXING, E="200张", F="约120")])


@case("percentage_in_a_count.csv")
def _() -> bytes:
    return text([HEAD, changed(SHIXING, F="60%")])


@case("negative_and_fraction.xlsx")
def _() -> bytes:
    return xlsx([HEAD, changed(SHIXING, D=-1, E=200.5, F=Formula("=0.1*1200", 119.99999999999999))])


@case("too_long_a_number.csv")
def _() -> bytes:
    return text([HEAD, changed(SHIXING, D="9" * 400, E="1e999", F="9" * 60)])


@case("ten_thousand_yuan_in_header.xlsx")
def _() -> bytes:
    head = [*KEYS, *changed(ALLOWANCES, H="本年累计发放两项补贴（万元）")]
    return xlsx([head, [*SHIXING[:3], *changed(PAID, H=1.005)]])


@case("ten_thousand_yuan_above_table.xlsx")
def _() -> bytes:
    head = [*KEYS, *changed(ALLOWANCES, F="生活补贴标准（元/月）")]
    return xlsx([["残疾人两项补贴", None, "单位：人、万元"], head, [*SHIXING[:3], *PAID]])


@case("ten_thousand_yuan_below_header.xlsx")
def _() -> bytes:
    units = ["人", "人", "人", "人", "人", "元/人·月", "元/人·月", "万元", "人次"]
    return xlsx([[*KEYS, *ALLOWANCES], [None] * 3 + units, [*SHIXING[:3], *PAID]])


@case("another_unit_in_header.xlsx")
def _() -> bytes:
    head = [*KEYS, *changed(ALLOWANCES, F="生活补贴标准（元/年）", I="一卡通发放人次（人）")]
    return xlsx([head, [*SHIXING[:3], *PAID]])


@case("formula_with_its_value.xlsx")
def _() -> bytes:
    results = {"E": Formula("=80+120", 200), "F": Formula("=0", 0), "G": Formula('=""', "")}
    # an office program says that the empty result is a text
    return xlsx(
        [HEAD, changed(SHIXING, **results)],
        change=lambda xml: xml.replace('<c r="G2">', '<c r="G2" t="str">').replace(
            ' fullCalcOnLoad="1"', ""
        ),
    )


@case("formula_without_value.xlsx")
def _() -> bytes:
    rows = [HEAD, changed(SHIXING, E=Formula("=80+120", 200), F=Formula("=F3+1", 120)), RENHUA]
    return xlsx(
        rows,
        change=lambda xml: xml.replace("</f><v>200</v>", "</f>").replace(
            "</f><v>120</v>", "</f><v></v>"
        ),
    )


@case("formula_never_calculated.xlsx")
def _() -> bytes:
    rows = [HEAD, changed(SHIXING, E=Formula("=80+120")), changed(RENHUA, D=0)]
    return xlsx(
        rows, change=lambda xml: xml
    )  # the workbook asks to be calculated when it is opened


@case("formula_with_an_error.xlsx")
def _() -> bytes:
    return xlsx([HEAD, changed(SHIXING, E=Formula("=1/0", "#DIV/0!"), F=Formula("=A9", "#REF!"))])


@case("formula_with_an_error.xls")
def _() -> bytes:
    return xls([HEAD, SHIXING], errors={(1, 4): "#DIV/0!"})


@case("date_for_a_figure.xlsx")
def _() -> bytes:
    return xlsx([HEAD, changed(SHIXING, F=Shown(120, "yyyy-mm-dd"))])


@case("true_for_a_figure.xlsx")
def _() -> bytes:
    return xlsx([HEAD, changed(SHIXING, D=True)])


@case("text_like_a_formula.csv")
def _() -> bytes:
    return text([HEAD, changed(SHIXING, D="=1+1", E="@SUM(1)", F="+120")])


@case("markup_in_a_name.csv")
def _() -> bytes:
    return text([HEAD, changed(SHIXING, A="", B="<b>始兴县</b>"), RENHUA])


# ------------------------------------------------------------------ periods


@case("period_in_chinese.xlsx")
def _() -> bytes:
    return xlsx([HEAD, changed(SHIXING, C="2023年第二季度"), changed(RENHUA, C="2023年2季度")])


@case("period_as_month.csv")
def _() -> bytes:
    return text([HEAD, changed(SHIXING, C="2023-06"), changed(RENHUA, C="2023年6月")])


@case("period_as_date.xlsx")
def _() -> bytes:
    day, begins = dt.date(2023, 6, 30), dt.date(2023, 6, 1)
    return xlsx([HEAD, changed(SHIXING, C=day), changed(RENHUA, C=begins)])


@case("period_as_months_of_the_year.csv")
def _() -> bytes:
    return text([HEAD, changed(SHIXING, C="2023年1—6月"), changed(RENHUA, C="2023年上半年")])


@case("period_as_a_year.csv")
def _() -> bytes:
    return text([HEAD, changed(SHIXING, C="2023年度"), changed(RENHUA, C="2023-05")])


@case("period_in_the_future.csv")
def _() -> bytes:
    return text([HEAD, changed(SHIXING, C="2199Q1")])


@case("period_in_title_only.xlsx")
def _() -> bytes:
    rows = [[*row[:2], *row[3:]] for row in PLAIN]
    return xlsx([["2023年第二季度护理型床位情况"], ["填报日期：2023年9月30日"], *rows])


@case("period_in_sheet_name_only.xlsx")
def _() -> bytes:
    return xlsx({"2023年二季度": [[*row[:2], *row[3:]] for row in PLAIN]})


@case("period_in_file_name_only_2023Q2.csv")
def _() -> bytes:
    return text([[*row[:2], *row[3:]] for row in PLAIN])


@case("period_nowhere.csv")
def _() -> bytes:
    return text([[*row[:2], *row[3:]] for row in PLAIN])


@case("title_with_two_quarters.csv")
def _() -> bytes:
    return text([["2023年一季度、2023年二季度"], *([*row[:2], *row[3:]] for row in PLAIN)])


@case("title_of_another_quarter.xlsx")
def _() -> bytes:
    return xlsx([["护理型床位季报（2023年一季度）"], *PLAIN])


@case("title_and_sheet_of_different_quarters.xlsx")
def _() -> bytes:
    rows = [[*row[:2], *row[3:]] for row in PLAIN]
    return xlsx({"2023Q1": [["护理型床位季报（2023年二季度）"], *rows]})


@case("period_left_empty_in_a_row.xlsx")
def _() -> bytes:
    return xlsx([["2023年二季度"], HEAD, SHIXING, changed(RENHUA, C=None)])


# ------------------------------------------------------------------ kinds of files


@case("workbook.xls")
def _() -> bytes:
    return xls(PLAIN)


@case("utf8.csv")
def _() -> bytes:
    return text(PLAIN)


@case("utf8_with_mark.csv")
def _() -> bytes:
    return text(PLAIN, encoding="utf-8-sig")


@case("gb18030_semicolon.csv")
def _() -> bytes:
    return text(
        [HEAD, changed(SHIXING, E="1,200", F="1,120", G="1,080", J="1,150")], ";", "gb18030"
    )


@case("tabs.txt")
def _() -> bytes:
    return text(PLAIN, "\t")


@case("utf16.txt")
def _() -> bytes:
    return text(PLAIN, "\t", "utf-16")


@case("delimiter_in_the_first_line.csv")
def _() -> bytes:
    return b"sep=;\r\n" + text(PLAIN, ";")


@case("quotes_that_do_not_match.csv")
def _() -> bytes:
    return text(PLAIN).replace("始兴县".encode(), '"始兴县'.encode())


@case("binary.csv")
def _() -> bytes:
    return bytes(range(256)) * 2


@case("xlsx_named_xls.xls")
def _() -> bytes:
    return xlsx(PLAIN)


@case("xlsx_named_csv.csv")
def _() -> bytes:
    return xlsx(PLAIN)


@case("text_named_xls.xls")
def _() -> bytes:
    return text(PLAIN, "\t", "gb18030")


@case("text_named_xlsx.xlsx")
def _() -> bytes:
    return text(PLAIN)


@case("web_page.xls")
def _() -> bytes:
    return b"<html><body><table><tr><td>440222</td></tr></table></body></html>"


@case("xml_of_another_program.xls")
def _() -> bytes:
    return b'\xef\xbb\xbf<?xml version="1.0"?><Workbook xmlns="urn:of-another-program"/>'


@case("picture.xlsx")
def _() -> bytes:
    return b"\x89PNG\r\n\x1a\n" + bytes(64)


@case("photo.xls")
def _() -> bytes:
    return b"\xff\xd8\xff\xe0\0\x10JFIF\0" + bytes(64)


@case("packed.xlsx")
def _() -> bytes:
    return b"Rar!\x1a\x07\x01\0" + bytes(64)


@case("document.xlsx")
def _() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(zipfile.ZipInfo("word/document.xml"), "<w:document/>")
    return out.getvalue()


@case("document.pdf")
def _() -> bytes:
    return b"%PDF-1.4\n"


@case("old_format.et")
def _() -> bytes:
    return xls(PLAIN)


@case("encrypted.xls")
def _() -> bytes:
    book = xlwt.Workbook()
    book.add_sheet("Sheet1")
    records = book.get_biff_data()
    password = bytes.fromhex("2f0006000000e1240fd2")  # the record that says a password is needed
    out = io.BytesIO()
    XlsDoc().save(out, records[:20] + password + records[20:])
    return out.getvalue()


@case("macros.xlsm")
def _() -> bytes:
    return rewritten(xlsx(PLAIN), {"xl/vbaProject.bin": b"x"})


@case("macros_renamed.xlsx")
def _() -> bytes:
    return rewritten(xlsx(PLAIN), {"xl/vbaProject.bin": b"x"})


@case("truncated.xlsx")
def _() -> bytes:
    return rewritten(xlsx(PLAIN), {}, packing=zipfile.ZIP_STORED)[:3000]


@case("truncated.xls")
def _() -> bytes:
    return xls(PLAIN)[:1500]


@case("empty.xlsx")
def _() -> bytes:
    return b""


@case("empty.csv")
def _() -> bytes:
    return b"\r\n\r\n"


@case("empty_workbook.xlsx")
def _() -> bytes:
    return xlsx([])


@case("zip_bomb.xlsx")
def _() -> bytes:
    return rewritten(xlsx(PLAIN), {"xl/worksheets/sheet2.xml": bytes(17 * 1024**2)})


@case("entities.xlsx")
def _() -> bytes:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    return xlsx(PLAIN, change=lambda xml: xml.replace("<worksheet ", bomb + "<worksheet "))


@case("cell_far_away.xlsx")
def _() -> bytes:
    return xlsx(PLAIN, change=lambda xml: xml.replace('r="L3"', 'r="XFD1048576"'))


@case("rows_far_away_without_references.xlsx")
def _() -> bytes:
    many = '<row r="99999">' + "<c><v>1</v></c>" * 60 + "</row></sheetData>"
    return xlsx(PLAIN, change=lambda xml: xml.replace("</sheetData>", many))


@case("formatted_cell_far_away.xlsx")
def _() -> bytes:
    far = '<row r="1048576"><c r="XFD1048576" s="0"/></row></sheetData>'
    return xlsx(PLAIN, change=lambda xml: xml.replace("</sheetData>", far))


def main() -> None:
    """Write all files."""
    for name, make in CASES.items():
        (HERE / name).write_bytes(make())
    sys.stdout.write(f"{len(CASES)} files\n")


if __name__ == "__main__":
    main()
