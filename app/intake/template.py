"""The workbook an analyst fills in: codes and names written out, last quarter's figures beside.

The title is in row 1, who reports in row 2, the header in row 3; the areas follow from row 4.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_range
from xlsxwriter.worksheet import Worksheet

from app import areas, audience, levels, periods
from app.areas import Unit
from app.catalogue import Catalogue, Dataset, Item, Measure
from app.errors import UnknownName
from app.i18n import t
from app.intake import template_checks, template_notes, wording
from app.intake.previous import Previous
from app.townships import Township

_WIDTHS = {"date": 12, "choice": 10, "text": 26}
TITLE_ROW, SIGN_ROW, HEADER_ROW, FIRST_ROW = 0, 1, 2, 3
Values = Mapping[str, Mapping[str, float | str | None]]


def keys(dataset: Dataset) -> tuple[str, ...]:
    """The columns that say which row is which."""
    names: dict[areas.Level, tuple[str, ...]] = {
        "county": ("area_name",), "city": (), "township": ("county_name", "area_name"),
    }  # fmt: skip
    own = ("area_code", "city_name", *names[dataset.level])
    return (*own, *(("item_id", "item_name") if dataset.items else ()), "period")


def write(
    path: Path,
    catalogue: Catalogue,
    dataset: Dataset,
    period: str,
    *,
    city_code: str | None = None,
    values: Values | None = None,
    previous: Previous | None = None,
    sign: Mapping[str, str] | None = None,
    lang: str = "zh",
) -> None:
    """Write the workbook of one dataset and quarter, for all areas or those of one city or county.

    `values` (by area code and measure id) fills cells in; `previous` puts a grey column with the
    quarter before behind each one to fill in; `sign` (unit, person, date) fills the lines for
    填报单位, 填报人 and 日期. The bytes depend on the arguments alone. Raises UnknownName for a
    city or county that does not exist, BadPeriod for a bad period.
    """
    periods.parse(period)
    units = levels.units(dataset.level).values()
    chosen = [a for a in units if city_code in (None, *_above(a))]
    if not chosen:
        raise UnknownName("error.unknown_area", name=city_code)
    options = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    with path.open("wb") as file:
        book = xlsxwriter.Workbook(file, options)
        book.set_properties({"title": dataset.label(lang), "created": dt.datetime(2023, 5, 11)})
        form = _Form(
            book,
            book.add_worksheet(dataset.label(lang)[:31]),
            _styles(book),
            catalogue,
            dataset,
            period,
            chosen,
            previous,
            lang,
        )
        _write_head(form, sign or {})
        _write_keys(form)
        _write_measures(form, values or {})
        _write_previous(form)
        template_checks.attach(
            book,
            form.sheet,
            catalogue,
            dataset,
            template_checks.Place(
                form.inputs, form.references, FIRST_ROW, form.last, period, len(form.keys)
            ),
            lang,
        )
        _set_up_page(form)
        template_notes.definitions(book, catalogue, dataset, lang)
        book.close()


def _above(unit: Unit) -> tuple[str, ...]:
    """The codes that a workbook may be asked for to hold a row of whoever reports."""
    return (unit.city_code, unit.county_code) if isinstance(unit, Township) else (unit.city_code,)


def column_label(catalogue: Catalogue, measure: Measure, lang: str) -> str:
    """A measure's header: its label, and below it the unit in brackets."""
    return t(
        "template.column_header",
        lang,
        label=measure.label(lang),
        unit=catalogue.unit(measure.unit).label(lang),
    )


