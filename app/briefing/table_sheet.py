"""A sheet of one table: numbers from the sheet of data, and what a column of areas comes to."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from app import catalogue, formats, lettering
from app.briefing import traced
from app.briefing.data_sheet import FIRST, HEAD, LEADING, Data
from app.briefing.parts import Table
from app.briefing.printed import Printed, cell
from app.cells import Formula, at, put
from app.i18n import t

WIDEST, NARROWEST = 44, 9  # characters
WIDE = 1.9  # characters that a Chinese one takes
_FEWEST = 3  # numbers of a column that are worth a largest and a smallest

Form = Callable[..., Any]  # a format of the workbook by its name


def write(sheet: Any, table: Table, data: Data, form: Form) -> None:
    """Write head, rows, what the columns come to, and the note."""
    lang = data.lang
    rows = [[cell(told, lang) for told in row] for row in table.rows]
    last = FIRST + len(rows) - 1
    foot, heights = last, [1] * (len(rows) + 1)
    for column, head in enumerate(table.head):
        cells = [row[column] if column < len(row) else Printed("") for row in rows]
        unit = _unit(cells, lang)
        numeric = any(each.trace is not None for each in cells)
        if unit and unit not in head:
            head = t("template.header", lang, label=head, unit=unit)
        width = _width(head, cells)
        for place, text in enumerate([head, *(each.text for each in cells)]):
            heights[place] = max(heights[place], len(lettering.wrap(text, width - 1, WIDE)))
        sheet.set_column(column, column, width)
        sheet.write_string(HEAD, column, head, form("head"))
        for row, shown in enumerate(cells, start=FIRST):
            if shown.trace is None:
                kind = "right" if column and numeric else "wrap"
                sheet.write_string(row, column, shown.text, form(kind, "", shown.changed))
            else:
                style = shown.number_format(lang, bare=bool(unit))
                put(
                    sheet, row, column, data.linked(shown.trace),
                    form("right", style, shown.changed),
                )  # fmt: skip
        foot = max(foot, _foot(sheet, (column, last), cells, data, form))
    for row, lines in enumerate(heights, start=HEAD):
        sheet.set_row(row, LEADING * lines + 1)
    if table.note:
        sheet.write_string(foot + 1, 0, table.note)
    sheet.freeze_panes(FIRST, 1)
    sheet.repeat_rows(HEAD)


def _foot(
    sheet: Any, place: tuple[int, int], cells: Sequence[Printed], data: Data, form: Form
) -> int:
    """Below a column of one indicator of several areas, what it comes to: never a mean of rates.

    Returns the last row that is used.
    """
    column, last = place
    known = [each for each in cells if each.trace is not None]
    traces = [each.trace for each in known if each.trace is not None]
    same = {(x.indicator, x.quantity, x.level, x.period, x.vintage) for x in traces}
    areas = {x.area_code for x in traces}
    if len(traces) < _FEWEST or len(same) > 1 or len(areas) < len(traces):
        return last
    if traces[0].quantity != "value":
        return last
    values = [value for x in traces if (value := data.values[x]) is not None]
    block = f"{at(FIRST, column)}:{at(last, column)}"
    style = form("right", f"{formats.cell(known[0].decimals)}")
    rows = [
        ("known", f"COUNT({block})", len(values), form("right", formats.cell(0))),
        ("largest", f"MAX({block})", max(values), style),
        ("smallest", f"MIN({block})", min(values), style),
    ]
    indicator = catalogue.load().indicators.get(traces[0].indicator)
    if indicator is not None and indicator.denominator is None:
        rows.append(("total", f"SUM({block})", math.fsum(values), style))
    for row, (name, text, value, made) in enumerate(rows, start=last + 2):
        sheet.write_string(row, 0, t(f"native.sheet.{name}", data.lang), form("text"))
        put(sheet, row, column, Formula(text, value), made)
    return last + 1 + len(rows)


def _unit(cells: Sequence[Printed], lang: str) -> str:
    """The unit that stands behind every number of a column, and can go to its head."""
    known = [each for each in cells if each.trace is not None and each.digits]
    units = {each.after.strip() for each in known}
    own = {traced.unit(each.trace, lang) for each in known if each.trace is not None}
    return units.pop() if len(units) == 1 and units == own else ""


def _width(head: str, cells: Sequence[Printed]) -> float:
    """The width of a column in characters: its longest cell, and half of its head."""
    wanted = [lettering.text_width(each.text, WIDE) for each in cells]
    wanted.append(lettering.text_width(head, WIDE) / 2 + 2)
    return min(WIDEST, max(NARROWEST, max(wanted) + 2))
