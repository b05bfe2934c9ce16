"""An empty presentation in 16:9: its typefaces, colours, layouts, and slides with their footers.

Sizes and places are in points, as text is measured in them. What python-pptx makes is typed as Any,
since its own types are partial.
"""

from __future__ import annotations

import copy
import datetime as dt
import io
import re
from collections.abc import Sequence
from typing import Any

import pptx
from pptx.dml.color import RGBColor
from pptx.enum.lang import MSO_LANGUAGE_ID
from pptx.enum.shapes import MSO_SHAPE
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.oxml.ns import qn
from pptx.util import Pt

from app import lettering, palette
from app.briefing import traced
from app.briefing.parts import Briefing, Number
from app.briefing.runs import Run
from app.i18n import t

# Named, not shipped: every Windows and WPS has it, and other systems put a Chinese face instead
TYPEFACE = "Microsoft YaHei"
WIDTH, HEIGHT = 960, 540
LEFT, ROOM = 40, 880  # of everything that stands on a slide
TOP, BOTTOM = 96, 488  # of what stands between title and footer
LONGEST = 255  # letters of a property
SLACK, TIGHT = 1.1, 1.2  # other faces are wider: of the width of lines, and of short cells
LEADING = 1.4  # of a line, in sizes of its letters: these faces are tall
BODY, SMALL = 20, 11
_TITLE, _FOOTER = (30, 52), (500, 26)  # top and height
_TITLE_SIZES = ((26, 1), (22, 1), (18, 2))  # size, and lines that fit
_OPENING_SIZES = ((36, 2), (26, 3))  # of the title slide
# python-pptx keeps the one of its template, which is of another presentation
_APPLICATION = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Properties xmlns="http://schemas.'
    'openxmlformats.org/officeDocument/2006/extended-properties"><PresentationFormat>Widescreen'
    "</PresentationFormat></Properties>"
)
_LAYOUTS = {0: "title", 1: "text", 5: "graphic"}  # of python-pptx's own template
_LANGUAGES = {
    "zh": MSO_LANGUAGE_ID.SIMPLIFIED_CHINESE,
    "en": MSO_LANGUAGE_ID.ENGLISH_UK,
}
_TAGS = {"zh": "zh-CN", "en": "en-GB"}


class Deck:
    """A presentation that grows slide by slide."""

    def __init__(self, briefing: Briefing) -> None:
        self.briefing, self.lang = briefing, briefing.request.lang
        self.made: Any = pptx.Presentation()
        self.made.slide_width, self.made.slide_height = Pt(WIDTH), Pt(HEIGHT)
        self.layouts = _layouts(self.made, self.lang)
        _properties(self.made, briefing)

    def written(self) -> bytes:
        """The file."""
        for part in self.made.part.package.iter_parts():
            if part.partname.startswith("/ppt/theme/"):
                part._blob = _theme(part.blob)
            elif part.partname == "/docProps/app.xml":
                part._blob = _APPLICATION.encode()
        out = io.BytesIO()
        self.made.save(out)
        return out.getvalue()

    def source(self, numbers: Sequence[Number] = ()) -> str:
        """Source and vintage of what stands on a slide, as many names as its foot has room for."""
        room = self._room()
        told = [traced.facts(self.briefing, numbers, most) for most in (3, 2, 1)]
        fitting = [each for each in told if lettering.text_width(each, SMALL) <= room]
        return fitting[0] if fitting else lettering.shorten(told[-1], room, SMALL)

    def slide(self, layout: str, title: str, kicker: str = "", source: str = "") -> Any:
        """A new slide with its title, the heading above it, source, sample mark and number."""
        made = self.made.slides.add_slide(self.layouts[layout])
        shown, size = _fitted(title, _OPENING_SIZES if layout == "title" else _TITLE_SIZES)
        heading = made.shapes.title
        assert heading is not None  # every layout has one
        self.put(heading.text_frame.paragraphs[0], [Run(shown)], size)
        for shape in list(made.placeholders):
            if shape.placeholder_format.idx == 13:
                if kicker:
                    line = lettering.shorten(kicker, ROOM, 12)
                    self.put(shape.text_frame.paragraphs[0], [Run(line)], 0)
                else:
                    shape._element.getparent().remove(shape._element)
        self._feet(made, source)
        return made

    def put(self, paragraph: Any, pieces: Sequence[Run], size: float, bold: bool = False) -> None:
        """Write runs into a paragraph: numbers bold, what is new underlined, what was grey."""
        for piece in pieces:
            run = paragraph.add_run()
            run.text = piece.text
            if size:
                run.font.size = Pt(size)
            run.font.language_id = _LANGUAGES[self.lang]
            if bold or (piece.number is not None and piece.mark != "old"):
                run.font.bold = True
            if piece.mark == "new":
                run.font.underline = True
            if piece.mark == "old":
                run.font.color.rgb = colour(palette.MUTED)
        if size:
            paragraph.line_spacing = Pt(size * LEADING)

    def notes(self, slide: Any, lines: Sequence[str]) -> None:
        """Write the notes of a slide."""
        frame = slide.notes_slide.notes_text_frame
        assert frame is not None  # the notes' own template has one
        frame.text = "\n".join(lines)

    def line(
        self, slide: Any, told: Sequence[Sequence[Run]], top: float, height: float, size: float
    ) -> None:
        """Remarks below a table or chart, a paragraph each."""
        box = slide.shapes.add_textbox(Pt(LEFT), Pt(top), Pt(ROOM), Pt(height))
        frame = box.text_frame
        frame.word_wrap = True
        frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
        for place, pieces in enumerate(told):
            paragraph = frame.paragraphs[0] if place == 0 else frame.add_paragraph()
            self.put(paragraph, pieces, size)

    def _feet(self, slide: Any, source: str) -> None:
        """The footer and the number of a slide, which python-pptx leaves on the layout."""
        for shape in slide.slide_layout.placeholders:
            kind = shape._element.ph.get("type")
            if kind in ("ftr", "sldNum"):
                copied = copy.deepcopy(shape._element)
                identity = copied.find(f".//{qn('p:cNvPr')}")
                identity.set("id", str(max(each.shape_id for each in slide.shapes) + 1))
                slide.shapes._spTree.append(copied)
        footer = next(s for s in slide.placeholders if s._element.ph.get("type") == "ftr")
        paragraph = footer.text_frame.paragraphs[0]
        gap = t("figure.gap", self.lang) if self.briefing.sample else ""
        self.put(paragraph, [Run(source + gap)], 0)
        if self.briefing.sample:
            self.warn(paragraph)

    def _room(self) -> float:
        """The room of the foot for the source."""
        mark = t("figure.gap", self.lang) + t("figure.sample_note", self.lang)
        taken = lettering.text_width(mark, SMALL) if self.briefing.sample else 0
        return (ROOM - 90) / SLACK - taken

    def warn(self, paragraph: Any) -> None:
        """Write that this is sample data."""
        self.put(paragraph, [Run(t("figure.sample_note", self.lang))], 0, bold=True)
        paragraph.runs[-1].font.color.rgb = colour(palette.STATUSES["missed"].ink)


