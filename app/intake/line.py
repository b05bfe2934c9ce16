"""The row that is being read: its cells, and the findings made on them."""

from __future__ import annotations

from typing import NamedTuple

from app.intake.cells import is_blank
from app.intake.headers import Header
from app.intake.tables import Cell
from app.intake.upload import Finding, Gathered


class Findings(NamedTuple):
    """What is gathered over all sheets of a file."""

    errors: Gathered
    warnings: Gathered
    notes: Gathered


class Line:
    """One row after the other of the sheet under a header.

    `cells` are the row's, `number` its number as a person sees it.
    """

    def __init__(self, header: Header, found: Findings, lang: str) -> None:
        self.header, self.found, self.lang = header, found, lang
        self.sheet = header.sheet.name
        self.cells: list[Cell] = []
        self.number = 0

    def key(self, key: str) -> Cell:
        """The cell of a key; None if it has no column."""
        position = self.header.keys.get(key)
        return None if position is None else self.cells[position]

    def position(self, *keys: str) -> int:
        """The position of the first of the keys that is filled, or else that has a column."""
        known = [self.header.keys[key] for key in keys if key in self.header.keys]
        filled = (position for position in known if not is_blank(self.cells[position]))
        return next(filled, known[0] if known else 0)

    def label(self, position: int) -> str:
        """The header of a column, or its letters if it has none."""
        labels = self.header.labels
        named = position < len(labels) and labels[position]
        return labels[position] if named else _letters(position)

    def error(
        self,
        rule: str,
        message: str,
        position: int,
        area_code: str | None = None,
        period: str | None = None,
        candidates: tuple[str, ...] = (),
        place: str = "",
    ) -> None:
        """Add an error at a cell of the row."""
        self.found.errors.add(
            self._finding(rule, message, position, area_code, period, candidates, place)
        )

    def note(
        self,
        rule: str,
        message: str,
        position: int,
        area_code: str | None = None,
        period: str | None = None,
    ) -> None:
        """Add a note at a cell of the row."""
        self.found.notes.add(self._finding(rule, message, position, area_code, period))

    def _finding(
        self,
        rule: str,
        message: str,
        position: int,
        area_code: str | None,
        period: str | None,
        candidates: tuple[str, ...] = (),
        place: str = "",
    ) -> Finding:
        return Finding(
            rule, message, self.sheet, self.number, self.label(position), self.cells[position],
            area_code, period, position, candidates, place,
        )  # fmt: skip


def _letters(position: int) -> str:
    letters = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
