"""What stands around the blocks: number, signer and title; issuer, date and copies."""

from __future__ import annotations

import datetime as dt

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph as WordParagraph

from app.briefing.word.sheet import Sheet
from app.word import element


def head(sheet: Sheet) -> None:
    """Write what stands before the blocks."""
    fills = sheet.briefing.request.fills
    if not sheet.compact or fills.number or fills.signer:
        line = sheet.made.add_paragraph()
        line.paragraph_format.tab_stops.add_tab_stop(Mm(100))
        number, signer = sheet.text("number") + fills.number, sheet.text("signer") + fills.signer
        line.add_run(f"{number}\t{signer}")
        _rule(line)
    sheet.made.add_paragraph(sheet.briefing.title, style="Title")
    told = sheet.made.add_paragraph(sheet.briefing.subtitle)
    told.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for run in told.runs:
        run.font.size = Pt(sheet.sizes.caption)


def foot(sheet: Sheet) -> None:
    """Write what stands after the blocks."""
    fills = sheet.briefing.request.fills
    day = dt.date.fromisoformat(sheet.briefing.made)
    date = sheet.text("date", year=day.year, month=day.month, day=day.day)
    if sheet.compact and not (fills.issuer or fills.copies):
        return
    for words, letters in ((fills.issuer, 2), (date, 4)):
        line = sheet.made.add_paragraph(words)
        line.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        line.paragraph_format.right_indent = Pt(letters * sheet.sizes.body)
        line.paragraph_format.keep_with_next = True
    for key, given in (("copies", fills.copies), ("issuer", fills.issuer)):
        line = sheet.made.add_paragraph(sheet.text(key) + given)
        line.paragraph_format.left_indent = line.paragraph_format.right_indent = Pt(14)
        for run in line.runs:
            run.font.size = Pt(min(14, sheet.sizes.body))
        _rule(line)


def _rule(paragraph: WordParagraph) -> None:
    """A rule below a paragraph, as wide as the text."""
    border = element("w:pBdr", {})
    attributes = {"w:val": "single", "w:sz": "6", "w:space": "1", "w:color": "auto"}
    border.append(element("w:bottom", attributes))
    properties = paragraph._p.get_or_add_pPr()
    properties.insert_element_before(
        border, "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:kinsoku", "w:wordWrap",
        "w:overflowPunct", "w:topLinePunct", "w:autoSpaceDE", "w:autoSpaceDN", "w:bidi",
        "w:adjustRightInd", "w:snapToGrid", "w:spacing", "w:ind", "w:contextualSpacing",
        "w:mirrorIndents", "w:suppressOverlap", "w:jc", "w:rPr", "w:sectPr",
    )  # fmt: skip
