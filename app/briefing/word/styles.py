"""The styles: typefaces, sizes and distances of text, headings and title."""

from __future__ import annotations

import math
from typing import Any

from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml.ns import qn
from docx.shared import Pt
from lxml import etree

from app import word
from app.briefing.faces import BODY, HEAD, LATIN, STAND_INS, SUBHEAD, TITLE
from app.briefing.word.sheet import LETTERS, POINTS, TWIPS, WIDTH, Sheet
from app.i18n import t
from app.word import element


def give(sheet: Sheet) -> None:
    """Give the file its styles."""
    made, sizes = sheet.made, sheet.sizes
    word.languages(made, sheet.lang)
    made.core_properties.title = sheet.briefing.title
    made.core_properties.author = t("menu.name", sheet.lang)
    made.core_properties.comments = ""
    word.typeface(made, "Normal", BODY, sizes.body, 0, LATIN)
    word.typeface(made, "Title", TITLE, sizes.title, sizes.space, LATIN)
    headings = ((HEAD, 1), (SUBHEAD, 2), (BODY, 3), (BODY, 4))
    for face, level in headings:
        word.typeface(made, f"Heading {level}", face, sizes.body, 0, LATIN)
        _spaced(sheet, made.styles[f"Heading {level}"].paragraph_format, indent=True)
        made.styles[f"Heading {level}"].font.bold = False
        made.styles[f"Heading {level}"].font.italic = False
        made.styles[f"Heading {level}"].paragraph_format.space_before = Pt(0)
    _spaced(sheet, made.styles["Normal"].paragraph_format)
    if not sheet.compact:  # a grid of letters is read differently by different programs
        closer = math.floor((WIDTH * POINTS / LETTERS - sizes.body) * TWIPS)
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


def _spaced(sheet: Sheet, layout: Any, indent: bool = False) -> None:
    layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(sheet.sizes.line)
    if indent:
        layout.first_line_indent = Pt(2 * sheet.sizes.body)


def _faces(table: bytes) -> bytes:
    """The table of typefaces with what may stand in for each that is named."""
    fonts = etree.fromstring(table)
    space = fonts.nsmap["w"]
    for name, others in STAND_INS.items():
        font = etree.SubElement(fonts, f"{{{space}}}font", {f"{{{space}}}name": name})
        etree.SubElement(font, f"{{{space}}}altName", {f"{{{space}}}val": ",".join(others)})
    told: bytes = etree.tostring(fonts, xml_declaration=True, encoding="UTF-8", standalone=True)
    return told
