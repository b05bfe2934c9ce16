"""A map of one or of many quarters as the browser gets it: everything said is said here already.

The script in the page puts frames together and writes nothing of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from app import areas, assets, formats, geography, maps, palette
from app.areas import Level
from app.catalogue import Indicator
from app.charts import hover
from app.charts.shared import arrow, signed
from app.i18n import t
from app.lettering import BODY, SMALL, Caption, frame
from app.map_classes import Array, Classes
from app.map_explorer.change import INCOMPARABLE

WIDTHS = (346, 620)  # px for a line of text: of a phone, of a screen
SEA = (0.7, 0.13)  # where the sample mark covers no county, on a phone either
SCALE_BAR = 44  # px below the map for the bar of a continuous ramp
SLIDER, GRID, SINGLE = "slider", "grid", "single"


@dataclass(frozen=True)
class Frame:
    """One quarter of a map; `heading` names it among several, `file` is a picture's name."""

    period: str
    label: str
    heading: str
    caption: Caption
    file: str


@dataclass(frozen=True)
class Told:
    """What is told of each row on hover: `places` in `words`, a row a row and a column a fact."""

    words: list[str]
    places: Array


@dataclass(frozen=True)
class Place:
    """Where a map is: what its areas are, its frame, what is pale and what is named in it.

    `labels` are names at rest (text, longitude, latitude) for each of WIDTHS.
    """

    level: Level
    bounds: maps.Bounds
    outside: Sequence[str]
    labels: Mapping[int, Sequence[tuple[str, float, float]]]


def of(
    rows: pd.DataFrame,
    classes: Classes,
    told: Told,
    frames: Sequence[Frame],
    place: Place,
    indicator: Indicator,
    templates: Mapping[str, str],
    whole: Caption | None = None,
) -> dict[str, Any]:
    """The document of a map; `rows` are complete and in the order of the frames, then of codes.

    `templates` are hover texts by the label of a class; `whole` is the caption of several quarters
    beside one another.
    """
    lang = frames[0].caption.lang
    count = len(rows) // len(frames)
    index = classes.index.reshape(len(frames), count)
    names = [_names(classes, each, lang) for each in index]
    captions = [each.caption for each in frames] if whole is None else [whole]
    codes = list(rows["area_code"].iloc[:count])
    west, south, east, north = place.bounds
    document: dict[str, Any] = {
        "library": f"app/static/{assets.library()}",
        "config": maps.plotly_config(lang, frames[-1].file),
        "codes": codes,
        "words": told.words,
        "traces": _traces(classes, templates, indicator, place, lang),
        "labels": [maps.labels_trace(place.labels[width]) for width in WIDTHS],
        "widths": WIDTHS,
        "lettering": _lettering(captions, names, classes.ramp is not None),
        "layout": _layout(),
        "geo": maps.geo_layout(place.bounds),
        "shape": round(geography.MERCATOR_STRETCH * (north - south) / (east - west), 3),
        "heading": {"size": SMALL, "color": palette.INK},
        "drop": SCALE_BAR if classes.ramp else 0,
        "frames": [
            _frame(each, own, places, said)
            for each, own, places, said in zip(
                frames, index, np.split(told.places, len(frames)),
                names if whole is None else [[e.label for e in classes.entries]] * len(frames),
                strict=True,
            )
        ],
    }  # fmt: skip
    if place.level == "city":
        document["parts"] = _parts(codes)
    if classes.ramp:
        values = rows["value"].to_numpy(float, na_value=np.nan).reshape(len(frames), count)
        for each, row in zip(document["frames"], values, strict=True):
            each["z"] = [None if np.isnan(value) else float(f"{value:.6g}") for value in row]
    return document


def _frame(each: Frame, index: Array, places: Array, names: Sequence[str]) -> dict[str, Any]:
    """One quarter: the class of each area, what is told of it, and the entries of the legend."""
    return {
        "period": each.period,
        "label": each.label,
        "heading": each.heading,
        "index": index,
        "told": np.ascontiguousarray(places.T),
        "names": names,
        "alt": each.caption.title,
        "file": each.file,
    }


def _parts(cities: Sequence[str]) -> dict[str, list[str]]:
    """The counties of each city."""
    inside: dict[str, list[str]] = {code: [] for code in cities}
    for code, area in areas.load().items():
        inside.get(area.city_code, []).append(code)
    return inside


def told(rows: pd.DataFrame, indicator: Indicator, lang: str) -> Told:
    """What `charts.hover` tells of each row; each text is written once however often it stands."""
    unit, decimals = indicator.unit, formats.decimals_of(indicator.unit, indicator.decimals)

    def value(amount: float) -> str:
        return formats.value(amount, unit, lang, decimals=decimals)

    def rank(place: float) -> str:
        return str(int(place))

    shown = _texts(rows["value"], value, formats.mark("missing", lang))
    for status in formats.MARKS:
        shown[(rows["status"] == status).to_numpy()] = formats.mark(status, lang)
    absent = formats.mark("missing", lang)
    return gathered([
        rows["area_code"], rows["area_name"], rows["city_name"], shown,
        _texts(rows["numerator"], formats.number, ""),
        _texts(rows["denominator"], formats.number, ""),
        _texts(rows["rank"].astype(float), rank, ""),
        _texts(rows["gap"], lambda v: signed(v, decimals), absent),
        _texts(rows["change_previous"], lambda v: arrow(v, decimals, lang), absent),
        _texts(rows["change_year"], lambda v: arrow(v, decimals, lang), absent),
    ])  # fmt: skip


