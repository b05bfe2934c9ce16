"""Tables as files: CSV that opens right in Excel, and workbooks; each says where it is from."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd
import xlsxwriter

from app import audience, catalogue, formats, formula_words, palette, periods, townships
from app.areas import Level
from app.catalogue import Dataset, Indicator
from app.i18n import t
from app.serving import Serving

if TYPE_CHECKING:
    from pandas.io.formats.style import Styler

CITY, RANK = 1, 2  # positions of the columns after the county's name
formula_in_words = formula_words.in_words


class Figure(NamedTuple):
    """A number of a workbook's cell, with its decimals and the sign that stands before it."""

    value: float
    decimals: int
    sign: str = ""


# what stands in a column of numbers for a cell that has another mark than the missing one
_STAND_INS = {"not_applicable": -math.inf, "suppressed": -1e15}


def facts(source: Serving, period: str, scope: str, lang: str) -> list[str]:
    """The lines that stand above every exported table: period, scope, vintage with its mark."""
    return [
        periods.label(period, lang),
        scope,
        origin(source, lang),
    ]


def vintage(source: Serving, lang: str) -> str:
    """The vintage; a past one says so."""
    key = "export.past_vintage" if source.past else "export.vintage"
    return t(key, lang, vintage=source.vintage)


def origin(source: Serving, lang: str) -> str:
    """The vintage as figures and files name it, with the mark for whom they are."""
    mark = audience.mark(source.hidden_below, lang)
    return t("export.origin", lang, vintage=vintage(source, lang), mark=mark)


def county_table(rows: pd.DataFrame, dataset: Dataset, ranked_by: str, lang: str) -> pd.DataFrame:
    """Counties down, indicators across, best first on one indicator; no value is NaN.

    `rows` is the county frame of all indicators of the dataset.
    """
    values = rows.pivot(index="area_code", columns="indicator_id", values="value")
    lead = rows[rows["indicator_id"] == ranked_by].set_index("area_code")
    lead = lead.sort_values(["rank", "value"], ascending=[True, False], na_position="last")
    level = _level(rows, dataset)
    by_city = level == "city"
    table = pd.DataFrame(
        {
            area_heading(level, lang): lead["area_name"],
            place_heading(level, lang): lead["region" if by_city else "city_name"],
            t("export.rank", lang): lead["rank"],
        }
    )
    for indicator in _leading(dataset, ranked_by):
        table[column_name(indicator, lang)] = values[indicator.id].reindex(table.index)
    return table


def place(rank: Any, tied: bool, lang: str) -> str:
    """A rank as a cell of a table, filled with blanks so that a reader's sorting is by number."""
    if pd.isna(rank):
        return ""
    return t("export.place_tied" if tied else "export.place", lang, rank=f"{int(rank):>4}")


def area_heading(level: Level, lang: str) -> str:
    """The heading of a column of those who are listed."""
    return t(f"export.{level}", lang)


def place_heading(level: Level, lang: str) -> str:
    """The heading of the column of where each of them lies; of a township the county."""
    above = {"township": "county", "county": "city", "city": "region"}
    return t(f"export.{above[level]}", lang)


def _level(rows: pd.DataFrame, dataset: Dataset) -> Level:
    """Who the rows are: of what townships report they are these or whole counties."""
    if dataset.level != "township":
        return dataset.level
    return "township" if rows["area_code"].isin(townships.load()).all() else "county"


def _long_titles(rows: pd.DataFrame, dataset: Dataset, lang: str) -> list[str]:
    level = _level(rows, dataset)
    of_towns = {"county": area_heading(level, lang), "city": place_heading(level, lang)}
    return [
        of_towns[name] if level == "township" and name in of_towns else t(f"export.{name}", lang)
        for name in _LONG
    ]


