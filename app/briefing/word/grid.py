"""Tables: a titled grid whose columns are as wide as their longest words need."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from docx.oxml.xmlchemy import BaseOxmlElement

from app.briefing.faces import HEAD
from app.briefing.parts import Change, Number, Told, text
from app.briefing.word.runs import Runs
from app.briefing.word.sheet import POINTS, TWIPS, WIDTH
from app.lettering import text_width
from app.word import element


def grid(
    head: Sequence[Sequence[Told]], rows: Sequence[Sequence[Told]], runs: Runs, size: float
) -> BaseOxmlElement:
    """A table; cells are made as XML, since that of python-docx takes a second for 45 rows."""
    columns = _widths([*head, *rows])
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


def _widths(rows: Sequence[Sequence[Told]]) -> list[int]:
    """The widths of columns in twips: as their longest words need, but no column takes all."""
    longest = [
        max(text_width(text(row[place]), 1) + 1.2 for row in rows) for place in range(len(rows[0]))
    ]
    usual = sum(longest) / len(longest)
    wanted = [min(each, 3 * usual) for each in longest]
    whole = WIDTH * POINTS * TWIPS
    return [round(each * whole / sum(wanted)) for each in wanted]


def _is_text(rows: Sequence[Sequence[Told]], place: int) -> bool:
    """Whether a column holds words: it then stands to the left. The first one always does."""
    if place == 0:
        return True
    cells = [row[place] for row in rows]
    words = any(len(piece) > 4 for cell in cells for piece in cell if isinstance(piece, str))
    return words or not any(isinstance(p, Number | Change) for cell in cells for p in cell)