def told_of_change(rows: pd.DataFrame, indicator: Indicator, lang: str) -> Told:
    """Code, name, city, change, the earlier and the later figure of each row."""
    unit, decimals = indicator.unit, indicator.decimals

    def change(amount: float) -> str:
        return formats.change(amount, unit, lang, decimals)

    def value(amount: float) -> str:
        return formats.value(amount, unit, lang, decimals=decimals)

    absent = formats.mark("missing", lang)
    shown = _texts(rows["value"], change, absent)
    for status in formats.MARKS:
        shown[(rows["status"] == status).to_numpy()] = formats.mark(status, lang)
    shown[(rows["status"] == INCOMPARABLE).to_numpy()] = t("map_explorer.incomparable", lang)
    return gathered([
        rows["area_code"], rows["area_name"], rows["city_name"], shown,
        _texts(rows["earlier"], value, absent), _texts(rows["later"], value, absent),
    ])  # fmt: skip


def hovers(rows: pd.DataFrame, classes: Classes, indicator: Indicator, lang: str) -> dict[str, str]:
    """The hover text of each class, by its label."""
    return {
        entry.label: hover(rows, indicator, lang, entry.status, entry.word)
        for entry in classes.entries
    }


def gathered(columns: Sequence[Any]) -> Told:
    """Columns of text as places in a list of their distinct words."""
    height = len(columns[0])
    every = np.concatenate([np.asarray(column, dtype=object) for column in columns])
    places, words = pd.factorize(every)
    return Told([str(word) for word in words], places.reshape(len(columns), height).T)


def _texts(values: pd.Series, form: Any, absent: str) -> Array:
    """Numbers as texts, each distinct one written once; `absent` where there is none."""
    places, distinct = pd.factorize(values)
    return np.array([*(form(float(v)) for v in distinct), absent], dtype=object)[places]


def _names(classes: Classes, index: Array, lang: str) -> list[str]:
    """The entries of the legend with the number of areas of one quarter."""
    counts = np.bincount(index[index >= 0], minlength=len(classes.entries))
    return [
        t("map.class_count", lang, label=entry.label, count=int(count))
        for entry, count in zip(classes.entries, counts, strict=True)
    ]


def _traces(
    classes: Classes,
    templates: Mapping[str, str],
    indicator: Indicator,
    place: Place,
    lang: str,
) -> list[dict[str, Any]]:
    """Traces without their areas; `class` and `over` say which areas the script puts in."""
    url = maps.CITIES_URL if place.level == "city" else maps.COUNTIES_URL
    traces: list[dict[str, Any]] = []
    if place.outside:
        traces.append({"trace": maps.outside_trace(list(place.outside), lang)})
    for number, entry in enumerate(classes.entries):
        trace = maps.areas_trace([], entry.colour, url=url)
        ramped = classes.ramp is not None and number == 0
        trace |= {"showlegend": not ramped, "hovertemplate": templates[entry.label]}
        if ramped:
            trace |= _ramp(classes, indicator, lang)
        traces.append({"trace": trace, "class": number, "ramp": ramped})
        if entry.status in maps.PATTERNS:
            traces.append({"trace": maps.pattern_trace([], entry.status), "over": number})
    return traces


def _ramp(classes: Classes, indicator: Indicator, lang: str) -> dict[str, Any]:
    """A continuous ramp from the lowest to the highest of all quarters, with its bar."""
    assert classes.ramp is not None
    low, high = classes.ramp
    if low == high:
        high = low + 1
    ticks = [low + (high - low) * k / 4 for k in range(5)]
    last = len(palette.SEQUENTIAL) - 1
    return {
        "zmin": low,
        "zmax": high,
        "colorscale": [[k / last, colour] for k, colour in enumerate(palette.SEQUENTIAL)],
        "showscale": True,
        "colorbar": {
            "orientation": "h", "x": 0, "xanchor": "left", "y": 0, "yanchor": "top",
            "thickness": 12, "thicknessmode": "pixels", "len": 1, "xpad": 26, "ypad": 4,
            "outlinewidth": 0, "ticklabeloverflow": "allow", "tickfont": {"size": BODY},
            "tickvals": ticks,
            "ticktext": [
                formats.value(v, indicator.unit, lang, decimals=indicator.decimals,
                              with_unit=indicator.unit == "percent")
                for v in ticks
            ],
        },
    }  # fmt: skip


def _lettering(
    captions: Sequence[Caption], names: Sequence[Sequence[str]], ramped: bool
) -> list[list[dict[str, Any]]]:
    """For each width, what stands around the map in each quarter.

    The room above and below is that of the quarter with the most text, or the map would jump.
    """
    sets = []
    for width in WIDTHS:
        below = max(maps.legend_room(each, width) for each in names) + (SCALE_BAR if ramped else 0)
        layouts = [
            frame(
                maps.credited(replace(caption, width=width)), maps.MAP_HEIGHT, left=0, right=0,
                below=below, mark=SEA,
            )
            for caption in captions
        ]  # fmt: skip
        top = max(layout["margin"]["t"] for layout in layouts)
        bottom = max(layout["margin"]["b"] for layout in layouts)
        for layout in layouts:
            for note in layout["annotations"]:
                if note.get("yanchor") == "top" and note["y"] == 1:
                    note["yshift"] += top - layout["margin"]["t"]
        sets.append(
            [{"annotations": each["annotations"], "t": top, "b": bottom} for each in layouts]
        )
    return sets


def _layout() -> dict[str, Any]:
    figure = go.Figure(layout={"template": palette.TEMPLATE} | maps.still_layout())
    layout: dict[str, Any] = figure.to_plotly_json()["layout"]
    return layout
