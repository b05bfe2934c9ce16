"""The list at the end, in two columns: each number of a briefing, not rounded, by indicator."""

from __future__ import annotations

from docx.enum.section import WD_SECTION
from docx.enum.text import WD_LINE_SPACING
from docx.oxml.ns import qn
from docx.shared import Pt
from docx.text.paragraph import Paragraph as WordParagraph

from app import formats
from app.briefing import traced
from app.briefing.parts import Number
from app.briefing.word.sheet import Sheet, off_grid
from app.word import element


def write(sheet: Sheet) -> None:
    """Write the list; none where there is no number."""
    numbers = sheet.briefing.numbers()
    if not numbers:
        return
    section = sheet.made.add_section(WD_SECTION.NEW_PAGE)
    columns = section._sectPr.find(qn("w:cols"))
    if columns is None:
        columns = element("w:cols", {})
        section._sectPr.insert_element_before(columns, "w:docGrid")
    columns.set(qn("w:num"), "2")
    columns.set(qn("w:space"), "340")
    heading = sheet.made.add_heading(sheet.text("traces"), 1)
    heading.paragraph_format.first_line_indent = Pt(0)
    _small(sheet, sheet.text("traces_note", vintage=sheet.briefing.vintage))
    groups: dict[tuple[str, str], list[tuple[int, Number]]] = {}
    for row, number in enumerate(numbers, start=1):
        key = (number.trace.indicator, number.trace.period)
        groups.setdefault(key, []).append((row, number))
    for (name, _), found in groups.items():
        trace, lang = found[0][1].trace, sheet.lang
        heading_key = "trace_group" if name else "trace_several"
        words = sheet.text(
            heading_key, indicator=traced.indicator(trace, lang), name=name,
            period=traced.period(trace, lang),
        )  # fmt: skip
        head = _small(sheet, words)
        head.paragraph_format.keep_with_next = True
        head.paragraph_format.space_before = Pt(3)
        head.runs[0].bold = True
        for row, number in found:
            _trace(sheet, row, number)


def _trace(sheet: Sheet, row: int, number: Number) -> None:
    """One number, in the place that a link from the text leads to."""
    trace, lang = number.trace, sheet.lang
    amount = None if trace.of == "year" else traced.value(number, lang)
    key = "trace" if amount is None else "trace_exact"
    exact = "" if amount is None else formats.number(amount, _exact_decimals(amount))
    words = sheet.text(
        key, row=row, shown=number.shown, area=traced.area(trace, lang),
        what=traced.what(trace, lang), exact=exact,
    )  # fmt: skip
    paragraph = _small(sheet, words)
    mark = {"w:id": str(row), "w:name": f"n{row}"}
    paragraph._p.insert(1, element("w:bookmarkStart", mark))
    paragraph._p.append(element("w:bookmarkEnd", {"w:id": str(row)}))


def _small(sheet: Sheet, words: str) -> WordParagraph:
    paragraph = sheet.made.add_paragraph(words)
    layout = paragraph.paragraph_format
    layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(10)
    layout.left_indent, layout.first_line_indent = Pt(8), Pt(-8)
    off_grid(paragraph)
    paragraph.runs[0].font.size = Pt(7.5)
    return paragraph


def _exact_decimals(amount: float) -> int:
    return 0 if float(amount).is_integer() else 4
