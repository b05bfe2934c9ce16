"""Word files: A4, Chinese typefaces by name, native tables, links within, page numbers."""

from __future__ import annotations

import io
from collections.abc import Sequence

import docx
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Cm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

from app import palette
from app.i18n import t

# Named, not shipped: every Windows and WPS has them, and other systems put a Chinese face instead
BODY, HEADING, LATIN = "SimSun", "SimHei", "Arial"
PAGE = (Cm(21), Cm(29.7))
MARGIN = Cm(2.2)
WIDTH = PAGE[0] - 2 * MARGIN  # of the text
KEPT = 2  # rows that stay with the one below
LANGUAGES = {"zh": "zh-CN", "en": "en-GB"}


def document(title: str, lang: str) -> Document:
    """An empty A4 document with its typefaces, languages, title and page numbers."""
    made = docx.Document()
    section = made.sections[0]
    section.page_width, section.page_height = PAGE
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = MARGIN
    made.core_properties.title = title
    made.core_properties.author = t("menu.name", lang)
    made.core_properties.comments = ""
    languages(made, lang)
    typeface(made, "Normal", BODY, 10.5, space=3)
    typeface(made, "Title", HEADING, 20, space=6)
    for level, size in enumerate((15, 12.5, 11), start=1):
        typeface(made, f"Heading {level}", HEADING, size, space=6)
    _page_numbers(made, lang)
    made.add_paragraph(title, style="Title")
    return made


def written(made: Document) -> bytes:
    """A document as a file."""
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def heading(made: Document, text: str, level: int, name: str) -> None:
    """A heading under a name that links lead to."""
    paragraph = made.add_heading(text, level)
    number = str(len(list(made.element.body.iter(qn("w:bookmarkStart")))) + 1)
    start = element("w:bookmarkStart", {"w:id": number, "w:name": name})
    paragraph._p.insert(1, start)  # after the properties of the paragraph
    paragraph._p.append(element("w:bookmarkEnd", {"w:id": number}))


def contents_line(made: Document, text: str, level: int, name: str) -> None:
    """A line of the table of contents: a link to a heading, and the number of its page."""
    paragraph = made.add_paragraph()
    layout = paragraph.paragraph_format
    layout.left_indent, layout.space_after = Cm(0.7 * (level - 1)), Pt(1)
    layout.tab_stops.add_tab_stop(WIDTH, WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS)
    link = element("w:hyperlink", {"w:anchor": name, "w:history": "1"})
    paragraph._p.append(link)
    run = paragraph.add_run(text)
    run.bold = level == 1
    run.add_tab()
    link.append(run._r)
    # no page is known before the file is laid out: the reader's program works it out
    field(paragraph, f"PAGEREF {name} \\h", "", stale=True)


def table(
    made: Document, rows: Sequence[Sequence[str | Sequence[str]]], widths: Sequence[float], *,
    head: bool,
) -> Table:  # fmt: skip
    """A table; `widths` in cm. With `head` the first row is repeated, otherwise the first column.

    A cell of several lines is a paragraph a line.
    """
    grid: Table = made.add_table(len(rows), len(widths), style="Table Grid")
    grid.autofit = False
    for column, width in enumerate(widths):
        grid.columns[column].width = Cm(width)
    for number, row in enumerate(rows):
        properties = grid.rows[number]._tr.get_or_add_trPr()
        properties.append(element("w:cantSplit", {}))
        if head and number == 0:
            properties.append(element("w:tblHeader", {}))
        for column, (cell, told) in enumerate(zip(grid.rows[number].cells, row, strict=True)):
            cell.width = Cm(widths[column])
            titled = number == 0 if head else column == 0
            _fill(cell, [told] if isinstance(told, str) else told, titled)
            if number < KEPT:  # a heading above is not left alone at the foot of a page
                for paragraph in cell.paragraphs:
                    paragraph.paragraph_format.keep_with_next = True
    made.add_paragraph().paragraph_format.space_after = Pt(2)
    return grid


def _fill(cell: _Cell, lines: Sequence[str], titled: bool) -> None:
    for number, line in enumerate(lines):
        paragraph = cell.paragraphs[0] if number == 0 else cell.add_paragraph()
        paragraph.paragraph_format.space_after = Pt(1)
        run = paragraph.add_run(line)
        run.font.size = Pt(9.5)
        run.bold = titled or None
    if titled:
        shade = element("w:shd", {"w:val": "clear", "w:fill": palette.TABLE_HEAD.lstrip("#")})
        cell._tc.get_or_add_tcPr().append(shade)


def typeface(
    made: Document, name: str, chinese: str, size: float, space: float, latin: str = LATIN
) -> None:
    """Set the typefaces of a style by their names, its size and the space after it in pt."""
    style = made.styles[name]
    assert isinstance(style, ParagraphStyle)
    style.font.name, style.font.size = latin, Pt(size)
    style.font.color.rgb = RGBColor.from_string(palette.INK.lstrip("#"))
    style.paragraph_format.space_after = Pt(space)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)  # a typeface of the theme would win
    fonts.set(qn("w:eastAsia"), chinese)
    fonts.set(qn("w:cs"), latin)


def languages(made: Document, lang: str) -> None:
    """Tell the languages of a document.

    Without the language of the Chinese text its punctuation is set in the middle.
    """
    told = made.styles.element.find(f".//{qn('w:rPrDefault')}//{qn('w:lang')}")
    assert told is not None  # python-docx's own template has it
    told.set(qn("w:val"), "en-GB")
    told.set(qn("w:eastAsia"), LANGUAGES["zh"])
    made.core_properties.language = LANGUAGES[lang]


def _page_numbers(made: Document, lang: str) -> None:
    footer = made.sections[0].footer.paragraphs[0]
    footer.alignment = WD_ALIGN_PARAGRAPH.CENTER
    before, between, after = t("word.page", lang).split("|")
    footer.add_run(before)
    field(footer, "PAGE", "1")
    footer.add_run(between)
    field(footer, "NUMPAGES", "1")
    footer.add_run(after)


def field(paragraph: Paragraph, instruction: str, shown: str, *, stale: bool = False) -> None:
    """A field of a paragraph, which the reader's program works out, and what it shows till then."""
    begin = {"w:fldCharType": "begin"} | ({"w:dirty": "true"} if stale else {})
    code = element("w:instrText", {"xml:space": "preserve"})
    code.text = f" {instruction} "
    text = element("w:t", {"xml:space": "preserve"})
    text.text = shown
    for part in (
        element("w:fldChar", begin),
        code,
        element("w:fldChar", {"w:fldCharType": "separate"}),
        text,
        element("w:fldChar", {"w:fldCharType": "end"}),
    ):
        paragraph.add_run()._r.append(part)


def element(name: str, attributes: dict[str, str]) -> BaseOxmlElement:
    """An element of WordprocessingML with its attributes, both with their prefixes."""
    made = OxmlElement(name)
    for key, value in attributes.items():
        made.set(qn(key), value)
    return made
