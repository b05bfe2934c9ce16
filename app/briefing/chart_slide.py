"""A chart on slides: native and editable, with its workbook inside."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import xlsxwriter
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import (
    XL_CHART_TYPE,
    XL_LABEL_POSITION,
    XL_LEGEND_POSITION,
    XL_MARKER_STYLE,
    XL_TICK_LABEL_POSITION,
)
from pptx.enum.dml import MSO_LINE
from pptx.oxml.ns import qn
from pptx.util import Pt

from app import lettering, palette
from app.briefing import native, traced
from app.briefing.deck import (
    BOTTOM,
    LEADING,
    LEFT,
    ROOM,
    SLACK,
    SMALL,
    TOP,
    TYPEFACE,
    Deck,
    colour,
    described,
)
from app.briefing.native import Look
from app.briefing.parts import Chart
from app.briefing.runs import Run
from app.cells import SAFE
from app.i18n import t

MOST, EACH, PANELS = 20, 16, 3  # bars of a single chart, of one of several, and charts of a slide
AXIS = 48  # points of what stands below the bars
_FEW = 12  # points of lines that are labelled, and no more
_SHEET = "Sheet1"  # as the charts of python-pptx name it
_MARKERS = {
    0: XL_MARKER_STYLE.CIRCLE, 1: XL_MARKER_STYLE.SQUARE, 2: XL_MARKER_STYLE.DIAMOND,
    3: XL_MARKER_STYLE.PLUS, 4: XL_MARKER_STYLE.X, 5: XL_MARKER_STYLE.TRIANGLE,
    6: XL_MARKER_STYLE.DASH, 17: XL_MARKER_STYLE.STAR,
}  # fmt: skip
_DASHES = {
    "dash": MSO_LINE.DASH, "dot": MSO_LINE.ROUND_DOT, "dashdot": MSO_LINE.DASH_DOT,
    "longdash": MSO_LINE.LONG_DASH, "longdashdot": MSO_LINE.LONG_DASH_DOT,
}  # fmt: skip


def add(deck: Deck, chart: Chart, kicker: str, source: str) -> None:
    """The slides of a chart: bars side by side where there are many, and on a further slide."""
    note = native.blank(chart)
    wrapped = lettering.wrap(note, ROOM / SLACK, SMALL) if note else []
    foot = len(wrapped) * SMALL * LEADING
    height = BOTTOM - TOP - foot
    panels = _panels(chart)
    scale = _scale(chart) if len(panels) > 1 else None
    for place in range(0, len(panels), PANELS):
        title = chart.caption
        if place:
            title = t("native.continued", deck.lang, title=title)
        slide = deck.slide("graphic", title, kicker, source)
        shown = panels[place : place + PANELS]
        width = ROOM / min(len(panels), PANELS)
        for side, panel in enumerate(shown):
            # the last of several is as high as its bars, so that all bars are alike
            full = max(len(each.categories) for each in panels)
            tall = height if chart.form != "bar" else _tall(height, len(panel.categories), full)
            frame: Any = slide.shapes.add_chart(
                XL_CHART_TYPE.BAR_CLUSTERED if chart.form == "bar" else XL_CHART_TYPE.LINE_MARKERS,
                Pt(LEFT + side * width), Pt(TOP), Pt(width), Pt(tall), _data(panel),
            )  # fmt: skip
            described(frame, chart.caption, chart.alt)
            _drawn(frame.chart, panel, scale)
            if scale is not None:
                _aligned(frame.chart, chart.categories, width, tall)
            frame.chart.part.chart_workbook.update_from_xlsx_blob(_book(panel))
        if note:
            deck.line(slide, [[Run(note)]], BOTTOM - foot, foot, SMALL)
        numbers = [n for panel in shown for s in panel.series for n in s.numbers if n is not None]
        deck.notes(slide, traced.noted(numbers, deck.lang))


def _panels(chart: Chart) -> list[Chart]:
    """A chart in parts of as many bars as can be read; one of lines stays whole."""
    count = len(chart.categories)
    if chart.form != "bar" or count <= MOST:
        return [chart]
    each = math.ceil(count / math.ceil(count / EACH))
    return [
        replace(
            chart, categories=chart.categories[start : start + each],
            series=tuple(replace(s, numbers=s.numbers[start : start + each]) for s in chart.series),
        )
        for start in range(0, count, each)
    ]  # fmt: skip


def _tall(height: float, bars: int, most: int) -> float:
    return AXIS + (height - AXIS) * bars / most


def _aligned(made: Any, names: Sequence[str], width: float, height: float) -> None:
    """Put the plot of a panel where its names end, so that bars are alike in all panels."""
    longest = max(lettering.text_width(name, SMALL) for name in names) + 10
    left = min(longest, 0.45 * width)
    room = {
        "x": left / width, "y": 0.01, "w": 1 - (left + 36) / width, "h": 1 - (AXIS + 4) / height,
    }  # fmt: skip
    area = made._chartSpace.find(f".//{qn('c:plotArea')}")
    for layout in area.findall(qn("c:layout")):
        area.remove(layout)
    layout = area.makeelement(qn("c:layout"), {})
    manual = layout.makeelement(qn("c:manualLayout"), {})
    layout.append(manual)
    told = {"layoutTarget": "inner", "xMode": "edge", "yMode": "edge"}
    told |= {name: f"{share:.4f}" for name, share in room.items()}
    for name, value in told.items():
        manual.append(manual.makeelement(qn(f"c:{name}"), {"val": value}))
    area.insert(0, layout)


def _scale(chart: Chart) -> tuple[float, float, float]:
    """Round ends of the axis of values and its step, alike in all panels."""
    known = [p for s in chart.series for p in native.points(s, chart) if p is not None]
    low, high = min([0, *known]), max([0, *known]) or 1
    step = 10 ** math.floor(math.log10((high - low) / 4))
    step *= next(each for each in (1, 2, 5, 10) if (high - low) / (step * each) <= 4)
    return math.floor(low / step) * step, math.ceil(high / step) * step, step


def _data(chart: Chart) -> Any:
    data: Any = CategoryChartData(native.number_format(chart))  # type: ignore[no-untyped-call]
    data.categories = chart.categories
    for series in chart.series:
        data.add_series(series.name, native.points(series, chart))
    return data


def _book(chart: Chart) -> bytes:
    """The workbook within the chart, laid out as python-pptx does; no text of it runs."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, SAFE)
    sheet = book.add_worksheet(_SHEET)
    form = book.add_format({"num_format": native.number_format(chart)})
    for row, category in enumerate(chart.categories, start=1):
        sheet.write_string(row, 0, category)
    for column, series in enumerate(chart.series, start=1):
        sheet.write_string(0, column, series.name)
        for row, point in enumerate(native.points(series, chart), start=1):
            if point is not None:
                sheet.write_number(row, column, point, form)
    sheet.set_column(0, 0, 20)
    book.close()
    return out.getvalue()