def presented(
    table: pd.DataFrame, rows: pd.DataFrame, dataset: Dataset, lang: str
) -> pd.DataFrame | Styler:
    """The table as a page shows it: rounded, styled only for marks of their own or a minus.

    A style doubles what goes to the browser. A cell without a number gets none there, only the one
    placeholder for missing; what is not applicable or hidden is therefore a number below all
    others, which sorts last.
    """
    silent = rows[rows["status"].isin(list(_STAND_INS))]
    marked: dict[str, dict[str, float]] = {}
    for code, name, status in zip(
        silent["area_code"], silent["indicator_id"], silent["status"], strict=True
    ):
        marked.setdefault(name, {})[code] = _STAND_INS[status]
    rounded = {}
    for indicator in dataset.indicators:
        name, decimals = column_name(indicator, lang), _decimals(indicator)
        stands_in = marked.get(indicator.id, {})
        rounded[name] = [
            stands_in[code] if code in stands_in
            else float(formats.rounded(v, decimals)) if math.isfinite(v) else v
            for code, v in zip(table.index, table[name], strict=True)
        ]  # fmt: skip
    table = table.assign(**rounded)
    below = any(value < 0 for values in rounded.values() for value in values)
    if silent.empty and not below:
        return table
    missing = formats.mark("missing", lang)
    style = table.style.format(na_rep=missing, precision=0)
    for indicator in dataset.indicators:
        shown = partial(_shown, _decimals(indicator), lang)
        style = style.format(shown, subset=[column_name(indicator, lang)], na_rep=missing)
    return style


def number_formats(dataset: Dataset, lang: str) -> dict[str, str]:
    """How the browser writes the numbers of each indicator's column."""
    return {
        column_name(i, lang): f"%.{_decimals(i)}f" if _decimals(i) else "localized"
        for i in dataset.indicators
    }


def _decimals(indicator: Indicator) -> int:
    return formats.decimals_of(indicator.unit, indicator.decimals)


def _shown(decimals: int, lang: str, value: float) -> str:
    for mark, stand_in in _STAND_INS.items():
        if value == stand_in:
            return formats.mark(mark, lang)
    return formats.number(value, decimals)


def column_name(indicator: Indicator, lang: str) -> str:
    """An indicator as a column: its short label with the unit in brackets."""
    unit = catalogue.load().unit(indicator.unit).label(lang)
    return t("template.header", lang, label=indicator.short(lang), unit=unit)


def csv_bytes(rows: pd.DataFrame, dataset: Dataset, told: list[str], lang: str) -> bytes:
    """One row a county and indicator, in UTF-8 with a byte order mark; rates are not rounded."""
    titles = _long_titles(rows, dataset, lang)
    return plain_csv(titles, _long(rows, dataset, told, lang))