@dataclass(frozen=True)
class _Form:
    """The sheet to fill in and what belongs on it."""

    book: xlsxwriter.Workbook
    sheet: Worksheet
    styles: dict[str, Format]
    catalogue: Catalogue
    dataset: Dataset
    period: str
    chosen: Sequence[Unit]
    previous: Previous | None
    lang: str

    @property
    def last(self) -> int:
        """The last row to fill in."""
        return FIRST_ROW + len(self.rows) - 1

    @property
    def keys(self) -> tuple[str, ...]:
        """The columns that say which row is which."""
        return keys(self.dataset)

    @cached_property
    def rows(self) -> list[tuple[Unit, Item | None]]:
        """Who each row is of, and of which item where there are items."""
        items: Sequence[Item | None] = self.dataset.items or [None]
        return [(area, item) for area in self.chosen for item in items]

    def name(self, measure: Measure, item: Item | None) -> str | None:
        """The name of a row's cell of a measure; None where the item has no such measure."""
        name = f"{item.id}.{measure.id}" if item else measure.id
        return name if name in self.dataset.cells else None

    @cached_property
    def references(self) -> dict[str, int]:
        """The column of the quarter before of each measure that anybody reported then."""
        return {name: self.inputs[name] + 1 for name in self._reported_before}

    @cached_property
    def inputs(self) -> dict[str, int]:
        """The column to fill in of each measure."""
        columns, column = {}, len(self.keys)
        for measure in self.dataset.measures:
            columns[measure.id] = column
            column += 2 if measure.id in self._reported_before else 1
        return columns

    @cached_property
    def _reported_before(self) -> set[str]:
        rows = [self.before(area) for area in self.chosen]
        return {
            name.rpartition(".")[2]
            for row in rows
            for name, value in row.items()
            if value is not None
        }

    def before(self, area: Unit) -> Mapping[str, float | str | None]:
        """An area's figures of the quarter before by measure id."""
        return self.previous.values.get(area.code, {}) if self.previous is not None else {}

    def room_before(self, measure: Measure) -> int:
        """The width that a measure's figures of the quarter before need."""
        if not measure.numeric:
            return 16
        pattern = ",.0f" if self.is_whole(measure) else ",.2f"
        values = (self.before(a).get(self.name(measure, i) or "") for a, i in self.rows)
        return max(8, *(len(f"{v:{pattern}}") for v in values if isinstance(v, float | int)), 0)

    @property
    def width(self) -> int:
        """The number of columns."""
        return len(self.keys) + len(self.inputs) + len(self.references)

    def look(self, measure: Measure) -> str:
        """The style of a measure's cells."""
        if measure.kind == "date":
            return "day"
        if not measure.numeric:
            return "words"
        return "whole" if self.is_whole(measure) else "decimal"

    def is_whole(self, measure: Measure) -> bool:
        """Whether only whole numbers make sense."""
        return self.catalogue.unit(measure.unit).whole


def _styles(book: xlsxwriter.Workbook) -> dict[str, Format]:
    head = {"bold": True, "text_wrap": True, "align": "center", "valign": "vcenter", "border": 1}
    locked = {"border": 1, "bg_color": "#EDEDED", "font_color": "#595959"}
    figure = {"border": 1, "align": "right"}
    looks: dict[str, dict[str, object]] = {
        "title": {"bold": True, "font_size": 16, "valign": "vcenter"},
        "label": {"align": "right", "valign": "vcenter", "shrink": True},
        "line": {"border": 1, "shrink": True, "align": "left", "valign": "vcenter"},
        "required": head | {"bg_color": "#DDEBEA"},
        "optional": head | {"bg_color": "#F3F8F7", "italic": True},
        "key": head | {"bg_color": "#DDEBEA", "font_color": "#595959"},
        "previous": head | locked | {"bold": False, "font_size": 9},
        "fixed": locked | {"num_format": "@", "shrink": True},
        "whole": figure | {"num_format": "#,##0"},
        "decimal": figure | {"num_format": "#,##0.00"},
        "day": figure | {"num_format": "yyyy-mm-dd"},
        "words": {"border": 1, "text_wrap": True, "valign": "top", "num_format": "@"},
        "previous_day": figure | locked | {"font_size": 9},
        "previous_words": locked | {"text_wrap": True, "valign": "top", "font_size": 9},
        "previous_whole": figure | locked | {"num_format": "#,##0", "font_size": 9},
        "previous_decimal": figure | locked | {"num_format": "#,##0.00", "font_size": 9},
    }
    return {name: book.add_format(look) for name, look in looks.items()}


def _write_head(form: _Form, sign: Mapping[str, str]) -> None:
    label = form.dataset.label(form.lang)
    heading = t(
        "template.title", form.lang, dataset=label, period=periods.label(form.period, form.lang)
    )
    form.sheet.write_string(TITLE_ROW, 0, heading, form.styles["title"])
    # the cells to fill in stand right of their labels; the first one is in the frozen columns
    label_style, line = form.styles["label"], form.styles["line"]
    for key, column, to in (("unit", 0, 2), ("person", 3, 5), ("date", 6, 8)):
        form.sheet.write_string(SIGN_ROW, column, t(f"template.sign_{key}", form.lang), label_style)
        form.sheet.merge_range(SIGN_ROW, column + 1, SIGN_ROW, to, "", line)
        if sign.get(key):
            form.sheet.write_string(SIGN_ROW, column + 1, sign[key], line)


def _write_keys(form: _Form) -> None:
    for column, key in enumerate(form.keys):
        form.sheet.write_string(
            HEADER_ROW, column, _key_label(form.dataset, key, form.lang), form.styles["key"]
        )
    for row, (area, item) in enumerate(form.rows, start=FIRST_ROW):
        said = {
            "area_code": area.code,
            "city_name": area.city_en if form.lang == "en" else area.city,
            "county_name": _county(area, form.lang),
            "area_name": area.label(form.lang),
            "item_id": item.id if item else "",
            "item_name": item.label(form.lang) if item else "",
            "period": form.period,
        }
        for column, key in enumerate(form.keys):
            form.sheet.write_string(row, column, said[key], form.styles["fixed"])