def _drawn(made: Any, chart: Chart, scale: tuple[float, float, float] | None) -> None:
    bars = chart.form == "bar"
    looks = native.looks(chart)
    named = sum(look.role != "target" for look in looks)
    _letters(made, SMALL if bars else SMALL + 1)
    made.has_title = False
    made.has_legend = len(chart.series) > 1
    if made.has_legend:
        made.legend.position = XL_LEGEND_POSITION.BOTTOM
        made.legend.include_in_layout = False
    _axes(made, chart, scale)
    plot = made.plots[0]
    if bars:
        plot.gap_width = 40
        plot.overlap = 100 if named == 1 and len(looks) > 1 else 0
    few = named == 1 if bars else len(chart.categories) * named <= _FEW
    for series, look in zip(plot.series, looks, strict=True):
        if bars:
            _bar(series, look, chart)
        else:
            _line(series, look)
        if few and look.role != "target":
            labels = series.data_labels
            labels.number_format = native.number_format(chart)
            labels.number_format_is_linked = False
            labels.show_value = True
            if not bars:
                labels.font.size = Pt(SMALL)
                labels.position = XL_LABEL_POSITION.ABOVE


def _axes(made: Any, chart: Chart, scale: tuple[float, float, float] | None) -> None:
    values, names = made.value_axis, made.category_axis
    values.tick_labels.number_format = native.axis_format(chart)
    values.tick_labels.number_format_is_linked = False
    values.major_gridlines.format.line.color.rgb = colour(palette.GRID)
    values.format.line.fill.background()
    values.has_title = True
    values.axis_title.text_frame.text = native.unit(chart)
    letters = values.axis_title.text_frame.paragraphs[0].runs[0].font
    letters.size, letters.bold = Pt(SMALL), False
    names.format.line.color.rgb = colour(palette.BORDER)
    names.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    names.has_major_gridlines = False
    if chart.form == "bar":
        names.reverse_order = True  # the first on top
        values._element.find(qn("c:crosses")).set("val", "max")  # and the values below
        low = min(p for s in chart.series for p in [0, *native.points(s, chart)] if p is not None)
        if low >= 0:
            values.minimum_scale = 0
        _every(names)
    if scale is not None:
        values.minimum_scale, values.maximum_scale, values.major_unit = scale


def _every(axis: Any) -> None:
    """Every category has its name, however many there are."""
    element = axis._element
    skip = element.makeelement(qn("c:tickLblSkip"), {"val": "1"})
    before = element.find(qn("c:noMultiLvlLbl"))
    if before is None:
        element.append(skip)
    else:
        before.addprevious(skip)


def _bar(series: Any, look: Look, chart: Chart) -> None:
    if look.role == "target":  # a frame up to the target, behind which the bar stays visible
        series.format.fill.background()
        _stroke(series.format.line, look)
        return
    series.format.fill.solid()
    series.format.fill.fore_color.rgb = colour(look.colour)
    series.invert_if_negative = False
    place = native.chosen(chart)
    if place is not None:
        point = series.points[place].format
        point.fill.solid()
        point.fill.fore_color.rgb = colour(palette.COUNTY)
        point.line.color.rgb = colour(palette.SELECTED)
        point.line.width = Pt(1.5)


def _line(series: Any, look: Look) -> None:
    series.smooth = False
    _stroke(series.format.line, look)
    marker = series.marker
    if look.symbol not in _MARKERS:
        marker.style = XL_MARKER_STYLE.NONE
        return
    marker.style, marker.size = _MARKERS[look.symbol], 7
    marker.format.fill.solid()
    marker.format.fill.fore_color.rgb = colour(look.colour)
    marker.format.line.color.rgb = colour(look.colour)


def _stroke(line: Any, look: Look) -> None:
    line.color.rgb = colour(look.colour)
    line.width = Pt(look.points)
    if look.dash in _DASHES:
        line.dash_style = _DASHES[look.dash]


def _letters(made: Any, size: float) -> None:
    """The typeface of the chart, for Latin and Chinese."""
    made.font.size = Pt(size)
    made.font.color.rgb = colour(palette.INK)
    made.font.name = TYPEFACE
    latin = made.font._element.find(qn("a:latin"))
    latin.addnext(latin.makeelement(qn("a:ea"), {"typeface": TYPEFACE}))
