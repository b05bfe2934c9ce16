"""Colours and comments the cells of a workbook that have findings, in a process of its own.

The workbook is the analyst's: openpyxl may be made to ask for any amount of memory by it, so this
file is run as a script with memory and time limited. It takes a job as JSON, writes a workbook in
which nothing can run, and imports nothing of the project.
"""

from __future__ import annotations

import json
import re
import sys
import unicodedata
import warnings
import zipfile
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.comments import Comment
from openpyxl.formatting.formatting import ConditionalFormattingList
from openpyxl.formula.tokenizer import Token, Tokenizer, TokenizerError
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import (
    column_index_from_string,
    get_column_letter,
    quote_sheetname,
    range_boundaries,
)
from openpyxl.workbook.views import BookView
from openpyxl.worksheet.datavalidation import DataValidationList
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

MEMORY_BYTES = 2 * 1024**3
CPU_SECONDS = 120
MAX_COMMENTS = 5_000  # more would make a workbook that opens slowly; all cells are coloured
MAX_LISTED = 10_000
MAX_TEXT = 2_000
MAX_SPREAD = 1_000_000  # cells that merged ranges and links may cover
HEADER_ROWS = 30
FONT = "Calibri"
FILLS = {
    "error": PatternFill("solid", fgColor="FFC7CE"),
    "warning": PatternFill("solid", fgColor="FFEB9C"),
}
# what a formula that checks typing may call; the rest could reach outside the workbook
_FUNCTIONS = set(
    "ABS AND AVERAGE COUNT COUNTA COUNTBLANK COUNTIF EXACT FALSE FIND IF IFERROR INT ISBLANK"
    " ISERROR ISNUMBER ISTEXT LEFT LEN MAX MIN MOD NOT OR RIGHT ROUND SEARCH SUM TRIM TRUE".split()
)
_RANGE = re.compile(
    rb"""<(?:\w+:)?(?:mergeCell|hyperlink)\b[^>]*?\bref\s*=\s*["']([A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7})"""
)
_WRAP = Alignment(wrap_text=True, horizontal="left", vertical="top")
Job = dict[str, Any]
Value = str | float | None


def _limit() -> None:
    try:
        import resource
    except ImportError:  # Windows has no rlimits; the time limit of the caller remains
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))


def _main(target: str) -> None:
    _limit()
    warnings.simplefilter("ignore")
    job: Job = json.load(sys.stdin)
    book = _loaded(job) if job["workbook"] else _built(job)
    cells = _mark(book, job)
    _list(book, job, cells)
    book.save(target)


# ------------------------------------------------------------------ the workbook to be marked


def _loaded(job: Job) -> Workbook:
    """The analyst's workbook with stored values for formulas, and without what could run."""
    if _spread(job["workbook"]) > MAX_SPREAD:
        raise ValueError("merged cells or links over too many cells")
    book = load_workbook(job["workbook"], data_only=True, keep_links=False)
    for chart in list(book.chartsheets):
        book.remove(chart)
    for sheet in book.worksheets:
        if sheet["A1"].value in job["texts"]["headings"]:
            book.remove(sheet)  # the list of an earlier check
    book.defined_names.clear()
    book.views = [BookView(activeTab=0)]
    for sheet in book.worksheets:
        sheet.defined_names.clear()
        sheet.tables.clear()
        sheet._charts, sheet._images, sheet._pivots = [], [], []  # type: ignore[attr-defined]
        sheet.sheet_view.tabSelected = False
        sheet.conditional_formatting = ConditionalFormattingList()  # our colours are the only ones
        _keep_harmless_checks(sheet)
        for cell in list(sheet._cells.values()):
            if isinstance(cell, Cell):
                cell.hyperlink = None
                _keep_as_text(cell)
                if cell.comment:
                    _forget_marks(cell, job)
    return book


