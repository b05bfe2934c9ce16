"""Cells of the plan's workbook: formulas with what they come to, texts that never run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from xlsxwriter.utility import xl_rowcol_to_cell

from app import periods
from app.planner.needs import Number


@dataclass(frozen=True)
class Formula:
    """A formula without its sign, and what it comes to as things are."""

    text: str
    value: float | int | str


def put(sheet: Any, row: int, column: int, value: Any, form: Any) -> None:
    """Write a formula, a number, a text that never runs, or an empty cell."""
    match value:
        case Formula(text=text, value=result):
            sheet.write_formula(row, column, f"={text}", form, result)
        case None:
            sheet.write_blank(row, column, None, form)
        case str():
            sheet.write_string(row, column, value, form)
        case _:
            sheet.write_number(row, column, value, form)


def at(row: int, column: int) -> str:
    """A cell by row and column as a formula names it."""
    return str(xl_rowcol_to_cell(row, column))


def quoted(text: str) -> str:
    """A text as a formula holds it."""
    return '"' + text.replace('"', '""') + '"'


def plain(value: Number | None) -> float | int:
    """A number as a sheet holds it; a sum of nothing is zero there."""
    if value is None:
        return 0
    return value if isinstance(value, int) else float(value)


def base(period: str) -> int:
    """A period as a running number: four times the year and the quarters before it."""
    year, quarter = periods.parse(period)
    return 4 * year + quarter - 1
