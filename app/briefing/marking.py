"""What reads differently in a briefing made anew, marked as changes of its text."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import Any

from app.briefing.parts import (
    Block,
    Briefing,
    Change,
    Chart,
    Heading,
    Number,
    Paragraph,
    Piece,
    Table,
    Told,
    replaced,
    text,
)

_CLAUSE_ENDS = "，。；：、,.;:"
_ROW = " | "  # before each row of a table told in words


def marked(old: Briefing, new: Briefing) -> Briefing:
    """The new briefing with changes where its text differs from the old one.

    Taking the new side of every change gives the new text, the old side the old one, block by
    block. A heading, table or chart that is gone is told in words; a new table is so cell by cell.
    """
    blocks: list[Block] = []
    before, now = list(old.blocks), list(new.blocks)
    matcher = SequenceMatcher(
        a=[_name(b) for b in before], b=[_name(b) for b in now], autojunk=False
    )
    for tag, first, last, start, end in matcher.get_opcodes():
        if tag == "equal":
            pairs = zip(before[first:last], now[start:end], strict=True)
            blocks += [_block(one, other) for one, other in pairs]
            continue
        blocks += [Paragraph((Change(_words(gone), ()),)) for gone in before[first:last]]
        blocks += [_come(come) for come in now[start:end]]
    return replaced(new, blocks)


def _name(block: Block) -> str:
    """What tells whether two blocks are the same one: numbers do not."""
    if isinstance(block, Heading):
        return f"heading {block.level} {block.text}"
    if isinstance(block, Table):
        return f"table {block.caption} {block.head}"
    if isinstance(block, Chart):
        return f"chart {block.kind} {block.choices.indicator}"
    told = block.told
    named = [p.trace.indicator for p in told if isinstance(p, Number)]
    first = next((p for p in told if isinstance(p, str)), "")
    return f"paragraph {named[0] if named else ''} {first[:8]}"


def _words(gone: Block) -> tuple[str | Number, ...]:
    """What stood in a block, as one text."""
    if isinstance(gone, Paragraph):
        return _plain(gone.told)
    if isinstance(gone, Heading):
        return (gone.text,)
    if isinstance(gone, Chart):
        return (gone.caption,)
    words: list[str | Number] = [gone.caption]
    for row in gone.rows:
        words.append(_ROW)
        for place, cell in enumerate(row):
            words += [" "] * (place > 0) + list(_plain(cell))
    return tuple(_joined(words))


def _come(block: Block) -> Block:
    """A block that is new."""
    if isinstance(block, Paragraph):
        return Paragraph((Change((), _plain(block.told)),))
    if isinstance(block, Heading):
        return dataclasses.replace(block, new=True)
    if isinstance(block, Table):
        return dataclasses.replace(block, rows=tuple(map(_come_row, block.rows)))
    return block


def _come_row(row: tuple[Told, ...]) -> tuple[Told, ...]:
    return tuple((Change((), _plain(cell)),) if text(cell) else cell for cell in row)


def _block(old: Block, new: Block) -> Block:
    if isinstance(old, Paragraph) and isinstance(new, Paragraph):
        return Paragraph(_told(old.told, new.told))
    if isinstance(old, Table) and isinstance(new, Table):
        return dataclasses.replace(new, rows=_rows(old, new))
    return new


def _rows(old: Table, new: Table) -> tuple[tuple[Told, ...], ...]:
    """Rows by their first cell: changed cell by cell, new ones and those that are gone whole."""
    before, now = list(old.rows), list(new.rows)
    matcher = SequenceMatcher(
        a=[text(row[0]) for row in before], b=[text(row[0]) for row in now], autojunk=False
    )
    rows: list[tuple[Told, ...]] = []
    for tag, first, last, start, end in matcher.get_opcodes():
        if tag == "equal":
            for one, other in zip(before[first:last], now[start:end], strict=True):
                rows.append(tuple(_told(a, b) for a, b in zip(one, other, strict=True)))
            continue
        for row in before[first:last]:
            rows.append(tuple((Change(_plain(cell), ()),) if text(cell) else cell for cell in row))
        rows += map(_come_row, now[start:end])
    return tuple(rows)


def _told(old: Told, new: Told) -> Told:
    """A text with changes, clause by clause and number by number."""
    before, now = _cut(_plain(old)), _cut(_plain(new))
    matcher = SequenceMatcher(
        a=[_read(piece) for piece in before], b=[_read(piece) for piece in now], autojunk=False
    )
    pieces: list[Piece] = []
    for tag, first, last, start, end in matcher.get_opcodes():
        if tag == "equal":
            pieces += now[start:end]
        else:
            pieces.append(
                Change(tuple(_joined(before[first:last])), tuple(_joined(now[start:end])))
            )
    return tuple(_joined(pieces))


def _read(piece: str | Number) -> str:
    return piece if isinstance(piece, str) else f"\N{NULL}{piece.shown}"


def _cut(pieces: Sequence[str | Number]) -> list[str | Number]:
    """The same with words cut after each comma and full stop."""
    found: list[str | Number] = []
    for piece in pieces:
        if not isinstance(piece, str):
            found.append(piece)
            continue
        clause = ""
        for letter in piece:
            clause += letter
            if letter in _CLAUSE_ENDS:
                found.append(clause)
                clause = ""
        if clause:
            found.append(clause)
    return found


def _joined(pieces: Sequence[Any]) -> list[Any]:
    """The same with words that follow each other in one."""
    found: list[Any] = []
    for piece in pieces:
        if isinstance(piece, str) and found and isinstance(found[-1], str):
            found[-1] = found[-1] + piece
        else:
            found.append(piece)
    return found


def _plain(told: Told) -> tuple[str | Number, ...]:
    """A text as it stands now."""
    found: list[str | Number] = []
    for piece in told:
        found += piece.new if isinstance(piece, Change) else (piece,)
    return tuple(found)
