"""A sheet of one chart: its numbers from the sheet of data, and the chart drawn from its cells."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

from xlsxwriter.image import Image

from app import palette
from app.briefing import native, traced
from app.briefing.data_sheet import FIRST, HEAD, LEADING, Data
from app.briefing.parts import Chart
from app.cells import put
from app.i18n import t

SIZE = (860, 480)  # px of a chart
BAR = 20  # px of a bar with its gap
_FEW = 12  # points of a line that are labelled, and no more
_MARKERS = {
    0: "circle", 1: "square", 2: "diamond", 5: "triangle", 6: "long_dash", 17: "star", 3: "plus",
    4: "x",
}  # fmt: skip
_DASHES = {
    "dash": "dash", "dot": "round_dot", "dashdot": "dash_dot", "longdash": "long_dash",
    "longdashdot": "long_dash_dot",
}  # fmt: skip


def write(
    book: Any, sheet: Any, name: str, chart: Chart, data: Data, form: Callable[..., Any],
    picture: bytes | None,
) -> None:  # fmt: skip
    """Write the numbers, and beside them the chart, its picture, or a line that there is none."""
    lang = data.lang
    beside = 0
    if chart.categories:
        _numbers(sheet, chart, data, form)
        beside = len(chart.series) + 2
    note = native.blank(chart) if native.is_native(chart) else ""
    if native.is_native(chart):
        drawn = _drawn(book, name, chart)
        size = _size(chart)
        drawn.set_size({"width": size[0], "height": size[1]})
        described = {"description": chart.alt, "object_position": 3}
        sheet.insert_chart(HEAD, beside, drawn, described)
        if note:
            sheet.write_string(FIRST + len(chart.categories) + 1, 0, note)
    elif picture is not None:
        image = Image(io.BytesIO(picture))
        scale = SIZE[0] / (96 * image.width / image.x_dpi)
        placed = {
            "description": chart.alt, "x_scale": scale, "y_scale": scale, "object_position": 3,
        }  # fmt: skip
        sheet.insert_image(HEAD, beside, image, placed)
    else:
        key = "native.nothing" if chart.form else "native.no_picture"
        sheet.write_string(HEAD, beside, t(key, lang, caption=chart.caption))
    sheet.fit_to_pages(1, 1)
    sheet.freeze_panes(FIRST, 1 if beside else 0)
    if beside:
        sheet.repeat_rows(HEAD)


def _numbers(sheet: Any, chart: Chart, data: Data, form: Callable[..., Any]) -> None:
    """Categories and series; what is missing has no cell, for a text would be drawn as a zero."""
    lang, unit = data.lang, native.unit(chart)
    head = t("native.sheet.category", lang)
    if unit:
        head = t("native.sheet.category_unit", lang, unit=unit)
    sheet.write_string(HEAD, 0, head, form("head"))
    for row, category in enumerate(chart.categories, start=FIRST):
        sheet.write_string(row, 0, category, form("text"))
    for column, series in enumerate(chart.series, start=1):
        sheet.write_string(HEAD, column, series.name, form("head"))
        for row, number in enumerate(series.numbers[: len(chart.categories)], start=FIRST):
            style = form("right", native.number_format(chart))
            # not even an empty cell is written for what is missing: it would be kept as a zero
            if number is not None and traced.value(number, lang) is not None:
                put(sheet, row, column, data.linked(number.trace), style)
    sheet.set_column(0, 0, 20)
    sheet.set_column(1, max(len(chart.series), 1), 14)
    sheet.set_row(HEAD, 2 * LEADING)


def _drawn(book: Any, name: str, chart: Chart) -> Any:
    """The native chart; the first category of bars stands on top."""
    bars = chart.form == "bar"
    made = book.add_chart({"type": "bar" if bars else "line"})
    last = FIRST + len(chart.categories) - 1
    looks = native.looks(chart)
    targets = [look.role == "target" for look in looks]
    named = sum(not each for each in targets)
    number_format = native.number_format(chart)
    for place, look in enumerate(looks, start=1):
        options: dict[str, Any] = {
            "name": [name, HEAD, place],
            "categories": [name, FIRST, 0, last, 0],
            "values": [name, FIRST, place, last, place],
        }
        line = {"color": look.colour, "width": look.points}
        if look.dash in _DASHES:
            line["dash_type"] = _DASHES[look.dash]
        if not bars:
            options["line"] = line
            if look.symbol in _MARKERS:
                options["marker"] = {
                    "type": _MARKERS[look.symbol], "size": 7,
                    "fill": {"color": look.colour}, "border": {"color": look.colour},
                }  # fmt: skip
        elif look.role == "target":
            options |= {"fill": {"none": True}, "border": line}
        else:
            options |= {"fill": {"color": look.colour}, "gap": 40}
            options["points"] = _bars(chart, look.colour)
        few = bars and named == 1 or not bars and len(chart.categories) * named <= _FEW
        if few and look.role != "target":
            options["data_labels"] = {"value": True, "num_format": number_format}
        if any(targets) and bars:
            options["overlap"] = 100 if named == 1 else 0
        made.add_series(options)
    values: dict[str, Any] = {
        "num_format": native.axis_format(chart), "name": native.unit(chart),
        "name_font": {"bold": False, "size": 10},
        "major_gridlines": {"visible": True, "line": {"color": palette.GRID}},
    }  # fmt: skip
    names: dict[str, Any] = {"num_font": {"size": 9}, "line": {"color": palette.BORDER}}
    if bars:
        known = [p for s in chart.series for p in native.points(s, chart) if p is not None]
        if min(known) >= 0:
            values["min"] = 0  # a bar is as long as its number
        made.set_x_axis(values)
        made.set_y_axis(names | {"reverse": True, "crossing": "max", "interval_unit": 1})
    else:
        made.set_x_axis(names)
        made.set_y_axis(values)
    made.set_title({"name": [name, 0, 0], "overlay": False, "name_font": {"size": 12}})
    made.set_legend({"none": True} if len(chart.series) == 1 else {"position": "bottom"})
    made.show_blanks_as("gap")
    return made


def _bars(chart: Chart, colour: str) -> list[dict[str, Any] | None] | None:
    """The looks of single bars: the chosen county has its own."""
    place = native.chosen(chart)
    if place is None:
        return None
    points: list[dict[str, Any] | None] = [None] * len(chart.categories)
    points[place] = {
        "fill": {"color": palette.COUNTY},
        "border": {"color": palette.SELECTED, "width": 1.5},
    }
    return points


def _size(chart: Chart) -> tuple[int, int]:
    if chart.form == "bar":
        bars = len(chart.categories) * (BAR if len(chart.series) == 1 else 2 * BAR)
        return SIZE[0], max(240, bars + 140)
    return SIZE
