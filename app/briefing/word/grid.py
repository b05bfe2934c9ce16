"""Tables: a titled grid whose columns are as wide as their longest words need."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from docx.oxml.xmlchemy import BaseOxmlElement

from app.briefing.faces import HEAD
from app.briefing.parts import Change, Number, Told, text
from app.briefing.word.runs import Runs
from app.briefing.word.sheet import POINTS, TWIPS, WIDTH
from app.lettering import text_width
from app.word import element

BESIDE = 1.6  # em beside the words of a column
NAME = 7  # em of nearly every county's name, which is in the first column
# of Chinese each character; a sign of the verdict stays with its number
_UNBROKEN = re.compile(r"[\u2e80-\uffff]|[^\s\u2e80-\uffff]+(?: [^\w\s](?!\S))?")


def grid(
    head: Sequence[Sequence[Told]], rows: Sequence[Sequence[Told]], runs: Runs, size: float
) -> BaseOxmlElement:
    """A table; cells are made as XML, since that of python-docx takes a second for 45 rows."""
    columns = _widths([*head, *rows], size)
    table = element("w:tbl", {})
    properties = element("w:tblPr", {})
    properties.append(element("w:tblStyle", {"w:val": "TableGrid"}))
    properties.append(element("w:tblW", {"w:w": str(sum(columns)), "w:type": "dxa"}))
    properties.append(element("w:tblLayout", {"w:type": "fixed"}))
    look = {"w:val": "04A0", "w:firstRow": "1", "w:lastRow": "0", "w:firstColumn": "1",
            "w:lastColumn": "0", "w:noHBand": "0", "w:noVBand": "1"}  # fmt: skip
    properties.append(element("w:tblLook", look))
    table.append(properties)
    lines = element("w:tblGrid", {})
    for width in columns:
        lines.append(element("w:gridCol", {"w:w": str(width)}))
    table.append(lines)
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
            line.append(_cell(runs.of(cell, size, HEAD if titled else ""), width, side))
        table.append(line)
    return table


def _cell(words: Iterable[BaseOxmlElement], width: int, side: str) -> BaseOxmlElement:
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
    for part in words:
        paragraph.append(part)
    cell.append(paragraph)
    return cell


def _widths(rows: Sequence[Sequence[Told]], size: float) -> list[int]:
    """The widths of columns in twips: as their longest words need, but no column takes all.

    Where they need more than the page has, what can be broken is: no number, old or new, and no
    county's name.
    """
    columns = list(zip(*rows, strict=True))
    longest = [max(sum(map(_em, _sides(cell))) for cell in column) + BESIDE for column in columns]
    usual = sum(longest) / len(longest)
    whole = [
        max(_em(part) for cell in column for side in _sides(cell) for part in _whole(side)) + BESIDE
        for column in columns
    ]
    whole[0] = max(whole[0], min(longest[0], NAME + BESIDE))
    wanted = [max(least, min(each, 3 * usual)) for each, least in zip(longest, whole, strict=True)]
    room = WIDTH * POINTS / size
    if sum(wanted) > room > sum(whole):
        share = (room - sum(whole)) / (sum(wanted) - sum(whole))
        wanted = [least + share * (each - least) for each, least in zip(wanted, whole, strict=True)]
    return [round(each * room * size * TWIPS / sum(wanted)) for each in wanted]


def _em(words: str) -> float:
    return text_width(words, 1)


def _sides(cell: Told) -> list[str]:
    """The words of a cell, those before a change by themselves: a line may end after them."""
    before = "".join(
        each if isinstance(each, str) else each.shown
        for piece in cell if isinstance(piece, Change) for each in piece.old
    )  # fmt: skip
    return [text(cell), before]


def _whole(words: str) -> list[str]:
    """The parts of words that no line breaks: a number with its sign, a Latin word, a character."""
    return _UNBROKEN.findall(words) or [""]


def _is_text(rows: Sequence[Sequence[Told]], place: int) -> bool:
    """Whether a column holds words: it then stands to the left. The first one always does."""
    if place == 0:
        return True
    cells = [row[place] for row in rows]
    words = any(len(piece) > 4 for cell in cells for piece in cell if isinstance(piece, str))
    return words or not any(isinstance(p, Number | Change) for cell in cells for p in cell)