def _spread(path: str) -> int:
    """How many cells the merged ranges and links of a workbook cover: openpyxl makes each one."""
    covered = 0
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if name.startswith("xl/worksheets/") and name.endswith(".xml"):
                for range_ in _RANGE.findall(archive.read(name)):
                    bounds = range_boundaries(range_.decode())
                    left, top, right, bottom = (each or 0 for each in bounds)
                    covered += (right - left + 1) * (bottom - top + 1)
    return covered


def _keep_harmless_checks(sheet: Worksheet) -> None:
    checks = sheet.data_validations.dataValidation
    sheet.data_validations = DataValidationList(
        dataValidation=[e for e in checks if _is_harmless(e.formula1) and _is_harmless(e.formula2)]
    )


def _is_harmless(formula: str | None) -> bool:
    try:
        tokens = Tokenizer(f"={formula or 0}").items
    except TokenizerError:
        return False
    return all(
        token.value.rstrip("(").upper() in _FUNCTIONS
        if token.type == Token.FUNC and token.subtype == Token.OPEN
        else token.subtype == Token.TEXT or not set("[|") & set(token.value)
        for token in tokens
    )


def _forget_marks(cell: Cell, job: Job) -> None:
    """Take away what an earlier check put on a cell, and keep the comment that was there before."""
    comment = cell.comment
    text = comment.text if comment else ""
    if text.startswith(tuple(job["texts"]["heads"])):
        cell.fill = PatternFill()
        before = (text.partition(f"\n{each}\n")[2] for each in job["texts"]["befores"])
        text = next(filter(None, before), "")
    cell.comment = _comment(text, comment.author) if comment and text else None


def _built(job: Job) -> Workbook:
    """A workbook of the rows as they were read, each where it stood."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for given in job["sheets"]:
        sheet = book.create_sheet(given["name"] or job["texts"]["rows"])
        for number, row in enumerate(given["rows"], 1):
            for column, value in enumerate(row, 1):
                if value not in (None, ""):
                    _put(sheet, number, column, value)
    return book


# ------------------------------------------------------------------ the marks


def _mark(book: Workbook, job: Job) -> list[Cell | None]:
    """Colour and comment the cell of each finding; the cells in the order of the findings."""
    labels: dict[str, dict[str, int]] = {}
    places: list[Cell | None] = []
    found: dict[Cell, list[Job]] = {}
    for finding in job["findings"]:
        sheet = _sheet_of(book, finding)
        if sheet is None:
            places.append(None)
            continue
        if sheet.title not in labels:
            labels[sheet.title] = _labels(sheet)
        cell = _cell(sheet, finding, labels[sheet.title])
        places.append(cell)
        found.setdefault(cell, []).append(finding)
    for number, (cell, findings) in enumerate(found.items()):
        levels = {finding["level"] for finding in findings}
        cell.fill = FILLS["error" if "error" in levels else "warning"]
        if number < MAX_COMMENTS:
            cell.comment = _comment(_told(cell, findings, job), job["texts"]["author"])
    return places


def _sheet_of(book: Workbook, finding: Job) -> Worksheet | None:
    if finding["row"] is None:
        return None
    for sheet in book.worksheets:
        if sheet.title == finding["sheet"]:
            return sheet
    return book.worksheets[0] if not finding["sheet"] else None


def _labels(sheet: Worksheet) -> dict[str, int]:
    """The columns by what stands in the first rows: the header is among them."""
    found: dict[str, int] = {}
    for row, column in sorted(place for place in sheet._cells if place[0] <= HEADER_ROWS):
        value = sheet._cells[row, column].value
        if isinstance(value, str):
            found.setdefault(_normal(value), column)
    return found


def _cell(sheet: Worksheet, finding: Job, labels: dict[str, int]) -> Cell:
    """The cell of a finding; the first of its row where the column can't be told."""
    label = finding["column"] or ""
    column = 1
    if finding["position"] is not None:
        column = finding["position"] + 1
    elif _normal(label) in labels:
        column = labels[_normal(label)]
    elif re.fullmatch("[A-Z]{1,3}", label):
        column = column_index_from_string(label)
    cell = sheet.cell(finding["row"], column)
    if isinstance(cell, Cell):
        return cell
    for merged in sheet.merged_cells.ranges:
        if cell.coordinate in merged:
            cell = sheet.cell(merged.min_row, merged.min_col)
            break
    assert isinstance(cell, Cell)
    return cell


