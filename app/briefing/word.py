"""A briefing as a Word file in the layout of an official document (GB/T 9704-2012), and as PDF.

Sizes and margins are those of the standard; docs/decisions/0019 tells what follows it and what does
not. Numbers in the text are links to their rows in the list of traces at the end.
"""

from __future__ import annotations

import datetime as dt
import io
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import docx
from docx.enum.section import WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING, WD_TAB_ALIGNMENT
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph as WordParagraph
from lxml import etree
from PIL import Image

from app import formats, word
from app.briefing import office, traced
from app.briefing.faces import BODY, HEAD, LATIN, SONG, STAND_INS, SUBHEAD, TITLE
from app.briefing.numbering import Numbering
from app.briefing.parts import (
    Briefing,
    Change,
    Chart,
    Heading,
    Number,
    Paragraph,
    Piece,
    Table,
    Told,
    text,
)
from app.i18n import t
from app.lettering import text_width
from app.word import element

pdf, office_found = office.pdf, office.found

TOP, LEFT, RIGHT, BOTTOM = Mm(37), Mm(28), Mm(26), Mm(35)
WIDTH, HEIGHT = 156, 225  # mm of the text
LINES, LETTERS = 22, 28  # of a page and of a line
PAGE_NUMBER = Mm(35 - 7 - 5)  # from the edge of the paper: 7 mm below the text, 14 pt high
_TWIPS = 20  # of a point
_POINTS = 72 / 25.4  # of a millimetre


@dataclass(frozen=True)
class _Sizes:
    """Sizes in pt; `line` is the distance of lines, `picture` the largest height of one in mm."""

    title: float
    body: float
    line: float
    table: float
    caption: float
    picture: float
    space: float


USUAL = _Sizes(title=22, body=16, line=28.95, table=10.5, caption=12, picture=205, space=6)
# A county on one page: the standard's letters would take three
COMPACT = _Sizes(title=16, body=10.5, line=16, table=8.5, caption=8.5, picture=52, space=2)


def document(briefing: Briefing, pictures: Mapping[Chart, bytes]) -> bytes:
    """A briefing as a Word file; a chart without a picture becomes a line that says so."""
    return _Document(briefing, pictures).written()


