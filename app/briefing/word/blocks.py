"""The blocks of a briefing, one after the other: headings, paragraphs, tables and charts."""

from __future__ import annotations

import io
from collections.abc import Mapping

from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph as WordParagraph
from PIL import Image

from app.briefing.faces import HEAD
from app.briefing.numbering import Numbering
from app.briefing.parts import Change, Chart, Heading, Paragraph, Table, Told
from app.briefing.word.grid import grid
from app.briefing.word.runs import Runs
from app.briefing.word.sheet import WIDTH, Sheet, off_grid


class Blocks:
    """The blocks as they are written on a sheet, numbered as they come."""

    def __init__(self, sheet: Sheet, pictures: Mapping[Chart, bytes]) -> None:
        self.sheet, self.pictures = sheet, pictures
        self.numbering = Numbering(sheet.lang)
        self.runs = Runs(sheet.briefing)

    def write(self) -> None:
        """Write all blocks of the briefing."""
        for block in self.sheet.briefing.blocks:
            if isinstance(block, Heading):
                self._heading(block)
            elif isinstance(block, Paragraph):
                self._paragraph(block.told)
            elif isinstance(block, Table):
                self._table(block)
            else:
                self._chart(block)

    def _heading(self, block: Heading) -> None:
        words = self.numbering.heading(block.level) + block.text
        heading = self.sheet.made.add_heading("" if block.new else words, block.level)
        if block.new:
            for part in self.runs.of((Change((), (words,)),)):
                heading._p.append(part)

    def _paragraph(self, told: Told) -> None:
        paragraph = self.sheet.made.add_paragraph()
        self._first_line(paragraph)
        for part in self.runs.of(told):
            paragraph._p.append(part)

    def _first_line(self, paragraph: WordParagraph) -> None:
        paragraph.paragraph_format.first_line_indent = Pt(2 * self.sheet.sizes.body)
        indent = paragraph._p.get_or_add_pPr().find(qn("w:ind"))
        indent.set(qn("w:firstLineChars"), "200")
        paragraph.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY

    def _table(self, block: Table) -> None:
        self._caption(self.numbering.table() + block.caption, before=True)
        head = [[(name,) for name in block.head]]
        body = self.sheet.made.element.body
        table = grid(head, block.rows, self.runs, self.sheet.sizes.table)
        body.insert(len(body) - 1, table)
        if block.note:
            note = self.sheet.made.add_paragraph(block.note)
            off_grid(note)
            note.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
            for run in note.runs:
                run.font.size = Pt(9 if not self.sheet.compact else 8)

    def _chart(self, block: Chart) -> None:
        name = self.numbering.chart() + block.caption
        picture = self.pictures.get(block)
        if picture is None:
            self._paragraph((self.sheet.text("no_picture", caption=name),))
            return
        paragraph = self.sheet.made.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        layout = paragraph.paragraph_format
        layout.line_spacing_rule, layout.keep_with_next = WD_LINE_SPACING.SINGLE, True
        with Image.open(io.BytesIO(picture)) as image:
            width, height = image.size
        shown = min(WIDTH, self.sheet.sizes.picture * width / height)
        run = paragraph.add_run()
        shape = run.add_picture(io.BytesIO(picture), width=Mm(shown))
        properties = shape._inline.docPr
        properties.set("descr", block.alt)
        properties.set("title", block.caption)
        self._caption(name)

    def _caption(self, words: str, before: bool = False) -> None:
        paragraph = self.sheet.made.add_paragraph(words)
        off_grid(paragraph)
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        layout = paragraph.paragraph_format
        layout.line_spacing_rule = WD_LINE_SPACING.SINGLE
        layout.space_before, layout.space_after = (
            Pt(self.sheet.sizes.space),
            Pt(self.sheet.sizes.space / 2),
        )
        layout.keep_with_next = before
        for run in paragraph.runs:
            run.font.size = Pt(self.sheet.sizes.caption)
            run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), HEAD)