def colour(code: str) -> Any:
    """A colour of the palette."""
    return RGBColor(*bytes.fromhex(code.lstrip("#")))  # type: ignore[no-untyped-call]


def filled(parent: Any, code: str) -> Any:
    """A fill of one colour, as an element within another."""
    fill = parent.makeelement(qn("a:solidFill"), {})
    fill.append(fill.makeelement(qn("a:srgbClr"), {"val": code.lstrip("#")}))
    return fill


def described(frame: Any, name: str, alt: str) -> None:
    """Give a picture, table or chart its name and its text for those who can't see it."""
    identity = frame._element.find(f".//{qn('p:cNvPr')}")
    identity.set("name", name)
    identity.set("descr", alt)


def _fitted(title: str, sizes: Sequence[tuple[float, int]]) -> tuple[str, float]:
    """A title that fits its place, with its size; cut only if even the smallest is too large."""
    for size, lines in sizes:
        if len(lettering.wrap(title, ROOM / SLACK, size)) <= lines:
            return title, size
    size, lines = sizes[-1]
    return lettering.shorten(title, (lines - 0.1) * ROOM / SLACK, size), size


def _layouts(made: Any, lang: str) -> dict[str, Any]:
    """The three layouts that are used, laid out for 16:9; the others are dropped."""
    master = made.slide_master
    places = {
        "title": (LEFT, *_TITLE, ROOM), "body": (LEFT, TOP, BOTTOM - TOP, ROOM),
        "ftr": (LEFT, *_FOOTER, ROOM - 90), "sldNum": (LEFT + ROOM - 80, *_FOOTER, 80),
    }  # fmt: skip
    for shape in list(master.placeholders):
        kind = shape._element.ph.get("type")
        if kind == "dt":
            shape._element.getparent().remove(shape._element)
            continue
        _place(shape, places[kind])
        _flush(shape)
        if kind in ("ftr", "sldNum"):
            _styled(shape, SMALL, palette.MUTED, "r" if kind == "sldNum" else "l")
    _text_styles(master)
    master.shapes._spTree.append(_rule(made))
    kept = {name: made.slide_layouts[place] for place, name in _LAYOUTS.items()}
    for layout in list(made.slide_layouts):
        if layout not in kept.values():
            made.slide_layouts.remove(layout)
    for name, layout in kept.items():
        for shape in list(layout.placeholders):
            if shape._element.ph.get("type") == "dt":
                shape._element.getparent().remove(shape._element)
        if name == "title":
            _place(layout.placeholders[0], (LEFT, 150, 110, ROOM))
            _place(layout.placeholders[1], (LEFT, 290, 150, ROOM))
            _styled(layout.placeholders[0], _OPENING_SIZES[0][0], palette.INK, "l")
            _styled(layout.placeholders[1], 18, palette.MUTED, "l")
            for shape in layout.placeholders:
                if shape.placeholder_format.idx < 2:
                    anchor = "b" if shape.placeholder_format.idx == 0 else "t"
                    shape._element.find(f".//{qn('a:bodyPr')}").set("anchor", anchor)
            layout._element.set("showMasterSp", "0")
        else:
            _kicker(layout)
        layout.name = t(f"native.layout.{name}", lang)
    return kept