def plain_csv(titles: list[str], rows: Iterable[list[Any]]) -> bytes:
    """A table in UTF-8 with a byte order mark; no text of it runs as a formula."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(titles)
    for row in rows:
        writer.writerow([harmless(cell) if isinstance(cell, str) else cell for cell in row])
    return out.getvalue().encode("utf-8-sig")


def xlsx_bytes(rows: pd.DataFrame, dataset: Dataset, told: list[str], lang: str) -> bytes:
    """A workbook with the table as shown and a sheet with every numerator and denominator."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"strings_to_formulas": False, "strings_to_urls": False})
    head = book.add_format(
        {"bold": True, "text_wrap": True, "border": 1, "bg_color": palette.TABLE_HEAD}
    )
    text = book.add_format({"border": 1})
    bold = book.add_format({"bold": True, "font_size": 14})
    sample = book.add_format({"bold": True, "font_color": "#B23A00"})
    sheet = book.add_worksheet(t("export.table", lang))
    sheet.write_string(0, 0, dataset.label(lang), bold)
    sheet.write_string(1, 0, " · ".join(told))
    if bool(rows["sample"].any()):
        sheet.write_string(2, 0, t("figure.sample_note", lang), sample)
    table = county_table(rows, dataset, dataset.indicators[0].id, lang)
    status = rows.pivot(index="area_code", columns="indicator_id", values="status")
    for column, name in enumerate(table.columns):
        sheet.write_string(3, column, name, head)
    for row, (code, record) in enumerate(table.iterrows(), start=4):
        for column, value in enumerate(record):
            if isinstance(value, str):
                sheet.write_string(row, column, value, text)
                continue
            if column <= RANK:
                value, kind, form = value, "missing", book.add_format({"border": 1})
            else:
                indicator = _leading(dataset, dataset.indicators[0].id)[column - RANK - 1]
                kind = str(status[indicator.id].loc[str(code)])
                decimals = formats.decimals_of(indicator.unit, indicator.decimals)
                form = book.add_format({"border": 1, "num_format": formats.cell(decimals)})
            if pd.isna(value):
                sheet.write_string(row, column, formats.mark(kind, lang), form)
            else:
                sheet.write_number(row, column, float(value), form)
    sheet.set_column(0, 1, 16)
    sheet.set_column(2, len(table.columns) - 1, 13)
    sheet.freeze_panes(4, 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    parts = book.add_worksheet(t("export.parts", lang))
    for column, title in enumerate(_long_titles(rows, dataset, lang)):
        parts.write_string(0, column, title, head)
    for row, values in enumerate(_long(rows, dataset, told, lang), start=1):
        for column, value in enumerate(values):
            if isinstance(value, float | int):
                parts.write_number(row, column, value)
            else:
                parts.write_string(row, column, value)
    parts.freeze_panes(1, 0)
    parts.set_column(0, len(_LONG) - 1, 14)
    for each in (sheet, parts):
        each.set_header(audience.page_header(told[-1]))
    book.close()
    return out.getvalue()


_LONG = (
    "area_code", "county", "city", "region", "period", "indicator_id", "indicator", "unit", "value",
    "numerator", "denominator", "status", "change_previous", "change_year", "facts", "sample",
)  # fmt: skip


def _long(rows: pd.DataFrame, dataset: Dataset, told: list[str], lang: str) -> list[list[Any]]:
    known = catalogue.load()
    out = []
    for row in rows.to_dict("records"):
        indicator = known.indicator(row["indicator_id"])
        out.append(
            [
                row["area_code"], row["area_name"], row["city_name"], row["region"], told[0],
                indicator.id, indicator.label(lang), known.unit(indicator.unit).label(lang),
                _plain(row["value"]), _plain(row["numerator"]), _plain(row["denominator"]),
                t(f"export.status_{row['status']}", lang), _plain(row["change_previous"]),
                _plain(row["change_year"]), " · ".join(told[1:]),
                t("sample.mark", lang) if row["sample"] else "",
            ]
        )  # fmt: skip
    return out


def plain_xlsx(
    sheet_name: str,
    above: list[str],
    titles: list[str],
    rows: Iterable[list[Any]],
    note: str = "",
    printed: str = "",
) -> bytes:
    """A workbook of one table: the lines above it, the first of them bold, and a warning in colour.

    `printed` stands at the head of each page on paper.
    A cell is a text, a number, None or a Figure; no text of it runs as a formula.
    """
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet(sheet_name)
    for at, line in enumerate(above):
        bold = book.add_format({"bold": True, "font_size": 14})
        sheet.write_string(at, 0, line, bold if at == 0 else None)
    if note:
        colour = {"bold": True, "font_color": palette.STATUSES["missed"].ink}
        sheet.write_string(len(above), 0, note, book.add_format(colour))
    top = len(above) + 1
    head = {"bold": True, "text_wrap": True, "border": 1, "bg_color": palette.TABLE_HEAD}
    for column, title in enumerate(titles):
        sheet.write_string(top, column, title, book.add_format(head))
    made: dict[tuple[int, str], Any] = {}
    text = book.add_format({"border": 1})
    for at, row in enumerate(rows, start=top + 1):
        for column, cell in enumerate(row):
            if isinstance(cell, Figure):
                if cell[1:] not in made:
                    sign = f'"{cell.sign} "' if cell.sign else ""
                    form = {"border": 1, "num_format": sign + formats.cell(cell.decimals)}
                    made[cell.decimals, cell.sign] = book.add_format(form)
                form = made[cell.decimals, cell.sign]
                sheet.write_number(at, column, cell.value, form)
            elif isinstance(cell, int | float):
                sheet.write_number(at, column, cell, text)
            else:
                sheet.write_string(at, column, cell or "", text)
    sheet.set_column(0, 0, 22)
    sheet.set_column(1, max(len(titles) - 1, 1), 13)
    sheet.freeze_panes(top + 1, 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_header(audience.page_header(printed))
    book.close()
    return out.getvalue()


def harmless(text: str) -> str:
    """Text that a spreadsheet would take for a formula, with an apostrophe before it."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def _plain(value: Any) -> float | int | str:
    if value is None or not math.isfinite(value):
        return ""
    return int(value) if float(value).is_integer() else float(value)


def _leading(dataset: Dataset, first: str) -> list[Indicator]:
    return sorted(dataset.indicators, key=lambda i: i.id != first)
