"""Cells of workbooks: formulas with what they come to, texts that never run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from xlsxwriter.utility import xl_rowcol_to_cell

A4 = 9  # the paper, as a sheet names it
SAFE = {"strings_to_formulas": False, "strings_to_urls": False}  # options of every workbook


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


def at(row: int, column: int, sheet: str = "") -> str:
    """A cell by row and column as a formula names it, of another sheet where that is named."""
    name = str(xl_rowcol_to_cell(row, column))
    return "'" + sheet.replace("'", "''") + "'!" + name if sheet else name


def quoted(text: str) -> str:
    """A text as a formula holds it."""
    return '"' + text.replace('"', '""') + '"'
