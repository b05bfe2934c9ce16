"""The sheet a briefing is written on: its measures, its sizes of letters, the file so far."""

from __future__ import annotations

from dataclasses import dataclass

import docx
from docx.shared import Mm
from docx.text.paragraph import Paragraph as WordParagraph

from app.briefing.parts import Briefing
from app.i18n import t
from app.word import element

TOP, LEFT, RIGHT, BOTTOM = Mm(37), Mm(28), Mm(26), Mm(35)
WIDTH, HEIGHT = 156, 225  # mm of the text
LINES, LETTERS = 22, 28  # of a page and of a line
PAGE_NUMBER = Mm(35 - 7 - 5)  # from the edge of the paper: 7 mm below the text, 14 pt high
TWIPS = 20  # of a point
POINTS = 72 / 25.4  # of a millimetre


@dataclass(frozen=True)
class Sizes:
    """Sizes in pt; `line` is the distance of lines, `picture` the largest height of one in mm."""

    title: float
    body: float
    line: float
    table: float
    caption: float
    picture: float
    space: float


USUAL = Sizes(title=22, body=16, line=28.95, table=10.5, caption=12, picture=205, space=6)
# A county on one page: the standard's letters would take three
COMPACT = Sizes(title=16, body=10.5, line=16, table=8.5, caption=8.5, picture=52, space=2)


class Sheet:
    """A Word file in the making."""

    def __init__(self, briefing: Briefing) -> None:
        self.briefing = briefing
        self.lang = briefing.request.lang
        self.compact = briefing.request.kind == "county"
        self.sizes = COMPACT if self.compact else USUAL
        self.made = docx.Document()

    def text(self, key: str, **values: object) -> str:
        """A text of official documents."""
        return t(f"official.{key}", self.lang, **values)


def off_grid(paragraph: WordParagraph) -> None:
    """Small print does not take the lines of the page's grid."""
    properties = paragraph._p.get_or_add_pPr()
    properties.insert_element_before(
        element("w:snapToGrid", {"w:val": "0"}), "w:spacing", "w:ind", "w:contextualSpacing",
        "w:mirrorIndents", "w:suppressOverlap", "w:jc", "w:textDirection", "w:textAlignment",
        "w:textboxTightWrap", "w:outlineLvl", "w:rPr", "w:sectPr",
    )  # fmt: skip