class _Document:
    """A Word file in the making."""

    def __init__(self, briefing: Briefing, pictures: Mapping[Chart, bytes]) -> None:
        self.briefing, self.pictures = briefing, pictures
        self.lang = briefing.request.lang
        self.compact = briefing.request.kind == "county"
        self.sizes = COMPACT if self.compact else USUAL
        self.numbering = Numbering(self.lang)
        self.rows = {number.trace: row for row, number in enumerate(briefing.numbers(), start=1)}
        self.revision = 0
        self.made = docx.Document()

    def text(self, key: str, **values: object) -> str:
        return t(f"official.{key}", self.lang, **values)

    def written(self) -> bytes:
        self._page()
        self._styles()
        self._head()
        for block in self.briefing.blocks:
            if isinstance(block, Heading):
                self._heading(block)
            elif isinstance(block, Paragraph):
                self._paragraph(block.told)
            elif isinstance(block, Table):
                self._table(block)
            else:
                self._chart(block)
        self._foot()
        self._traces()
        out = io.BytesIO()
        self.made.save(out)
        return out.getvalue()

    # ------------------------------------------------------------------ the page

    def _page(self) -> None:
        section = self.made.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.top_margin, section.bottom_margin = TOP, BOTTOM
        section.left_margin, section.right_margin = LEFT, RIGHT
        section.header_distance, section.footer_distance = Mm(20), PAGE_NUMBER
        pitch = math.floor(HEIGHT * _POINTS / LINES * _TWIPS)
        grid = section._sectPr.find(qn("w:docGrid"))
        if grid is not None:
            section._sectPr.remove(grid)
        if not self.compact:
            lines = {"w:type": "lines", "w:linePitch": str(pitch)}
            section._sectPr.append(element("w:docGrid", lines))
        self.made.settings.odd_and_even_pages_header_footer = True
        for footer, side in ((section.footer, "right"), (section.even_page_footer, "left")):
            self._page_number(footer.paragraphs[0], side)
        stops = self.made.styles["Header"].paragraph_format.tab_stops
        stops.clear_all()
        stops.add_tab_stop(Mm(WIDTH), WD_TAB_ALIGNMENT.RIGHT)
        for header in (section.header, section.even_page_header):
            self._marks(header.paragraphs[0])

    def _marks(self, paragraph: WordParagraph) -> None:
        """For whom it is, small and on the left; on the right that there is sample data."""
        mark = paragraph.add_run(traced.mark(self.briefing))
        mark.font.size, mark.font.name = Pt(9), HEAD
        mark._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), HEAD)
        if self.briefing.sample:
            run = paragraph.add_run("\t" + self.text("sample"))
            run.font.size, run.bold = Pt(12), True

    def _page_number(self, paragraph: WordParagraph, side: str) -> None:
        layout = paragraph.paragraph_format
        if side == "right":
            paragraph.alignment, layout.right_indent = WD_ALIGN_PARAGRAPH.RIGHT, Pt(14)
        else:
            paragraph.alignment, layout.left_indent = WD_ALIGN_PARAGRAPH.LEFT, Pt(14)
        paragraph.add_run(self.text("page_before"))
        word.field(paragraph, "PAGE", "1")
        paragraph.add_run(self.text("page_after"))
        for run in paragraph.runs:
            run.font.size, run.font.name = Pt(14), SONG
            run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), SONG)

    def _styles(self) -> None:
        made, sizes = self.made, self.sizes
        word.languages(made, self.lang)
        made.core_properties.title = self.briefing.title
        made.core_properties.author = t("menu.name", self.lang)
        made.core_properties.comments = ""
        word.typeface(made, "Normal", BODY, sizes.body, 0, LATIN)
        word.typeface(made, "Title", TITLE, sizes.title, sizes.space, LATIN)
        headings = ((HEAD, 1), (SUBHEAD, 2), (BODY, 3), (BODY, 4))
        for face, level in headings:
            word.typeface(made, f"Heading {level}", face, sizes.body, 0, LATIN)
            self._spaced(made.styles[f"Heading {level}"].paragraph_format, indent=True)
            made.styles[f"Heading {level}"].font.bold = False
            made.styles[f"Heading {level}"].font.italic = False
            made.styles[f"Heading {level}"].paragraph_format.space_before = Pt(0)
        self._spaced(made.styles["Normal"].paragraph_format)
        if not self.compact:  # a grid of letters is read differently by different programs
            closer = math.floor((WIDTH * _POINTS / LETTERS - sizes.body) * _TWIPS)
            look = made.styles["Normal"].element.get_or_add_rPr()
            look.insert_element_before(
                element("w:spacing", {"w:val": str(closer)}), "w:w", "w:kern", "w:position",
                "w:sz", "w:szCs", "w:highlight", "w:u", "w:effect", "w:bdr", "w:shd", "w:lang",
            )  # fmt: skip
        title = made.styles["Title"]
        title.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
        title.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
        border = title.element.pPr.find(qn("w:pBdr"))
        if border is not None:  # the template's blue rule
            title.element.pPr.remove(border)
        for part in made.part.package.iter_parts():
            if str(part.partname) == "/word/fontTable.xml":
                part._blob = _faces(part.blob)

    def _spaced(self, layout: Any, indent: bool = False) -> None:
        layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(self.sizes.line)
        if indent:
            layout.first_line_indent = Pt(2 * self.sizes.body)

    # ------------------------------------------------------------------ head and foot

    def _head(self) -> None:
        fills = self.briefing.request.fills
        if not self.compact or fills.number or fills.signer:
            line = self.made.add_paragraph()
            stop = Mm(100)
            line.paragraph_format.tab_stops.add_tab_stop(stop)
            number, signer = self.text("number") + fills.number, self.text("signer") + fills.signer
            line.add_run(f"{number}\t{signer}")
            self._rule(line)
        self.made.add_paragraph(self.briefing.title, style="Title")
        told = self.made.add_paragraph(self.briefing.subtitle)
        told.alignment = WD_ALIGN_PARAGRAPH.CENTER
        for run in told.runs:
            run.font.size = Pt(self.sizes.caption)

    def _foot(self) -> None:
        fills = self.briefing.request.fills
        day = dt.date.fromisoformat(self.briefing.made)
        date = self.text("date", year=day.year, month=day.month, day=day.day)
        if self.compact and not (fills.issuer or fills.copies):
            return
        for words, letters in ((fills.issuer, 2), (date, 4)):
            line = self.made.add_paragraph(words)
            line.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            line.paragraph_format.right_indent = Pt(letters * self.sizes.body)
            line.paragraph_format.keep_with_next = True
        for key, given, rule in (("copies", fills.copies, True), ("issuer", fills.issuer, True)):
            line = self.made.add_paragraph(self.text(key) + given)
            line.paragraph_format.left_indent = line.paragraph_format.right_indent = Pt(14)
            for run in line.runs:
                run.font.size = Pt(min(14, self.sizes.body))
            if rule:
                self._rule(line)

    def _rule(self, paragraph: WordParagraph) -> None:
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

    # ------------------------------------------------------------------ blocks

    def _heading(self, block: Heading) -> None:
        words = self.numbering.heading(block.level) + block.text
        heading = self.made.add_heading("" if block.new else words, block.level)
        if block.new:
            for part in self._pieces((Change((), (words,)),)):
                heading._p.append(part)

    def _paragraph(self, told: Told) -> None:
        paragraph = self.made.add_paragraph()
        self._first_line(paragraph)
        for part in self._pieces(told):
            paragraph._p.append(part)

    def _first_line(self, paragraph: WordParagraph) -> None:
        paragraph.paragraph_format.first_line_indent = Pt(2 * self.sizes.body)
        indent = paragraph._p.get_or_add_pPr().find(qn("w:ind"))
        indent.set(qn("w:firstLineChars"), "200")
        paragraph.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY

    def _table(self, block: Table) -> None:
        self._caption(self.numbering.table() + block.caption, before=True)
        head = [[(name,) for name in block.head]]
        self._grid(head, block.rows)
        if block.note:
            note = self.made.add_paragraph(block.note)
            _off_grid(note)
            note.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
            for run in note.runs:
                run.font.size = Pt(9 if not self.compact else 8)

    def _grid(self, head: Sequence[Sequence[Told]], rows: Sequence[Sequence[Told]]) -> None:
        """A table; cells are made as XML, since that of python-docx takes a second for 45 rows."""
        columns = _widths([*head, *rows])
        grid = element("w:tbl", {})
        properties = element("w:tblPr", {})
        properties.append(element("w:tblStyle", {"w:val": "TableGrid"}))
        properties.append(element("w:tblW", {"w:w": str(sum(columns)), "w:type": "dxa"}))
        properties.append(element("w:tblLayout", {"w:type": "fixed"}))
        look = {"w:val": "04A0", "w:firstRow": "1", "w:lastRow": "0", "w:firstColumn": "1",
                "w:lastColumn": "0", "w:noHBand": "0", "w:noVBand": "1"}  # fmt: skip
        properties.append(element("w:tblLook", look))
        grid.append(properties)
        lines = element("w:tblGrid", {})
        for width in columns:
            lines.append(element("w:gridCol", {"w:w": str(width)}))
        grid.append(lines)
        aligned = [_is_text(rows, place) for place in range(len(columns))]
        for place, row in enumerate([*head, *rows]):
            titled = place < len(head)
            line = element("w:tr", {})
            kept = element("w:trPr", {})
            kept.append(element("w:cantSplit", {}))
            if titled:
                kept.append(element("w:tblHeader", {}))
            line.append(kept)
            for column, (cell, width) in enumerate(zip(row, columns, strict=True)):
                side = "center" if titled else "left" if aligned[column] else "right"
                line.append(self._cell(cell, width, side, titled))
            grid.append(line)
        self.made.element.body.insert(len(self.made.element.body) - 1, grid)

    def _cell(self, told: Told, width: int, side: str, titled: bool) -> BaseOxmlElement:
        cell = element("w:tc", {})
        properties = element("w:tcPr", {})
        properties.append(element("w:tcW", {"w:w": str(width), "w:type": "dxa"}))
        properties.append(element("w:vAlign", {"w:val": "center"}))
        cell.append(properties)
        paragraph = element("w:p", {})
        layout = element("w:pPr", {})
        layout.append(element("w:snapToGrid", {"w:val": "0"}))
        layout.append(element("w:spacing", {"w:line": "240", "w:lineRule": "auto"}))
        layout.append(element("w:jc", {"w:val": side}))
        paragraph.append(layout)
        for part in self._pieces(told, self.sizes.table, HEAD if titled else ""):
            paragraph.append(part)
        cell.append(paragraph)
        return cell

    def _chart(self, block: Chart) -> None:
        name = self.numbering.chart() + block.caption
        picture = self.pictures.get(block)
        if picture is None:
            self._paragraph((self.text("no_picture", caption=name),))
            return
        paragraph = self.made.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        layout = paragraph.paragraph_format
        layout.line_spacing_rule, layout.keep_with_next = WD_LINE_SPACING.SINGLE, True
        with Image.open(io.BytesIO(picture)) as image:
            width, height = image.size
        shown = min(WIDTH, self.sizes.picture * width / height)
        run = paragraph.add_run()
        shape = run.add_picture(io.BytesIO(picture), width=Mm(shown))
        properties = shape._inline.docPr
        properties.set("descr", block.alt)
        properties.set("title", block.caption)
        self._caption(name)

    def _caption(self, words: str, before: bool = False) -> None:
        paragraph = self.made.add_paragraph(words)
        _off_grid(paragraph)
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        layout = paragraph.paragraph_format
        layout.line_spacing_rule = WD_LINE_SPACING.SINGLE
        layout.space_before, layout.space_after = Pt(self.sizes.space), Pt(self.sizes.space / 2)
        layout.keep_with_next = before
        for run in paragraph.runs:
            run.font.size = Pt(self.sizes.caption)
            run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), HEAD)

    # ------------------------------------------------------------------ words and numbers

    def _pieces(
        self, told: Iterable[Piece], size: float = 0, face: str = ""
    ) -> Iterator[BaseOxmlElement]:
        """Runs of words, links around numbers, and what was changed as changes of Word."""
        for piece in told:
            if isinstance(piece, Change):
                for tag, pieces, gone in (("w:del", piece.old, True), ("w:ins", piece.new, False)):
                    for each in pieces:
                        change = element(tag, self._revision())
                        words = each if isinstance(each, str) else each.shown
                        change.append(_run(words, size, face, gone=gone))
                        link = None if gone or isinstance(each, str) else self._link(each)
                        if link is None:
                            yield change
                        else:
                            link.append(change)  # a change stands within a link, not around it
                            yield link
            elif isinstance(piece, str):
                yield _run(piece, size, face)
            else:
                link = self._link(piece)
                if link is None:
                    yield _run(piece.shown, size, face)
                else:
                    link.append(_run(piece.shown, size, face))
                    yield link

    def _link(self, number: Number) -> BaseOxmlElement | None:
        """A link to the line of a number in the list of traces."""
        row = self.rows.get(number.trace)
        if row is None:
            return None
        return element("w:hyperlink", {"w:anchor": f"n{row}", "w:history": "1"})

    def _revision(self) -> dict[str, str]:
        self.revision += 1
        return {
            "w:id": str(100_000 + self.revision), "w:author": t("menu.name", self.lang),
            "w:date": f"{self.briefing.made}T00:00:00Z",
        }  # fmt: skip

    # ------------------------------------------------------------------ traces

    def _traces(self) -> None:
        """The list at the end, in two columns: each number, not rounded, by indicator."""
        numbers = self.briefing.numbers()
        if not numbers:
            return
        section = self.made.add_section(WD_SECTION.NEW_PAGE)
        columns = section._sectPr.find(qn("w:cols"))
        if columns is None:
            columns = element("w:cols", {})
            section._sectPr.insert_element_before(columns, "w:docGrid")
        columns.set(qn("w:num"), "2")
        columns.set(qn("w:space"), "340")
        heading = self.made.add_heading(self.text("traces"), 1)
        heading.paragraph_format.first_line_indent = Pt(0)
        self._small(self.text("traces_note", vintage=self.briefing.vintage))
        groups: dict[tuple[str, str], list[tuple[int, Number]]] = {}
        for row, number in enumerate(numbers, start=1):
            key = (number.trace.indicator, number.trace.period)
            groups.setdefault(key, []).append((row, number))
        for (name, _), found in groups.items():
            trace, lang = found[0][1].trace, self.lang
            heading_key = "trace_group" if name else "trace_several"
            words = self.text(
                heading_key, indicator=traced.indicator(trace, lang), name=name,
                period=traced.period(trace, lang),
            )  # fmt: skip
            head = self._small(words)
            head.paragraph_format.keep_with_next = True
            head.paragraph_format.space_before = Pt(3)
            head.runs[0].bold = True
            for row, number in found:
                self._trace(row, number)

    def _trace(self, row: int, number: Number) -> None:
        """One number, in the place that a link from the text leads to."""
        trace, lang = number.trace, self.lang
        amount = None if trace.of == "year" else traced.value(number, lang)
        key = "trace" if amount is None else "trace_exact"
        exact = "" if amount is None else formats.number(amount, _exact_decimals(amount))
        words = self.text(
            key, row=row, shown=number.shown, area=traced.area(trace, lang),
            what=traced.what(trace, lang), exact=exact,
        )  # fmt: skip
        paragraph = self._small(words)
        mark = {"w:id": str(row), "w:name": f"n{row}"}
        paragraph._p.insert(1, element("w:bookmarkStart", mark))
        paragraph._p.append(element("w:bookmarkEnd", {"w:id": str(row)}))

    def _small(self, words: str) -> WordParagraph:
        paragraph = self.made.add_paragraph(words)
        layout = paragraph.paragraph_format
        layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(10)
        layout.left_indent, layout.first_line_indent = Pt(8), Pt(-8)
        _off_grid(paragraph)
        paragraph.runs[0].font.size = Pt(7.5)
        return paragraph


