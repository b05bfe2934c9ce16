"""A briefing as a workbook: text, tables and charts, all numbers taken from one sheet of data."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator, Mapping
from typing import Any

import xlsxwriter

from app import audience, formats, lettering, palette, periods
from app.briefing import chart_sheet, table_sheet, traced
from app.briefing.data_sheet import FIRST, HEAD, LEADING, WIDTHS, Data
from app.briefing.parts import (
    Block,
    Briefing,
    Chart,
    Heading,
    Number,
    Paragraph,
    Table,
    Trace,
    replaced,
)
from app.briefing.printed import number
from app.briefing.runs import Run, runs, sentences, words
from app.cells import A4, SAFE, put
from app.i18n import t

TYPEFACE = "Microsoft YaHei"  # named, not shipped: other systems put their own
TEXT_WIDTH, ABOUT_WIDTH = 70, 100  # of the columns of sentences and of remarks, in characters
_BASES: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 14},
    "sample": {"bold": True, "font_color": palette.STATUSES["missed"].ink},
    "muted": {"font_color": palette.MUTED},
    "bold": {"bold": True},
    "head": {
        "bold": True, "text_wrap": True, "border": 1, "valign": "vcenter",
        "bg_color": palette.TABLE_HEAD,
    },
    "text": {"border": 1, "valign": "vcenter"},
    "wrap": {"border": 1, "text_wrap": True, "valign": "top"},
    "section": {"border": 1, "bold": True, "bg_color": palette.GRID, "valign": "vcenter"},
    "right": {"border": 1, "align": "right", "valign": "vcenter"},
    "note": {"text_wrap": True, "valign": "top"},
    "link": {"font_color": palette.SERIES[0].colour, "underline": 1},
}  # fmt: skip


class Formats:
    """The formats of a workbook, each made once."""

    def __init__(self, book: Any) -> None:
        self.book, self.made = book, dict[tuple[str, str, bool], Any]()

    def __call__(self, name: str, number_format: str = "", changed: bool = False) -> Any:
        """A format by its name, for a number, and with the ground of what has changed."""
        key = (name, number_format, changed)
        if key not in self.made:
            found = dict(_BASES[name])
            if number_format:
                found["num_format"] = number_format
            if changed:
                found["bg_color"] = palette.INPUT
            self.made[key] = self.book.add_format(found)
        return self.made[key]


def made(briefing: Briefing, pictures: Mapping[Chart, bytes]) -> bytes:
    """The workbook of a briefing; `pictures` are those of charts that have no native form."""
    lang = briefing.request.lang
    out = io.BytesIO()
    usual = {"font_name": TYPEFACE, "font_size": 10}
    book = xlsxwriter.Workbook(out, {**SAFE, "default_format_properties": usual})
    day = dt.datetime.fromisoformat(briefing.made)
    name = t("menu.name", lang)
    book.set_properties(
        {"title": briefing.title, "subject": briefing.subtitle, "author": name, "created": day}
    )
    form = Formats(book)
    numbered = list(_numbered(briefing))
    about, text = t("native.sheet.about", lang), t("native.sheet.text", lang)
    data = Data(briefing, t("native.sheet.data", lang), _places(briefing, numbered))
    sheets = {each: _sheet(book, briefing, each, form) for each in (about, text)}
    _text(sheets[text], briefing, data, form)
    for name, block in numbered:
        sheet = _sheet(
            book,
            briefing,
            name,
            form,
            block.caption,
            traced.facts(briefing, _numbers(briefing, block)),
        )
        if isinstance(block, Table):
            table_sheet.write(sheet, block, data, form)
        else:
            chart_sheet.write(book, sheet, name, block, data, form, pictures.get(block))
    told = _sheet(book, briefing, data.sheet, form)
    data.write(told, form)
    told.ignore_errors({"number_stored_as_text": "A1:P1048576"})  # codes of areas
    told.freeze_panes(FIRST, 4)
    told.repeat_rows(HEAD)
    for column, width in enumerate(WIDTHS.values()):
        told.set_column(column, column, width)
    _about(sheets[about], briefing, numbered, (text, data.sheet), form)
    book.close()
    return out.getvalue()


def _numbered(briefing: Briefing) -> Iterator[tuple[str, Table | Chart]]:
    """The tables and charts with the names of their sheets."""
    counts = {Table: 0, Chart: 0}
    for block in briefing.blocks:
        if isinstance(block, Table | Chart):
            counts[type(block)] += 1
            key = "table" if isinstance(block, Table) else "chart"
            number = counts[type(block)]
            yield t(f"native.sheet.{key}", briefing.request.lang, number=number), block


def _numbers(briefing: Briefing, block: Block) -> list[Number]:
    return replaced(briefing, [block]).numbers()


def _places(briefing: Briefing, numbered: list[tuple[str, Table | Chart]]) -> dict[Trace, str]:
    """Where each number first stands."""
    names = iter(numbered)
    found: dict[Trace, str] = {}
    for block in briefing.blocks:
        inside = isinstance(block, Table | Chart)
        place = next(names)[0] if inside else t("native.sheet.text", briefing.request.lang)
        for each in _numbers(briefing, block):
            found.setdefault(each.trace, place)
    return found


def _sheet(
    book: Any, briefing: Briefing, name: str, form: Formats, caption: str = "", facts: str = "",
) -> Any:  # fmt: skip
    """A sheet with its title, quarter, source, mark and sample mark, ready for print."""
    lang = briefing.request.lang
    sheet = book.add_worksheet(name)
    sheet.write_string(0, 0, caption or briefing.title, form("title"))
    sheet.write_string(1, 0, facts or traced.facts(briefing), form("muted"))
    if briefing.sample:
        sheet.write_string(2, 0, t("figure.sample_note", lang), form("sample"))
    sheet.set_default_row(LEADING)
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    title = briefing.title.replace("&", "&&")[:80]
    sheet.set_header(audience.page_header(traced.mark(briefing)))
    sheet.set_footer(t("native.sheet.footer", lang, title=title))
    return sheet


def _about(
    sheet: Any, briefing: Briefing, numbered: list[tuple[str, Table | Chart]],
    others: tuple[str, str], form: Formats,
) -> None:  # fmt: skip
    """What the workbook is of, its sheets with links to them, and how to read it."""
    request = briefing.request
    lang = request.lang
    fills = request.fills
    facts = [
        ("period", periods.label(request.period, lang)), ("vintage", str(briefing.vintage)),
        ("audience", traced.mark(briefing)), ("made", briefing.made),
        ("issuer", fills.issuer), ("number", fills.number),
    ]  # fmt: skip
    sheet.write_string(1, 0, briefing.subtitle, form("muted"))
    row = HEAD
    for name, value in facts:
        if value:
            sheet.write_string(row, 0, t(f"native.sheet.{name}", lang), form("bold"))
            sheet.write_string(row, 1, value)
            row += 1
    row += 1
    sheet.write_string(row, 0, t("native.sheet.go", lang), form("head"))
    sheet.write_string(row, 1, t("native.sheet.what", lang), form("head"))
    text, data = others
    listed = [(text, t("native.sheet.all_text", lang))]
    listed += [(name, block.caption) for name, block in numbered]
    listed.append((data, t("native.sheet.all_data", lang)))
    for name, what in listed:
        row += 1
        sheet.write_url(row, 0, f"internal:'{name}'!A1", form("link"), name)
        sheet.write_string(row, 1, what, form("note"))
    row += 2
    sheet.write_string(row, 0, t("native.sheet.reading", lang), form("bold"))
    marks = {status: formats.mark(status, lang) for status in formats.MARKS}
    for key in ("missing_note", "unrounded_note", "blank_note", "formula_note"):
        note = t(f"native.sheet.{key}", lang, **marks)
        sheet.write_string(row, 1, note, form("note"))
        sheet.set_row(row, _height(note, ABOUT_WIDTH))
        row += 1
    sheet.set_column(0, 0, 16)
    sheet.set_column(1, 1, ABOUT_WIDTH)


def _text(sheet: Any, briefing: Briefing, data: Data, form: Formats) -> None:
    """Headings and sentences, with each number of a sentence in a cell beside it."""
    lang = briefing.request.lang
    rows: list[tuple[str, list[Run]]] = []
    for block in briefing.blocks:
        if isinstance(block, Heading):
            rows.append((block.text, []))
        elif isinstance(block, Paragraph):
            rows += [("", each) for each in sentences(runs(block.told, lang))]
    most = max((len(_told(pieces)) for _, pieces in rows), default=0)
    sheet.write_string(HEAD, 0, t("native.sheet.section", lang), form("head"))
    sheet.write_string(HEAD, 1, t("native.sheet.sentence", lang), form("head"))
    for place in range(most):
        head = t("native.sheet.numbers", lang, number=place + 1)
        sheet.write_string(HEAD, 2 + place, head, form("head"))
    for row, (section, pieces) in enumerate(rows, start=FIRST):
        kind = "section" if section else "wrap"
        changed = any(run.mark for run in pieces)
        sheet.write_string(row, 0, section, form(kind))
        sheet.write_string(row, 1, words(pieces), form(kind, "", changed))
        sheet.set_row(row, _height(words(pieces) or section, TEXT_WIDTH))
        for place, run in enumerate(_told(pieces), start=2):
            assert run.number is not None
            shown = number(run.number, lang)
            if shown.trace is None:
                sheet.write_string(row, place, shown.text, form("right"))
            else:
                put(sheet, row, place, data.linked(shown.trace),
                    form("right", shown.number_format(lang), bool(run.mark)))  # fmt: skip
    sheet.set_column(0, 0, 18)
    sheet.set_column(1, 1, TEXT_WIDTH)
    sheet.set_column(2, 2 + max(most - 1, 0), 14)
    sheet.freeze_panes(FIRST, 2)
    sheet.repeat_rows(HEAD)
    sheet.print_area(0, 0, max(FIRST, HEAD + len(rows)), 1)  # the numbers are in the sentences


def _height(text: str, width: float) -> int:
    """The height of a row for a text in a column so wide, in points."""
    return LEADING * max(1, len(lettering.wrap(text, width - 2, table_sheet.WIDE)))


def _told(pieces: list[Run]) -> list[Run]:
    return [run for run in pieces if run.number is not None]
