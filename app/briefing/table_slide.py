"""A table on slides: native, split by rows and columns where it is too large for one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.util import Pt

from app import lettering, palette
from app.briefing import traced
from app.briefing.deck import (
    BOTTOM,
    LEADING,
    LEFT,
    ROOM,
    SLACK,
    TIGHT,
    TOP,
    Deck,
    described,
    filled,
)
from app.briefing.parts import Table
from app.briefing.runs import Run, runs, words
from app.i18n import t

SIZES = (16, 14, 12, 11)  # of letters: the largest with which the table fits one slide
SIDE, ABOVE = 5, 3  # points between the edge of a cell and its text
NOTE, NOTE_GAP = 11, 6
_SHORT = 20  # letters of a cell that is no text
REMARK = 14  # of letters of what is said right after a table
_PLAIN = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"  # the style without any look of its own

Row = list[list[Run]]


@dataclass(frozen=True)
class Page:
    """What of a table stands on one slide; the heights are those of the head and of the rows."""

    columns: Sequence[int]
    widths: Sequence[float]
    size: float
    rows: Sequence[int]
    heights: Sequence[float]


def add(
    deck: Deck, table: Table, kicker: str, source: str, remarks: Sequence[list[Run]] = ()
) -> None:
    """The slides of a table, the head on each; remarks stand below it on the last."""
    rows: list[Row] = [[[Run(head)] for head in table.head]]
    rows += [[runs(told, deck.lang) for told in row] for row in table.rows]
    note = lettering.wrap(table.note, ROOM / SLACK, NOTE) if table.note else []
    foot = len(note) * NOTE * LEADING + (NOTE_GAP if note else 0)
    said = remarks_height(remarks)
    room = BOTTOM - TOP - foot - said
    pages = _pages(rows, table.widths, room)
    for place, page in enumerate(pages):
        title = table.caption
        if place:
            title = t("native.continued", deck.lang, title=title)
        slide = deck.slide("graphic", title, kicker, source)
        _draw(deck, slide, table, rows, page)
        if note:
            deck.line(slide, [[Run(table.note)]], BOTTOM - foot + NOTE_GAP, foot - NOTE_GAP, NOTE)
        shown = [rows[row][column] for row in page.rows for column in page.columns]
        if remarks and page is pages[-1]:
            top = TOP + sum(page.heights) + NOTE_GAP
            deck.line(slide, remarks, top, said - NOTE_GAP, REMARK)
            shown += remarks
        numbers = [
            run.number for pieces in shown for run in pieces
            if run.number is not None and run.mark != "old"
        ]  # fmt: skip
        deck.notes(slide, traced.noted(numbers, deck.lang))


def remarks_height(remarks: Sequence[list[Run]]) -> float:
    """The height that remarks take below a table."""
    lines = sum(len(lettering.wrap(words(each), ROOM / SLACK, REMARK)) for each in remarks)
    return lines * REMARK * LEADING + NOTE_GAP if lines else 0


def _pages(rows: list[Row], shares: Sequence[float], room: float) -> list[Page]:
    """The pages of a table: one if a size makes it fit, else several in the smallest."""
    found: list[Page] = []
    for size in SIZES:
        found = [
            page
            for columns in _columns(rows, size)
            for page in _split(rows, columns, _widths(rows, columns, shares, size), size, room)
        ]
        if len(found) == 1:
            break
    return found


def _columns(rows: list[Row], size: float) -> list[list[int]]:
    """The columns in groups that are wide enough for their longest words; the first in each."""
    least = [_least(rows, column, size) for column in range(len(rows[0]))]
    groups: list[list[int]] = [[0]]
    for column in range(1, len(least)):
        if len(groups[-1]) > 1 and sum(least[c] for c in groups[-1]) + least[column] > ROOM:
            groups.append([0])
        groups[-1].append(column)
    return groups


def _least(rows: list[Row], column: int, size: float) -> float:
    """The width below which a word of a column would be broken."""
    longest = max(
        (lettering.text_width(line, size)
         for row in rows for line in lettering.wrap(_text(row, column), 1, size)), default=0,
    )  # fmt: skip
    return min(longest * TIGHT + 2 * SIDE + 1, ROOM / 2)


def _widths(
    rows: list[Row], columns: Sequence[int], shares: Sequence[float], size: float
) -> list[float]:
    """The widths of columns by their shares, none below what its longest word takes."""
    least = [_least(rows, column, size) for column in columns]
    wanted = [shares[c] if c < len(shares) else 1 / len(columns) for c in columns]
    whole = sum(wanted) or 1
    widths = [max(low, ROOM * each / whole) for low, each in zip(least, wanted, strict=True)]
    over = sum(widths) - ROOM
    spare = sum(width - low for width, low in zip(widths, least, strict=True))
    cut = over / spare if spare > 0 else 0
    return [w - cut * (w - low) for w, low in zip(widths, least, strict=True)]


def _split(
    rows: list[Row], columns: Sequence[int], widths: Sequence[float], size: float, room: float
) -> Iterator[Page]:
    """Pages of as many rows as fit below the head."""
    heights = [_height(row, columns, widths, size) for row in rows]
    taken: list[int] = []
    used = heights[0]
    for row in range(1, len(rows)):
        if taken and used + heights[row] > room:
            yield _page(columns, widths, size, taken, heights)
            taken, used = [], heights[0]
        taken.append(row)
        used += heights[row]
    yield _page(columns, widths, size, taken, heights)


def _page(
    columns: Sequence[int], widths: Sequence[float], size: float, taken: list[int],
    heights: list[float],
) -> Page:  # fmt: skip
    return Page(columns, widths, size, taken, [heights[0], *(heights[row] for row in taken)])


def _height(row: Row, columns: Sequence[int], widths: Sequence[float], size: float) -> float:
    lines = max(
        len(lettering.wrap(_text(row, column), (width - 2 * SIDE) / TIGHT, size)) or 1
        for column, width in zip(columns, widths, strict=True)
    )
    return lines * size * LEADING + 2 * ABOVE


def _text(row: Row, column: int) -> str:
    return words(row[column]) if column < len(row) else ""


def _draw(deck: Deck, slide: Any, table: Table, rows: list[Row], page: Page) -> None:
    count, size = len(page.rows) + 1, (Pt(ROOM), Pt(sum(page.heights)))
    frame = slide.shapes.add_table(count, len(page.columns), Pt(LEFT), Pt(TOP), *size)
    described(frame, table.caption, table.caption)
    grid = frame.table
    grid.horz_banding = False
    style = frame._element.find(f".//{qn('a:tableStyleId')}")
    style.text = _PLAIN
    request = deck.briefing.request
    about = request.area_code if request.kind == "area" else ""
    left = [place for place in page.columns if not _numeric(rows, place)]
    for column, width in enumerate(page.widths):
        grid.columns[column].width = Pt(width)
    for at, (row, height) in enumerate(zip([0, *page.rows], page.heights, strict=True)):
        grid.rows[at].height = Pt(height)
        own = row > 0 and _is(rows[row], about)
        for column, place in enumerate(page.columns):
            cell = grid.cell(at, column)
            pieces = rows[row][place] if place < len(rows[row]) else []
            cell.margin_left = cell.margin_right = Pt(SIDE)
            cell.margin_top = cell.margin_bottom = Pt(ABOVE)
            cell.vertical_anchor = MSO_ANCHOR.MIDDLE
            paragraph = cell.text_frame.paragraphs[0]
            paragraph.alignment = PP_ALIGN.LEFT if place in left else PP_ALIGN.RIGHT
            plain = [Run(run.text, mark=run.mark) for run in pieces]  # numbers not bold here
            deck.put(paragraph, plain or [Run("")], page.size, bold=at == 0 or own)
            _look(cell, head=at == 0, changed=any(run.mark for run in pieces))


def _numeric(rows: list[Row], column: int) -> bool:
    """Whether a column is of numbers, or the marks that stand for them, and so to the right."""
    cells = [row[column] for row in rows[1:] if column < len(row)]
    some = any(run.number is not None for pieces in cells for run in pieces)
    return some and all(len(words(pieces)) <= _SHORT for pieces in cells)


def _is(row: Row, about: str) -> bool:
    """Whether a row is that of the area that the briefing is about."""
    numbers = [run.number for cell in row for run in cell if run.number is not None]
    return bool(numbers) and all(each.trace.area_code == about for each in numbers)


def _look(cell: Any, *, head: bool, changed: bool) -> None:
    """The ground of a cell, and a line below it."""
    properties = cell._tc.get_or_add_tcPr()
    width = Pt(1.25 if head else 0.5)
    line = properties.makeelement(qn("a:lnB"), {"w": str(width)})
    line.append(filled(line, palette.BORDER))
    properties.append(line)
    if head or changed:
        ground = palette.TABLE_HEAD if head else palette.INPUT
        properties.append(filled(properties, ground))