def _normal(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).lower()


def _told(cell: Cell, findings: list[Job], job: Job) -> str:
    """What is to be said at a cell: errors first, and below what was said there before."""
    texts = job["texts"]
    ordered = sorted(findings, key=lambda finding: str(finding["level"]))
    lines = [texts["heads"][0]]
    lines += [texts["told"][each["level"]].format(message=each["message"]) for each in ordered]
    told = _clean("\n".join(dict.fromkeys(lines)))
    if cell.comment and cell.comment.text:
        told += f"\n{texts['befores'][0]}\n{cell.comment.text}"
    return told


def _comment(text: str, author: str | None) -> Comment:
    text = text[: 4 * MAX_TEXT]
    lines = sum(1 + len(line.encode("gb18030", "replace")) // 44 for line in text.splitlines())
    return Comment(text, author or "", width=330, height=min(20 + 18 * lines, 500))


# ------------------------------------------------------------------ the list in front


def _list(book: Workbook, job: Job, cells: list[Cell | None]) -> None:
    texts = job["texts"]
    sheet = book.create_sheet(texts["list"], 0)
    book.active = 0
    head = [texts["headings"][0], *texts["lines"]]
    if len(cells) > MAX_LISTED:
        head.append(texts["cut"].format(shown=MAX_LISTED, count=len(cells)))
    for number, line in enumerate(head, 1):
        _put(sheet, number, 1, line)
    sheet["A1"].font = Font(name=FONT, bold=True, size=14)
    header = len(head) + 1
    for column, (label, width) in enumerate(texts["columns"], 1):
        cell = _put(sheet, header, column, label)
        cell.font, cell.fill = Font(name=FONT, bold=True), PatternFill("solid", fgColor="DDEBEA")
        sheet.column_dimensions[get_column_letter(column)].width = width
    link = Font(name=FONT, color="0563C1", underline="single")
    for number, (finding, place) in enumerate(zip(job["findings"], cells, strict=True), header + 1):
        if number > header + MAX_LISTED:
            break
        level = _put(sheet, number, 1, texts["levels"][finding["level"]])
        level.fill, level.alignment = FILLS[finding["level"]], _WRAP
        if place is not None:
            cell = _put(sheet, number, 2, place.coordinate)
            where = f"{quote_sheetname(place.parent.title)}!{place.coordinate}"
            cell.hyperlink = Hyperlink(ref=cell.coordinate, location=where)
            cell.font, cell.alignment = link, _WRAP
        for column, key in enumerate(("sheet", "row", "column", "value", "message", "rule"), 3):
            _put(sheet, number, column, finding[key]).alignment = _WRAP
    sheet.freeze_panes = sheet.cell(header + 1, 1)
    last = get_column_letter(len(texts["columns"]))
    sheet.auto_filter.ref = f"A{header}:{last}{sheet.max_row}"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.page_setup.fitToHeight, sheet.sheet_properties.pageSetUpPr.fitToPage = 0, True
    sheet.print_title_rows = f"{header}:{header}"


def _put(sheet: Worksheet, row: int, column: int, value: Value) -> Cell:
    """Write a value as what it is; a text never becomes a formula."""
    cell = sheet.cell(row, column)
    assert isinstance(cell, Cell)
    if isinstance(value, str):
        cell.value = _clean(value)
        cell.data_type = "s"
        _keep_as_text(cell)
    else:
        cell.value = value
    return cell


def _keep_as_text(cell: Cell) -> None:
    """Mark a text that looks like a formula, so that editing the cell does not make it one."""
    if isinstance(cell.value, str) and cell.value[:1] in tuple("=+-@\t\r"):
        cell.data_type = "s"
        cell.quotePrefix = True


def _clean(text: str) -> str:
    return ILLEGAL_CHARACTERS_RE.sub("", text)[:MAX_TEXT]


if __name__ == "__main__":
    _main(sys.argv[1])
