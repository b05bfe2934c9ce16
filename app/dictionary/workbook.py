"""The dictionary as a workbook: indicators, measures, and standards with their sources."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import xlsxwriter

from app import notice, palette
from app.dictionary import facts
from app.dictionary.entries import Dictionary, IndicatorEntry, MeasureEntry
from app.i18n import t

A4 = 9
# Columns with their widths, by sheet
INDICATORS = {
    "label": 22, "id": 20, "label_en": 26, "dataset": 16, "clause_column": 6, "definition": 40,
    "formula": 36, "unit": 10, "direction": 13, "period": 26, "grouping": 24, "target": 10,
    "target_year": 9, "target_source": 34, "caveat": 40, "measures": 40, "standards": 40,
    "clause": 34, "reported_by": 26,
}  # fmt: skip
MEASURES = {
    "label": 24, "id": 30, "label_en": 26, "dataset": 16, "clause_column": 6, "definition": 50,
    "unit": 12, "kind": 10, "used_by": 34, "standards": 40, "reported_by": 26,
}  # fmt: skip
STANDARDS = {
    "measure": 28, "year": 8, "area_class_column": 14, "value": 10, "unit": 12, "status_column": 20,
    "source": 70,
}  # fmt: skip


def made(dictionary: Dictionary) -> bytes:
    """The dictionary as a workbook in its language; no text in it is a formula."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"strings_to_formulas": False, "strings_to_urls": False})
    lang = dictionary.lang
    _sheet(book, "indicators", INDICATORS, [_indicator(e, lang) for e in dictionary.indicators],
           dictionary, pages=3)  # fmt: skip
    _sheet(book, "measures", MEASURES, [_measure(e, lang) for e in dictionary.measures],
           dictionary, pages=2)  # fmt: skip
    standards = [
        {
            "measure": s.measure, "year": s.year, "area_class_column": s.area_class,
            "value": s.value, "unit": s.unit, "status_column": s.status, "source": s.source,
        }
        for s in facts.all_standards(dictionary)
    ]  # fmt: skip
    _sheet(book, "standards", STANDARDS, standards, dictionary, pages=1)
    book.close()
    return out.getvalue()


def _indicator(entry: IndicatorEntry, lang: str) -> dict[str, Any]:
    target = entry.target
    return {fact.key: "\n".join(fact.lines) for fact in facts.facts(entry, lang)} | {
        "label": entry.label,
        "label_en": entry.label_en,
        "clause_column": notice.number(entry.clause, lang),
        "target": target.value if target else t("page.no_target", lang),
        "target_year": target.year if target else "",
        "target_source": target.source if target else "",
    }


def _measure(entry: MeasureEntry, lang: str) -> dict[str, Any]:
    return {fact.key: "\n".join(fact.lines) for fact in facts.facts(entry, lang)} | {
        "label": entry.label,
        "clause_column": notice.number(entry.clause, lang),
    }


def _sheet(
    book: Any, name: str, columns: dict[str, int], rows: Sequence[dict[str, Any]],
    dictionary: Dictionary, *, pages: int,
) -> None:  # fmt: skip
    lang = dictionary.lang
    wanted = {key: width for key, width in columns.items() if key != "label_en" or lang != "en"}
    sheet = book.add_worksheet(t(f"dictionary.sheet.{name}", lang))
    head = book.add_format(
        {"bold": True, "text_wrap": True, "border": 1, "valign": "vcenter",
         "bg_color": palette.TABLE_HEAD}
    )  # fmt: skip
    cell = book.add_format({"border": 1, "text_wrap": True, "valign": "top"})
    for column, (key, width) in enumerate(wanted.items()):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, t(f"dictionary.{key}", lang), head)
    for number, row in enumerate(rows, start=1):
        for column, key in enumerate(wanted):
            value = row.get(key, "")
            if isinstance(value, str):
                sheet.write_string(number, column, value, cell)
            else:
                sheet.write_number(number, column, value, cell)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, max(len(rows), 1), len(wanted) - 1)
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.repeat_rows(0)
    if pages > 1:
        sheet.repeat_columns(0)
    sheet.fit_to_pages(pages, 0)
    sheet.set_footer(t("dictionary.footer", lang))
