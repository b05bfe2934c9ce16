"""A briefing as slides: sentences in a few points each, native tables, native charts."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pptx.oxml.ns import qn
from pptx.util import Pt

from app import lettering
from app.briefing import chart_slide, native, table_slide, traced
from app.briefing.deck import BODY, BOTTOM, LEADING, LEFT, ROOM, SLACK, TOP, Deck, described
from app.briefing.parts import Block, Briefing, Chart, Heading, Number, Paragraph, Table, replaced
from app.briefing.runs import Run, clauses, lines, runs, sentences, words
from app.i18n import t

GAP = 8  # points between two paragraphs
WRAPPED = (ROOM - BODY) / SLACK  # room of a line behind its bullet
REMARKS = 3  # lines after a table that stand on its slide
OPENING = 4  # lines before the first heading that stand on the first slide
_LONG = 3  # lines of a sentence that is better cut at its semicolons


@dataclass(frozen=True)
class Point:
    """A paragraph of a slide: a sentence behind a bullet, or a lower heading."""

    pieces: list[Run]
    heading: bool = False

    @property
    def lines(self) -> list[str]:
        """Its lines as they are broken."""
        room = ROOM / SLACK if self.heading else WRAPPED
        return lettering.wrap(words(self.pieces), room, BODY)

    @property
    def height(self) -> float:
        """Its height with the gap above it."""
        return len(self.lines) * BODY * LEADING + GAP


@dataclass
class Section:
    """Where the briefing has got to: its headings, and the points that wait for a slide."""

    title: str
    below: str = ""
    points: list[Point] = field(default_factory=list)
    told: bool = False  # a slide has been made of it

    @property
    def kicker(self) -> str:
        """The headings above the title of a table or chart."""
        return " · ".join(each for each in (self.title, self.below) if each)


def presentation(briefing: Briefing, pictures: Mapping[Chart, bytes]) -> bytes:
    """The slides of a briefing; `pictures` are those of charts that have no native form."""
    deck = Deck(briefing)
    blocks = list(briefing.blocks)
    _opening(deck, _taken(blocks, OPENING, 18, deck.lang))
    section = Section(briefing.title)
    while blocks:
        block = blocks.pop(0)
        numbers = replaced(briefing, [block]).numbers()
        match block:
            case Heading(text=text, level=1):
                _close(deck, section)
                section = Section(text)
            case Heading(text=text):
                section.below = text
                section.points.append(Point([Run(text)], heading=True))
            case Paragraph(told=told):
                section.points += _points(runs(told, deck.lang))
            case Table():
                _flush(deck, section, graphic=True)
                source = deck.source(numbers)
                remarks = _taken(blocks, REMARKS, table_slide.REMARK, deck.lang)
                table_slide.add(deck, block, section.kicker, source, remarks)
                section.told = True
            case Chart():
                _flush(deck, section, graphic=True)
                _chart(deck, block, section, numbers, pictures.get(block))
                section.told = True
    _close(deck, section, last=True)
    return deck.written()


def _taken(blocks: list[Block], most: int, size: float, lang: str) -> list[list[Run]]:
    """The paragraphs that come first, taken off the blocks if they are few lines."""
    found: list[list[Run]] = []
    for block in blocks:
        if not isinstance(block, Paragraph):
            break
        found.append(runs(block.told, lang))
    if sum(len(lettering.wrap(words(each), ROOM / SLACK, size)) for each in found) > most:
        return []
    del blocks[: len(found)]
    return found


def _opening(deck: Deck, told: Sequence[list[Run]]) -> None:
    briefing, lang = deck.briefing, deck.lang
    slide = deck.slide("title", briefing.title, source=deck.source())
    fills = briefing.request.fills
    vintage = t("export.vintage", lang, vintage=briefing.vintage)
    facts = [
        briefing.subtitle, "" if vintage in briefing.subtitle else vintage,
        traced.mark(briefing), t("native.made", lang, day=briefing.made), fills.issuer,
        fills.number,
    ]  # fmt: skip
    frame = slide.placeholders[1].text_frame
    deck.put(frame.paragraphs[0], [Run(" · ".join(each for each in facts if each))], 0)
    if briefing.sample:
        deck.warn(frame.add_paragraph())
    for pieces in told:
        deck.put(frame.add_paragraph(), pieces, 0)
    deck.notes(slide, traced.noted(_numbers(told), lang))


def _close(deck: Deck, section: Section, last: bool = False) -> None:
    """Make the slides of what waits; a heading with nothing below it has a slide all the same."""
    _flush(deck, section)
    empty = not section.told and section.title != deck.briefing.title
    if empty:
        source = deck.source()
        slide = deck.slide("graphic", section.title, source=source)
        deck.notes(slide, [t("native.no_numbers", deck.lang)])


def _points(pieces: list[Run]) -> list[Point]:
    """The sentences of a paragraph; a long one in clauses, an endless one in slides' fulls."""
    found: list[Point] = []
    most = int((BOTTOM - TOP - GAP) // (BODY * LEADING))
    for sentence in sentences(pieces):
        parts = [sentence]
        if len(Point(sentence).lines) > _LONG:
            parts = clauses(sentence)
        for part in parts:
            found += [Point(each) for each in lines(part, Point(part).lines, most)]
    return found


def _flush(deck: Deck, section: Section, graphic: bool = False) -> None:
    """Slides of the points that wait, as many on each as fit.

    A heading that a table or chart comes after stands on the slide of that.
    """
    while graphic and section.points and section.points[-1].heading:
        section.points.pop()
    pages: list[list[Point]] = [[]]
    used = 0.0
    for place, point in enumerate(section.points):
        needed = point.height
        if point.heading:  # which is not left alone at the foot of a slide
            needed += sum(each.height for each in section.points[place + 1 : place + 2])
        if pages[-1] and used + needed > BOTTOM - TOP:
            pages.append([])
            used = 0
        pages[-1].append(point)
        used += point.height
    section.points = []
    for page in pages:
        if page:
            title = section.title
            if section.told:
                title = t("native.continued", deck.lang, title=title)
            _text(deck, title, page)
            section.told = True


def _text(deck: Deck, title: str, points: Sequence[Point]) -> None:
    numbers = _numbers([point.pieces for point in points])
    slide = deck.slide("text", title, source=deck.source(numbers))
    frame = slide.placeholders[1].text_frame
    for place, point in enumerate(points):
        paragraph = frame.paragraphs[0] if place == 0 else frame.add_paragraph()
        deck.put(paragraph, point.pieces, BODY, bold=point.heading)
        paragraph.space_before = Pt(GAP)
        if point.heading:
            properties = paragraph._p.get_or_add_pPr()
            properties.set("marL", "0")
            properties.set("indent", "0")
            properties.append(properties.makeelement(qn("a:buNone"), {}))
    deck.notes(slide, traced.noted(numbers, deck.lang))


def _numbers(told: Sequence[list[Run]]) -> list[Number]:
    """The numbers of runs, each trace once."""
    found = {
        run.number.trace: run.number
        for pieces in told
        for run in pieces
        if run.number is not None and run.mark != "old"
    }
    return list(found.values())


def _chart(
    deck: Deck, chart: Chart, section: Section, numbers: list[Number], picture: bytes | None
) -> None:
    """A native chart; otherwise its picture, or a line that there is none."""
    source = deck.source(numbers)
    if native.is_native(chart):
        chart_slide.add(deck, chart, section.kicker, source)
        return
    if picture is None:
        key = "native.nothing" if chart.form else "native.no_picture"
        line = t(key, deck.lang, caption=chart.caption)
        slide = deck.slide("text", chart.caption, section.kicker, source)
        deck.put(slide.placeholders[1].text_frame.paragraphs[0], [Run(line)], BODY)
    else:
        slide = deck.slide("graphic", chart.caption, section.kicker, source)
        shown = slide.shapes.add_picture(io.BytesIO(picture), Pt(LEFT), Pt(TOP))
        scale = min(Pt(ROOM) / shown.width, Pt(BOTTOM - TOP) / shown.height)
        shown.width, shown.height = int(shown.width * scale), int(shown.height * scale)
        shown.left = Pt(LEFT) + (Pt(ROOM) - shown.width) // 2
        described(shown, chart.caption, chart.alt)
    deck.notes(slide, traced.noted(numbers, deck.lang))
