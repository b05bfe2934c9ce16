"""What a native chart shows, for slides and workbooks alike: its points, and how a series looks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from app import areas, catalogue, formats, palette
from app.briefing import traced
from app.briefing.parts import Chart, Series
from app.i18n import t

_REGION_LOOKS = dict(zip(palette.REGIONS, (0, 2, 3, 5), strict=True))  # their places in SERIES
_MOST_NAMED = 8


@dataclass(frozen=True)
class Look:
    """How a series looks; `role` is what it stands for."""

    colour: str
    dash: str
    symbol: int
    points: float  # width of its line
    role: Literal["plain", "county", "target"] = "plain"


def is_native(chart: Chart) -> bool:
    """Whether the chart is drawn from its numbers: it has a form, and a number at least."""
    return chart.form is not None and any(any_point(each, chart) for each in chart.series)


def any_point(series: Series, chart: Chart) -> bool:
    """Whether a series has a point."""
    return any(point is not None for point in points(series, chart))


def points(series: Series, chart: Chart) -> list[float | None]:
    """The unrounded number at each category; None where there is none, which is a gap."""
    lang = chart.choices.lang
    found = [None if n is None else traced.value(n, lang) for n in series.numbers]
    return (found + [None] * len(chart.categories))[: len(chart.categories)]


def looks(chart: Chart) -> list[Look]:
    """The look of each series: a region keeps its colour, the chosen county its own."""
    found, free = [], 0
    for series in chart.series:
        region = palette.region_colour(series.name)
        if _all(series, "quantity", "target"):
            look = Look(palette.TARGET_LINE, "dash", -1, 1.5, "target")
        elif region is not None:
            code = next(name for name, colour in palette.REGIONS.items() if colour == region)
            own = palette.SERIES[_REGION_LOOKS[code]]
            look = Look(region, own.dash, own.symbol, 2.25)
        elif chart.form == "line" and _is_county(series, chart):
            look = Look(palette.COUNTY, "solid", 17, 4, "county")
        elif _all(series, "level", "province"):
            look = Look(palette.PROVINCE, "dash", 3, 2.25)
        else:
            own = palette.SERIES[free % len(palette.SERIES)]
            look = Look(own.colour, own.dash, own.symbol, 2.25)
            free += 1
        found.append(look)
    return found


def chosen(chart: Chart) -> int | None:
    """The place of the chosen county among the bars."""
    code = chart.choices.county
    if not code or chart.form != "bar":
        return None
    for series in chart.series:
        for place, number in enumerate(series.numbers):
            if number is not None and number.trace.area_code == code:
                return place
    area = areas.load().get(code)
    name = area.label(chart.choices.lang) if area else ""
    return chart.categories.index(name) if name in chart.categories else None


def blank(chart: Chart) -> str:
    """A remark that names the categories without any number; empty where each has one."""
    lang = chart.choices.lang
    own = [s for s, look in zip(chart.series, looks(chart), strict=True) if look.role != "target"]
    columns = [points(series, chart) for series in own]
    names = [
        name for place, name in enumerate(chart.categories)
        if all(column[place] is None for column in columns)
    ]  # fmt: skip
    if not names:
        return ""
    shown = t("native.and", lang).join(names[:_MOST_NAMED])
    if len(names) > _MOST_NAMED:
        shown = t("native.several_areas", lang, names=shown, count=len(names))
    return t("native.blank", lang, names=shown)


def unit(chart: Chart) -> str:
    """The unit as the axis names it."""
    found = catalogue.load().units.get(chart.unit)
    return found.label(chart.choices.lang) if found else chart.unit


def number_format(chart: Chart) -> str:
    """How labels and cells write the numbers."""
    return formats.cell(chart.decimals)


def axis_format(chart: Chart) -> str:
    """How an axis writes its steps: without decimals where they are far apart."""
    known = [p for series in chart.series for p in points(series, chart) if p is not None]
    wide = max(known, default=0) - min([0, *known]) >= 6
    return formats.cell(0 if wide else chart.decimals)


def _is_county(series: Series, chart: Chart) -> bool:
    code = chart.choices.county
    return bool(code) and _all(series, "area_code", code or "")


def _all(series: Series, attribute: str, wanted: str) -> bool:
    found = [getattr(n.trace, attribute) for n in series.numbers if n is not None]
    return bool(found) and all(each == wanted for each in found)
