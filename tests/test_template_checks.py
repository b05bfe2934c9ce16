"""What the template checks while one types: what its cells admit, and which it colours."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from forms import KNOWN, OF_COUNTIES, SHIXING, Value, good
from openpyxl.cell.cell import Cell
from openpyxl.formula.translate import Translator
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet
from template_forms import (
    FIRST,
    HEADER,
    SHAOGUAN,
    before_of,
    by_libreoffice,
    cell_of,
    labels,
    opened,
    written,
)

from app import areas
from app.intake import template

# ------------------------------------------------------------------ what is checked as typed


def checks_of(sheet: Worksheet, cell: Cell) -> list[tuple[str, str]]:
    """The kind and formula of what may be typed into a cell."""
    found = sheet.data_validations.dataValidation
    assert all(each.showErrorMessage and each.errorStyle in (None, "stop") for each in found)
    return [(e.type, str(e.formula1)) for e in found if cell.coordinate in e.sqref]


def test_a_cell_takes_its_numbers_and_the_words_for_none(tmp_path: Path) -> None:
    sheet = opened(written(tmp_path, "disability_allowances", city_code=SHAOGUAN))
    words = 'OR(E4="不适用",E4="—",E4="n/a")'
    assert checks_of(sheet, sheet["E5"]) == [
        ("custom", f"IF(ISNUMBER(E4),AND(E4>=0,E4=INT(E4)),{words})")
    ]
    amount = cell_of(sheet, "本年累计发放两项补贴", "440203")
    assert checks_of(sheet, amount) == [
        ("custom", f"IF(ISNUMBER(L4),AND(L4>=0),{words.replace('E4', 'L4')})")
    ]


def test_libreoffice_admits_numbers_within_bounds_and_the_words_for_none(tmp_path: Path) -> None:
    tried: dict[Value, tuple[bool, bool]] = {  # into a cell of persons, and into one of yuan
        0: (True, True),
        12: (True, True),
        12.5: (False, True),
        -1: (False, False),
        "不适用": (True, True),
        "N/A": (True, True),
        "—": (True, True),
        "12人": (False, False),
        "'12": (False, False),
    }
    book = openpyxl.load_workbook(written(tmp_path, "disability_allowances", city_code=SHAOGUAN))
    sheet = book.worksheets[0]
    formulas = [checks_of(sheet, sheet[cell])[0][1] for cell in ("E4", "L4")]
    for row, value in enumerate(tried, FIRST):
        sheet.cell(row, 5).value = sheet.cell(row, 12).value = value
        for column, origin, formula in zip((30, 31), ("E4", "L4"), formulas, strict=True):
            moved = Translator(f"={formula}", origin).translate_formula(f"{origin[0]}{row}")
            sheet.cell(row, column).value = moved
    book.save(tmp_path / "tried.xlsx")
    again = openpyxl.load_workbook(by_libreoffice(tmp_path / "tried.xlsx", "xlsx"), data_only=True)
    answers = {
        value: tuple(again.worksheets[0].cell(row, column).value for column in (30, 31))
        for row, value in enumerate(tried, FIRST)
    }
    assert answers == tried


def test_a_maximum_of_the_catalogue_is_a_maximum_of_the_cell(tmp_path: Path) -> None:
    real = KNOWN.dataset("care_beds")
    measures = [
        m.model_copy(update={"minimum": 1.5, "maximum": 9000.25}) if m.id == "residents" else m
        for m in real.measures
    ]
    bounded = real.model_copy(update={"measures": measures})
    template.write(
        tmp_path / "form.xlsx",
        replace(KNOWN, datasets=KNOWN.datasets | {"care_beds": bounded}),
        bounded,
        "2023Q2",
    )
    sheet = opened(tmp_path / "form.xlsx")
    cell = cell_of(sheet, "入住老年人数")
    ((_, formula),) = checks_of(sheet, cell)
    assert "AND(L4>=1.5,L4<=9000.25,L4=INT(L4))" in formula
    comment = sheet.cell(HEADER, cell.column).comment
    assert comment is not None
    assert "可填：1.5 到 9000.25 的整数" in comment.text


def test_the_period_is_chosen_from_a_list_of_one(tmp_path: Path) -> None:
    sheet = opened(written(tmp_path))
    assert checks_of(sheet, cell_of(sheet, "报告期")) == [("list", '"2023Q2"')]


def test_codes_names_and_last_quarters_figures_refuse_typing(tmp_path: Path) -> None:
    sheet = opened(written(tmp_path, before=before_of({SHIXING: good()})))
    for label, after in (("行政区划代码", 0), ("县", 0), ("护理型床位数", 1)):
        cell = cell_of(sheet, label, after=after)
        assert checks_of(sheet, cell) == [("custom", "FALSE")]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("dataset_id", OF_COUNTIES)
def test_every_check_fits_what_a_workbook_allows(
    tmp_path: Path, dataset_id: str, lang: str
) -> None:
    before = before_of({SHIXING: good(dataset_id)})
    sheet = opened(written(tmp_path, dataset_id, before=before, lang=lang))
    validations = sheet.data_validations.dataValidation
    measures = len(KNOWN.dataset(dataset_id).measures)
    shown_before = sum(text.startswith(("上期", "Previous")) for text in labels(sheet))
    assert len(validations) == measures + shown_before + 2
    for each in validations:
        assert len(str(each.formula1)) <= 255
        assert len(each.error or "") <= 225
        assert len(each.errorTitle or "") <= 32


# ------------------------------------------------------------------ colours


def colours_of(sheet: Worksheet, cell: Cell) -> dict[str, str]:
    """The formulas that colour a cell with the colour of each, the first that holds wins."""
    found = {}
    for ranges, rules in sheet.conditional_formatting._cf_rules.items():
        for rule in rules if cell.coordinate in ranges else ():
            assert rule.dxf.font.b or rule.dxf.font.u, "a colour needs a sign beside it"
            assert rule.stopIfTrue
            colour = {"FFFFC7CE": "red", "FFFFEB9C": "amber"}[rule.dxf.fill.bgColor.rgb]
            found[rule.priority] = (rule.formula[0], colour)
    return dict(found[priority] for priority in sorted(found))


def test_a_rule_of_the_catalogue_colours_the_cell_it_points_at(tmp_path: Path) -> None:
    sheet = opened(written(tmp_path))
    assert colours_of(sheet, cell_of(sheet, "护理型床位数")) == {
        "IF(ISNUMBER(G4),NOT(AND(G4>=0,G4=INT(G4))))": "red",
        "IF(COUNT(F4,G4)=2,NOT(G4 <= F4))": "red",
        "IF(COUNT(F4,G4,H4,I4)=4,NOT(G4 - I4 <= F4 - H4))": "red",
        'AND(ISTEXT(G4),NOT(OR(G4="不适用",G4="—",G4="n/a")))': "amber",
    }
    # a rule that only warns is amber
    assert (
        colours_of(sheet, cell_of(sheet, "入住老年人数"))["IF(COUNT(F4,L4)=2,NOT(L4 <= F4))"]
        == "amber"
    )


def test_a_sum_in_a_rule_is_one_in_the_sheet(tmp_path: Path) -> None:
    sheet = opened(written(tmp_path, "child_welfare"))
    shown = colours_of(sheet, cell_of(sheet, "领取基本生活费儿童"))
    assert shown["IF(COUNT(E4,F4,G4,K4)=4,NOT(K4 <= E4 + F4 + G4))"] == "red"


def test_a_rule_that_asks_what_the_sheet_does_not_hold_colours_nothing(tmp_path: Path) -> None:
    sheet = opened(written(tmp_path, "disability_allowances"))
    assert len(colours_of(sheet, cell_of(sheet, "生活补贴标准"))) == 2


def test_a_leap_against_the_last_quarter_is_amber(tmp_path: Path) -> None:
    sheet = opened(written(tmp_path, before=before_of({SHIXING: good()})))
    leap = "IF(COUNT(E4,F4)=2,AND(F4>0,ABS(E4-F4)>=10,ABS(E4-F4)>0.5*F4))"
    assert colours_of(sheet, cell_of(sheet, "养老机构数"))[leap] == "amber"


@pytest.mark.parametrize(
    ("period", "expected"), [("2023Q1", "P4*1/4"), ("2023Q2", "P4*2/1"), ("2023Q4", "P4*4/3")]
)
def test_a_cumulative_figure_is_held_against_as_much_a_quarter_as_before(
    tmp_path: Path, period: str, expected: str
) -> None:
    before = before_of({SHIXING: good()})
    sheet = opened(written(tmp_path, period=period, before=before))
    found = colours_of(sheet, cell_of(sheet, "本年累计新增护理型床位"))
    amount = f"ABS(O4-{expected})"
    leap = f"AND(P4>0,{amount}>=10,{amount}>0.5*{expected})"
    assert found[f"IF(COUNT(O4,P4)=2,{leap})"] == "amber"
    # it can't fall within a year
    assert ("IF(COUNT(O4,P4)=2,O4<P4)" in found) == (period != "2023Q1")


def shown(path: Path, folder: Path) -> dict[tuple[str, str], str]:
    """The colours of the cells as LibreOffice works them out, by area code and header."""
    book: Workbook = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    probe = book.create_sheet("probe")
    asked = []
    for row in range(FIRST, sheet.max_row + 1):
        for column in range(5, sheet.max_column + 1):
            cell = sheet.cell(row, column)
            for formula, colour in colours_of(sheet, cell).items():
                moved = Translator(f"={formula}", f"A{FIRST}").translate_formula(f"A{row}")
                inside = "".join(
                    f"'{sheet.title}'!{token.value}" if token.subtype == "RANGE" else token.value
                    for token in openpyxl.formula.Tokenizer(moved).items
                )
                asked.append((row, column, colour))
                probe.cell(len(asked), 1, f"={inside}")
    probed = folder / "probed.xlsx"
    book.save(probed)
    answers = openpyxl.load_workbook(by_libreoffice(probed, "xlsx"), data_only=True)["probe"]
    found: dict[tuple[str, str], str] = {}
    for number, (row, column, colour) in enumerate(asked, 1):
        answer = answers.cell(number, 1).value
        assert answer in (True, False), "an error is no answer"
        if answer:
            place = (str(sheet.cell(row, 1).value), labels(sheet)[column - 1].partition("\n")[0])
            found.setdefault(place, colour)
    return found


def test_libreoffice_colours_exactly_what_is_wrong_or_doubtful(tmp_path: Path) -> None:
    codes = [a.code for a in areas.load().values() if a.city_code == SHAOGUAN]
    last = {code: good() for code in codes}
    last[codes[0]] = good(institutions=None, beds_total="not_applicable", residents=0)
    values: dict[str, dict[str, Value]] = {
        codes[0]: good(residents=190),  # against none, no number and zero: nothing to say
        codes[1]: good(beds_care=201),  # of 200; 81 more than before, 60 would be half
        codes[2]: good(residents=201),
        codes[3]: good(beds_total=301, institutions=16),  # 6 more is more than half of 10, but few
        codes[4]: good(beds_total=300),  # just half
        codes[5]: good(care_beds_added_ytd=4),
        codes[6]: good(care_beds_added_ytd=20),  # 10 expected after 5 in the first quarter
        codes[7]: good(care_beds_added_plan=21),
        codes[8]: good(institutions=-1, residents="满员"),
        codes[9]: good(institutions="不适用", residents_disabled=None, beds_total=200.5),
    }
    path = written(tmp_path, values=values, before=before_of(last), city_code=SHAOGUAN)
    red, amber = "red", "amber"
    expected = {
        (codes[1], "护理型床位数"): red,
        (codes[2], "入住老年人数"): amber,
        (codes[3], "养老机构床位数"): amber,
        (codes[5], "本年累计新增护理型床位"): red,
        (codes[6], "本年累计新增护理型床位"): amber,
        (codes[7], "年度新增护理型床位计划"): amber,
        (codes[8], "养老机构数"): red,
        (codes[8], "入住老年人数"): amber,
        (codes[9], "养老机构床位数"): red,
    }
    assert shown(path, tmp_path) == expected
