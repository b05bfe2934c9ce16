"""The workbook an analyst fills in: codes and names written out, numbers checked as typed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from pathlib import Path

import xlsxwriter

from app import areas, periods
from app.areas import Area
from app.catalogue import Catalogue, Dataset, Measure
from app.errors import UnknownName
from app.i18n import t

TITLE_ROW, SIGN_ROW, HEADER_ROW, FIRST_ROW = 0, 1, 2, 3


def write(
    path: Path,
    catalogue: Catalogue,
    dataset: Dataset,
    period: str,
    *,
    city_code: str | None = None,
    values: Mapping[str, Mapping[str, float | str | None]] | None = None,
    sign: Mapping[str, str] | None = None,
    lang: str = "zh",
) -> None:
    """Write the workbook of one dataset and quarter, for all areas or those of one city.

    `values` (by area code and measure id) fills cells in; `sign` fills the lines for 填报单位,
    填报人 and 日期. The bytes depend on the arguments alone. Raises UnknownName for a city that
    does not exist, BadPeriod for a bad period.
    """
    periods.parse(period)
    chosen = [a for a in areas.load().values() if city_code in (None, a.city_code)]
    if not chosen:
        raise UnknownName(t("error.unknown_area", lang, name=city_code))
    options = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    with path.open("wb") as file:
        book = xlsxwriter.Workbook(file, options)
        book.set_properties({"title": dataset.label(lang), "created": dt.datetime(2023, 5, 11)})
        _form(book, catalogue, dataset, period, chosen, values or {}, sign or {}, lang)
        _definitions(book, catalogue, dataset, lang)
        book.close()


def column_label(catalogue: Catalogue, measure: Measure, lang: str) -> str:
    """A measure's header: its label, and below it the unit in brackets."""
    return t(
        "template.column_header",
        lang,
        label=measure.label(lang),
        unit=catalogue.unit(measure.unit).label(lang),
    )


def _form(
    book: xlsxwriter.Workbook,
    catalogue: Catalogue,
    dataset: Dataset,
    period: str,
    chosen: Iterable[Area],
    values: Mapping[str, Mapping[str, float | str | None]],
    sign: Mapping[str, str],
    lang: str,
) -> None:
    sheet = book.add_worksheet(dataset.label(lang)[:31])
    title = book.add_format({"bold": True, "font_size": 16})
    small = book.add_format({"font_color": "#595959"})
    head = book.add_format(
        {
            "bold": True,
            "text_wrap": True,
            "align": "center",
            "valign": "vcenter",
            "border": 1,
            "bg_color": "#DDEBEA",
        }
    )
    optional = book.add_format(
        {
            "bold": True,
            "italic": True,
            "text_wrap": True,
            "align": "center",
            "valign": "vcenter",
            "border": 1,
            "bg_color": "#EEEEEE",
        }
    )
    fixed = book.add_format({"border": 1, "bg_color": "#F5F5F5", "num_format": "@"})
    whole = book.add_format({"border": 1, "num_format": "#,##0"})
    decimal = book.add_format({"border": 1, "num_format": "#,##0.##"})
    heading = t(
        "template.title", lang, dataset=dataset.label(lang), period=periods.label(period, lang)
    )
    sheet.write_string(TITLE_ROW, 0, heading, title)
    line = t("template.sign", lang, **{k: sign.get(k, "") for k in ("unit", "person", "date")})
    sheet.write_string(SIGN_ROW, 0, line, small)
    keys = ("area_code", "city_name", "area_name", "period")
    for column, key in enumerate(keys):
        sheet.write_string(HEADER_ROW, column, t(f"template.{key}", lang), head)
    last = FIRST_ROW
    for offset, area in enumerate(chosen):
        last = FIRST_ROW + offset
        city = area.city_en if lang == "en" else area.city
        for column, text in enumerate((area.code, city, area.label(lang), period)):
            sheet.write_string(last, column, text, fixed)
    for column, measure in enumerate(dataset.measures, start=len(keys)):
        unit = catalogue.unit(measure.unit)
        sheet.write_string(
            HEADER_ROW,
            column,
            column_label(catalogue, measure, lang),
            head if measure.required else optional,
        )
        sheet.write_comment(HEADER_ROW, column, measure.definition(lang), {"x_scale": 2.2})
        form = whole if unit.whole else decimal
        for offset, area in enumerate(chosen):
            value = values.get(area.code, {}).get(measure.id)
            if isinstance(value, str):
                sheet.write_string(FIRST_ROW + offset, column, value, form)
            elif value is None:
                sheet.write_blank(FIRST_ROW + offset, column, None, form)
            else:
                sheet.write_number(FIRST_ROW + offset, column, value, form)
        sheet.data_validation(
            FIRST_ROW,
            column,
            last,
            column,
            {
                "validate": "integer" if unit.whole else "decimal",
                "criteria": ">=",
                "value": measure.minimum,
                "error_type": "warning",
                "error_title": t("template.check_title", lang),
                "error_message": t(
                    "template.check_whole" if unit.whole else "template.check_number", lang
                ),
            },
        )
    columns = len(keys) + len(dataset.measures)
    sheet.set_default_row(18)
    sheet.set_row(TITLE_ROW, 26)
    sheet.set_row(HEADER_ROW, 48)
    sheet.set_column(0, 0, 10)
    sheet.set_column(1, 2, 14)
    sheet.set_column(3, 3, 9)
    sheet.set_column(len(keys), columns - 1, 13)
    sheet.freeze_panes(FIRST_ROW, len(keys))
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(TITLE_ROW, HEADER_ROW)
    sheet.set_footer("&C&P / &N")


def _definitions(
    book: xlsxwriter.Workbook, catalogue: Catalogue, dataset: Dataset, lang: str
) -> None:
    sheet = book.add_worksheet(t("template.definitions", lang))
    head = book.add_format({"bold": True, "border": 1, "bg_color": "#DDEBEA"})
    cell = book.add_format({"text_wrap": True, "valign": "top", "border": 1})
    for column, key in enumerate(
        ("measure", "name", "unit_column", "kind", "definition", "column")
    ):
        sheet.write_string(0, column, t(f"template.{key}", lang), head)
    for row, measure in enumerate(dataset.measures, start=1):
        texts = (
            measure.id,
            measure.label(lang),
            catalogue.unit(measure.unit).label(lang),
            t(f"template.kind_{measure.kind}", lang),
            measure.definition(lang),
            t("template.required" if measure.required else "template.optional", lang),
        )
        for column, text in enumerate(texts):
            sheet.write_string(row, column, text, cell)
    row = len(dataset.measures) + 2
    for note in (1, 2, 3):
        sheet.write_string(row + note, 0, t(f"template.note_{note}", lang))
    sheet.set_column(0, 0, 26)
    sheet.set_column(1, 3, 18)
    sheet.set_column(4, 4, 70, cell)
    sheet.set_column(5, 5, 12)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
