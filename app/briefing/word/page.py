"""The page: paper, margins and grid of lines, the number at its foot and the marks at its head."""

from __future__ import annotations

import math

from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph as WordParagraph

from app import word
from app.briefing import traced
from app.briefing.faces import HEAD, SONG
from app.briefing.word.sheet import (
    BOTTOM,
    HEIGHT,
    LEFT,
    LINES,
    PAGE_NUMBER,
    POINTS,
    RIGHT,
    TOP,
    TWIPS,
    WIDTH,
    Sheet,
)
from app.word import element


def lay(sheet: Sheet) -> None:
    """Lay the page."""
    section = sheet.made.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = TOP, BOTTOM
    section.left_margin, section.right_margin = LEFT, RIGHT
    section.header_distance, section.footer_distance = Mm(20), PAGE_NUMBER
    pitch = math.floor(HEIGHT * POINTS / LINES * TWIPS)
    grid = section._sectPr.find(qn("w:docGrid"))
    if grid is not None:
        section._sectPr.remove(grid)
    if not sheet.compact:
        lines = {"w:type": "lines", "w:linePitch": str(pitch)}
        section._sectPr.append(element("w:docGrid", lines))
    sheet.made.settings.odd_and_even_pages_header_footer = True
    for footer, side in ((section.footer, "right"), (section.even_page_footer, "left")):
        _page_number(sheet, footer.paragraphs[0], side)
    stops = sheet.made.styles["Header"].paragraph_format.tab_stops
    stops.clear_all()
    stops.add_tab_stop(Mm(WIDTH), WD_TAB_ALIGNMENT.RIGHT)
    for header in (section.header, section.even_page_header):
        _marks(sheet, header.paragraphs[0])


def _marks(sheet: Sheet, paragraph: WordParagraph) -> None:
    """For whom it is, small and on the left; on the right that there is sample data."""
    mark = paragraph.add_run(traced.mark(sheet.briefing))
    mark.font.size, mark.font.name = Pt(9), HEAD
    mark._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), HEAD)
    if sheet.briefing.sample:
        run = paragraph.add_run("\t" + sheet.text("sample"))
        run.font.size, run.bold = Pt(12), True


def _page_number(sheet: Sheet, paragraph: WordParagraph, side: str) -> None:
    layout = paragraph.paragraph_format
    if side == "right":
        paragraph.alignment, layout.right_indent = WD_ALIGN_PARAGRAPH.RIGHT, Pt(14)
    else:
        paragraph.alignment, layout.left_indent = WD_ALIGN_PARAGRAPH.LEFT, Pt(14)
    paragraph.add_run(sheet.text("page_before"))
    word.field(paragraph, "PAGE", "1")
    paragraph.add_run(sheet.text("page_after"))
    for run in paragraph.runs:
        run.font.size, run.font.name = Pt(14), SONG
        run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), SONG)
