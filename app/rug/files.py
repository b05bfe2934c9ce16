"""The table of all indicators as files: a coloured workbook, and CSV for those who compute."""

from __future__ import annotations

import io
from typing import Any

import xlsxwriter

from app import areas, audience, catalogue, exports, formats, palette
from app.i18n import t
from app.rug import table as tables
from app.rug import weaving
from app.rug.weaving import Row, Rug, Section

_LONG = (
    "area_code", "county", "city", "region", "period", "clause", "dataset", "indicator_id",
    "indicator", "unit", "value", "status", "verdict", "facts", "sample",
)  # fmt: skip
_NAME, _FIRST = 0, 2  # positions of the name and of the first indicator's column
_TOP = 3  # rows of text above the table
_HEADS = 3  # rows of heads
_HEAD_GROUND = "#DDEBEA"


def csv_bytes(
    table: Rug, found: dict[tuple[str, str], Any], period: str, told: str, lang: str
) -> bytes:
    """One row a county and indicator; `found` holds the values as they are, not rounded."""
    titles = [
        t(f"rug.{name}_column" if name in ("clause", "dataset", "verdict") else f"export.{name}",
          lang)
        for name in _LONG
    ]  # fmt: skip
    known = catalogue.load()
    rows = []
    for row in table.counties:
        area = areas.load()[row.county]
        names = (area.city_en, area.region_en) if lang == "en" else (area.city, area.region)
        for column, cell in zip(table.columns, row.cells, strict=True):
            dataset = known.dataset_of[column.id]
            standing = found.get((row.group, column.id))
            value = standing.value if standing is not None and cell.value is not None else ""
            rows.append(
                [
                    row.county, row.name, *names, period, dataset.clause, dataset.label(lang),
                    column.id, column.label(lang), known.unit(column.unit).label(lang), value,
                    t(f"export.status_{cell.status}", lang),
                    cell.hover if cell.status == "observed" else "", told,
                    t("sample.mark", lang) if standing is not None and standing.sample else "",
                ]
            )  # fmt: skip
    return exports.plain_csv(titles, rows)


def xlsx_bytes(table: Rug, sections: list[Section], told: dict[str, str], lang: str) -> bytes:
    """The table as shown: coloured cells with their signs, heads frozen, A4 across.

    A value is a number; its sign is part of the format, so that it can be computed with.
    """
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet(t("menu.rug", lang))
    look_of = _formats(book)
    bold = book.add_format({"bold": True, "font_size": 14})
    head = book.add_format(
        {"bold": True, "text_wrap": True, "border": 1, "bg_color": _HEAD_GROUND,
         "align": "center", "valign": "vcenter", "font_size": 9}
    )  # fmt: skip
    name = book.add_format({"border": 1})
    group = book.add_format({"border": 1, "bold": True})
    sheet.write_string(0, _NAME, told["title"], bold)
    sheet.write_string(1, _NAME, told["subtitle"])
    if told["note"]:
        note = {"bold": True, "font_color": palette.STATUSES["missed"].ink}
        sheet.write_string(2, _NAME, told["note"], book.add_format(note))
    _heads(sheet, table, head, lang)
    at = _TOP + _HEADS
    for section in sections:
        if section.heading:
            sheet.write_string(at, _NAME, section.heading, group)
            at += 1
        for row in section.rows:
            form = name if row.county else group
            sheet.write_string(at, _NAME, row.name, form)
            sheet.write_string(at, _NAME + 1, _city(row, lang), form)
            _cells(sheet, at, table, row, look_of)
            at += 1
    at += 1
    for key in weaving.legend(table, lang):
        sheet.write_string(at, _NAME, key.heading)
        for place, (look, sign, text) in enumerate(key.entries):
            shown = f"{sign} {text}".strip()
            sheet.write_string(at, _FIRST + 2 * place, shown, look_of(look, 0))
        at += 1
    sheet.write_string(at, _NAME, told["footer"])
    last = _FIRST + len(table.columns) - 1
    sheet.set_column(_NAME, _NAME, 18)
    sheet.set_column(_NAME + 1, _NAME + 1, 10)
    sheet.set_column(_FIRST, last, 8.5)
    sheet.freeze_panes(_TOP + _HEADS, _FIRST)
    sheet.repeat_rows(_TOP, _TOP + _HEADS - 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_header(audience.page_header(told["footer"]))
    book.close()
    return out.getvalue()


def _formats(book: Any) -> Any:
    """The format of a cell by its look and decimals, each made once."""
    made: dict[tuple[str, int], Any] = {}

    def look_of(look: str, decimals: int) -> Any:
        if (look, decimals) not in made:
            dress = palette.LOOKS[look]
            number = "#,##0" + ("." + "0" * decimals if decimals else "")
            sign = f'"{dress.sign} "' if dress.sign else ""
            made[look, decimals] = book.add_format(
                {"bg_color": dress.ground, "font_color": dress.ink, "align": "right",
                 "border": 1, "border_color": palette.GRID, "num_format": sign + number}
            )  # fmt: skip
        return made[look, decimals]

    return look_of


def _heads(sheet: Any, table: Rug, head: Any, lang: str) -> None:
    for place, title in ((_NAME, "export.county"), (_NAME + 1, "export.city")):
        sheet.merge_range(_TOP, place, _TOP + _HEADS - 1, place, t(title, lang), head)
    at = _FIRST
    for dataset, count in table.datasets():
        text = tables.dataset_head(table, dataset.id, lang)
        if count > 1:
            sheet.merge_range(_TOP, at, _TOP, at + count - 1, "", head)
        sheet.write_string(_TOP, at, text, head)
        at += count
    for place, column in enumerate(table.columns):
        sheet.write_string(_TOP + 1, _FIRST + place, column.short(lang), head)
        unit = tables.unit_and_aim(table, place, lang)
        sheet.write_string(_TOP + 2, _FIRST + place, unit, head)
    sheet.set_row(_TOP + 1, 40)


def _cells(sheet: Any, at: int, table: Rug, row: Row, look_of: Any) -> None:
    for place, (column, cell) in enumerate(zip(table.columns, row.cells, strict=True)):
        decimals = formats.decimals_of(column.unit, column.decimals)
        form = look_of(cell.look, decimals)
        if cell.value is None:
            sheet.write_string(at, _FIRST + place, cell.text, form)
        else:
            sheet.write_number(at, _FIRST + place, float(cell.value), form)


def _city(row: Row, lang: str) -> str:
    if not row.county:
        return ""
    area = areas.load()[row.county]
    return area.city_en if lang == "en" else area.city