def _place(shape: Any, place: tuple[float, float, float, float]) -> None:
    left, top, height, width = place
    shape.left, shape.top = Pt(left), Pt(top)
    shape.height, shape.width = Pt(height), Pt(width)


def _flush(shape: Any) -> None:
    """No room between the edge of a box and its text."""
    body = shape._element.find(f".//{qn('a:bodyPr')}")
    for side in ("lIns", "tIns", "rIns", "bIns"):
        body.set(side, "0")


def _styled(shape: Any, size: float, ink: str, align: str) -> None:
    """The style of a placeholder's text, which slides take over."""
    style = shape._element.find(f".//{qn('a:lstStyle')}")
    for child in list(style):
        style.remove(child)
    level = style.makeelement(qn("a:lvl1pPr"), {"algn": align, "marL": "0", "indent": "0"})
    level.append(level.makeelement(qn("a:buNone"), {}))
    letters = level.makeelement(qn("a:defRPr"), {"sz": str(round(size * 100))})
    letters.append(filled(letters, ink))
    level.append(letters)
    style.append(level)


def _text_styles(master: Any) -> None:
    """Titles to the left and bold; text of one size with a bullet close by."""
    styles = master._element.find(qn("p:txStyles"))
    title = styles.find(f"{qn('p:titleStyle')}/{qn('a:lvl1pPr')}")
    title.set("algn", "l")
    letters = title.find(qn("a:defRPr"))
    letters.set("sz", str(_TITLE_SIZES[0][0] * 100))
    letters.set("b", "1")
    body = styles.find(f"{qn('p:bodyStyle')}/{qn('a:lvl1pPr')}")
    body.set("marL", str(Pt(BODY)))
    body.set("indent", str(-Pt(BODY)))
    body.find(qn("a:defRPr")).set("sz", str(BODY * 100))


def _kicker(layout: Any) -> None:
    """A line above the title that names the heading."""
    title = layout.placeholders[0]._element
    made = copy.deepcopy(title)
    identity = made.find(f".//{qn('p:cNvPr')}")
    identity.set("id", "20")
    identity.set("name", "Heading 20")
    holder = made.find(f".//{qn('p:ph')}")
    holder.set("type", "body")
    holder.set("idx", "13")
    holder.set("sz", "quarter")
    layout.shapes._spTree.append(made)
    shape = next(s for s in layout.placeholders if s.placeholder_format.idx == 13)
    _place(shape, (LEFT, 12, 18, ROOM))
    _styled(shape, 12, palette.MUTED, "l")


def _rule(made: Any) -> Any:
    """The line below the title, drawn once on the master."""
    slide = made.slides.add_slide(made.slide_layouts[6])
    rule = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, Pt(LEFT), Pt(84), Pt(ROOM), Pt(2))
    rule.fill.solid()
    rule.fill.fore_color.rgb = colour(palette.SERIES[0].colour)
    rule.line.fill.background()
    rule.name = "Rule"
    element = rule._element
    element.remove(element.find(qn("p:style")))  # which has a shadow
    element.getparent().remove(element)
    element.find(f".//{qn('p:cNvPr')}").set("id", "30")
    ids = made.slides._sldIdLst
    made.part.drop_rel(ids[0].rId)
    ids.remove(ids[0])
    return element


def _properties(made: Any, briefing: Briefing) -> None:
    lang = briefing.request.lang
    told = made.core_properties
    told.title, told.subject = briefing.title[:LONGEST], briefing.subtitle[:LONGEST]
    told.author = told.last_modified_by = t("menu.name", lang)
    told.language, told.keywords, told.comments = _TAGS[lang], "", ""
    told.created = told.modified = dt.datetime.fromisoformat(briefing.made)
    told.revision = 1
    made.part._element.sldSz.attrib.pop("type", None)  # which says 4:3
    for relations, unwanted in (
        (made.part.package._rels, RELATIONSHIP_TYPE.THUMBNAIL),
        (made.part.rels, RELATIONSHIP_TYPE.PRINTER_SETTINGS),
    ):
        for name, relation in list(relations.items()):
            if relation.reltype == unwanted:  # of the template, not of this presentation
                relations.pop(name)


def _theme(document: bytes) -> bytes:
    """A theme with our typeface for Latin and Chinese, and the colours of the palette."""
    text = document.decode("utf-8")
    for kind in ("latin", "ea"):
        text = re.sub(rf'<a:{kind} typeface="[^"]*"', f'<a:{kind} typeface="{TYPEFACE}"', text)
    text = re.sub(r'(<a:font script="Hans" typeface=")[^"]*', rf"\g<1>{TYPEFACE}", text)
    for number, series in enumerate(palette.SERIES[:6], start=1):
        text = re.sub(
            rf"(<a:accent{number}><a:srgbClr val=\")[0-9A-F]{{6}}",
            rf"\g<1>{series.colour.lstrip('#')}",
            text,
        )
    return text.encode("utf-8")