def _widths(rows: Sequence[Sequence[Told]]) -> list[int]:
    """The widths of columns in twips: as their longest words need, but no column takes all."""
    longest = [
        max(text_width(text(row[place]), 1) + 1.2 for row in rows) for place in range(len(rows[0]))
    ]
    usual = sum(longest) / len(longest)
    wanted = [min(each, 3 * usual) for each in longest]
    whole = WIDTH * _POINTS * _TWIPS
    return [round(each * whole / sum(wanted)) for each in wanted]


def _off_grid(paragraph: WordParagraph) -> None:
    """Small print does not take the lines of the page's grid."""
    properties = paragraph._p.get_or_add_pPr()
    properties.insert_element_before(
        element("w:snapToGrid", {"w:val": "0"}), "w:spacing", "w:ind", "w:contextualSpacing",
        "w:mirrorIndents", "w:suppressOverlap", "w:jc", "w:textDirection", "w:textAlignment",
        "w:textboxTightWrap", "w:outlineLvl", "w:rPr", "w:sectPr",
    )  # fmt: skip


def _exact_decimals(amount: float) -> int:
    return 0 if float(amount).is_integer() else 4


def _run(words: str, size: float, face: str, gone: bool = False) -> BaseOxmlElement:
    run = element("w:r", {})
    if size or face:
        look = element("w:rPr", {})
        if face:
            look.append(element("w:rFonts", {"w:eastAsia": face}))
        if size:
            look.append(element("w:sz", {"w:val": str(round(2 * size))}))
            look.append(element("w:szCs", {"w:val": str(round(2 * size))}))
        run.append(look)
    text = element("w:delText" if gone else "w:t", {"xml:space": "preserve"})
    text.text = words
    run.append(text)
    return run


def _is_text(rows: Sequence[Sequence[Told]], place: int) -> bool:
    """Whether a column holds words: it then stands to the left. The first one always does."""
    if place == 0:
        return True
    cells = [row[place] for row in rows]
    words = any(len(piece) > 4 for cell in cells for piece in cell if isinstance(piece, str))
    return words or not any(isinstance(p, Number | Change) for cell in cells for p in cell)


def _faces(table: bytes) -> bytes:
    """The table of typefaces with what may stand in for each that is named."""
    fonts = etree.fromstring(table)
    space = fonts.nsmap["w"]
    for name, others in STAND_INS.items():
        font = etree.SubElement(fonts, f"{{{space}}}font", {f"{{{space}}}name": name})
        etree.SubElement(font, f"{{{space}}}altName", {f"{{{space}}}val": ",".join(others)})
    told: bytes = etree.tostring(fonts, xml_declaration=True, encoding="UTF-8", standalone=True)
    return told
