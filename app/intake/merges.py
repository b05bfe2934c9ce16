"""Merged cells: those of a city or period hold for all their rows, those of figures for none."""

from __future__ import annotations

from collections.abc import Iterable

from app.errors import UploadRejected
from app.intake.headers import Header
from app.intake.tables import Cell

MAX_COVERED = 1_000_000


class Merges:
    """The merged cells below a header."""

    def __init__(self, header: Header, keys: Iterable[int], file: str) -> None:
        rows = header.sheet.rows
        self._keys: dict[int, dict[int, Cell]] = {}
        self._figures: dict[int, dict[int, tuple[int, int]]] = {}
        key_columns = set(keys)
        figure_columns = {column.position for column in header.columns.values()}
        covered = 0
        for top, left, bottom, right in header.sheet.merged:
            if top <= header.last or top >= len(rows) or left >= len(rows[top]):
                continue
            last = min(bottom, len(rows) - 1)
            columns = [column for column in figure_columns if left <= column <= right]
            covered += (last - top + 1) * (len(columns) + 1)
            if covered > MAX_COVERED:
                raise UploadRejected("upload.too_large", file=file)
            for column in key_columns & {left}:
                for row in range(top + 1, last + 1):
                    self._keys.setdefault(row, {})[column] = rows[top][left]
            for row in range(top, last + 1):
                for column in columns:
                    self._figures.setdefault(row, {})[column] = (top, left)

    def filled(self, row: int, cells: list[Cell]) -> list[Cell]:
        """A row with the keys that are merged from above."""
        if row not in self._keys:
            return cells
        cells = list(cells)
        for column, value in self._keys[row].items():
            cells[column] = value
        return cells

    def holds(self, row: int) -> bool:
        """Whether any figure of a row is part of a merged cell."""
        return row in self._figures

    def first(self, row: int, column: int) -> tuple[int, int] | None:
        """The first row and column of the merged cell that a figure is part of."""
        return self._figures.get(row, {}).get(column)