def _key_label(dataset: Dataset, key: str, lang: str) -> str:
    """The header of a column of keys: the name of an area is called by its level."""
    if dataset.level == "township":
        key = {"area_name": "township_name", "county_name": "area_name"}.get(key, key)
    return t(f"template.{key}", lang)


def _county(unit: Unit, lang: str) -> str:
    if not isinstance(unit, Township):
        return ""
    return unit.county_en if lang == "en" else unit.county


def _write_measures(form: _Form, values: Values) -> None:
    for measure in form.dataset.measures:
        column = form.inputs[measure.id]
        form.sheet.write_string(
            HEADER_ROW,
            column,
            column_label(form.catalogue, measure, form.lang),
            form.styles["required" if measure.required else "optional"],
        )
        text = template_notes.about(form.catalogue, form.dataset, measure, form.lang)
        size = {"width": 330, "height": 20 + 17 * wording.lines(text, 50), "font_size": 9}
        form.sheet.write_comment(HEADER_ROW, column, text, size)
        style = form.styles[form.look(measure)]
        for row, (area, item) in enumerate(form.rows, start=FIRST_ROW):
            name = form.name(measure, item)
            if name is None:
                form.sheet.write_blank(row, column, None, form.styles["fixed"])
                continue
            value = values.get(area.code, {}).get(name)
            if isinstance(value, str) and measure.kind == "date":
                form.sheet.write_datetime(row, column, dt.datetime.fromisoformat(value), style)
                continue
            if isinstance(value, str) and value in measure.choices:
                value = measure.choices[value](form.lang)
            _write_value(form.sheet, row, column, value, style)


def _write_previous(form: _Form) -> None:
    if form.previous is None:
        return
    header = [t("template.previous", form.lang), form.previous.period]
    if form.previous.sample:
        header.append(t("template.previous_sample", form.lang))
    for measure in (m for m in form.dataset.measures if m.id in form.references):
        column = form.references[measure.id]
        form.sheet.write_string(HEADER_ROW, column, "\n".join(header), form.styles["previous"])
        style = form.styles[f"previous_{form.look(measure)}"]
        for row, (area, item) in enumerate(form.rows, start=FIRST_ROW):
            value = form.before(area).get(form.name(measure, item) or "")
            if value is None:
                value = t("format.missing", form.lang)
            elif value == "not_applicable":
                value = t("value.not_applicable", form.lang)
            _write_value(form.sheet, row, column, value, style)


def _write_value(
    sheet: Worksheet, row: int, column: int, value: float | str | None, style: Format
) -> None:
    if isinstance(value, str):
        sheet.write_string(row, column, value, style)
    elif value is None:
        sheet.write_blank(row, column, None, style)
    else:
        sheet.write_number(row, column, value, style)


def _set_up_page(form: _Form) -> None:
    sheet, lang = form.sheet, form.lang
    names = [area.label(lang) for area in form.chosen]
    cities = [area.city_en if lang == "en" else area.city for area in form.chosen]
    items = [item.label(lang) for item in form.dataset.items]
    counties = [_county(area, lang) for area in form.chosen]
    widths = {
        "area_code": _widest([area.code for area in form.chosen], 8),
        "city_name": _widest(cities, 8), "county_name": _widest(counties, 8),
        "area_name": _widest(names, 12),
        "item_id": 10, "item_name": _widest(items, 12), "period": 8,
    }  # fmt: skip
    for column, key in enumerate(form.keys):
        sheet.set_column(column, column, widths[key])
    lines = 3
    for measure in form.dataset.measures:
        label = column_label(form.catalogue, measure, lang)
        least = _WIDTHS.get(measure.kind, 9 if form.is_whole(measure) else 13)
        width = max(least, 2 + wording.longest_word(label))
        sheet.set_column(form.inputs[measure.id], form.inputs[measure.id], width)
        lines = max(lines, wording.lines(label, width - 1))
        if measure.id in form.references:
            column = form.references[measure.id]
            sheet.set_column(column, column, form.room_before(measure))
    sheet.set_default_row(18)
    sheet.set_row(TITLE_ROW, 28)
    sheet.set_row(SIGN_ROW, 24)
    sheet.set_row(HEADER_ROW, 8 + 15 * lines)
    first = len(form.keys)
    sheet.freeze_panes(FIRST_ROW, first)
    sheet.set_selection(FIRST_ROW, first, FIRST_ROW, first)
    fixed = xl_range(FIRST_ROW, 0, form.last, first - 1)
    sheet.ignore_errors({"number_stored_as_text": fixed})
    sheet.print_area(TITLE_ROW, 0, form.last, form.width - 1)
    sheet.repeat_rows(TITLE_ROW, HEADER_ROW)
    template_notes.set_up_paper(sheet, form.dataset.label(lang), lang)
    if form.references:  # it holds figures that were reported
        sheet.set_header(audience.page_header(audience.mark(0, lang)))


def _widest(texts: Sequence[str], least: int) -> int:
    return min(max([least, *(wording.width(text) + 2 for text in texts)]), 30)
