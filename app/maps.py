"""The county map and the configuration every figure gets in the browser.

Boundaries are fetched by URL from the static folder, so a figure holds codes and numbers only.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from app import palette, settings
from app.catalogue import Indicator
from app.charts import facts, hover
from app.i18n import t
from app.lettering import BODY, Caption, drawn, frame, text_width
from app.map_classes import TARGET, Entry, levels, verdicts, with_marks

COUNTIES_URL = "app/static/guangdong_counties.geojson"
CITIES_URL = "app/static/guangdong_cities.geojson"
STRIPES_URL = "app/static/guangdong_stripes.geojson"
DOTS_URL = "app/static/guangdong_dots.geojson"
TOPOLOGY_URL = "app/static/topojson/"
GUANGDONG = (109.6, 20.15, 117.4, 25.6)  # west, south, east, north, degrees
MAP_HEIGHT = 380  # px of the map itself
SEA = (0.64, 0.24)  # where the sample mark covers no county
PHONE_SCALE = 44  # px of a degree of longitude where the province is 350 px wide
LABEL_SIZE = 11  # px
PICTURE_WIDTH, PICTURE_SCALE = 1000, 3.2  # px and factor of a downloaded picture: 3,200 px wide
_LEGEND_ROW, _LEGEND_AIR = 19, 6  # px
CLEAR = "rgba(0,0,0,0)"
PATTERNS = {"missing": STRIPES_URL, "suppressed": DOTS_URL}  # what lies over areas without a number

Bounds = tuple[float, float, float, float]


@dataclass(frozen=True)
class MapClass:
    """One entry of the legend: its label, colour and counties; `status` as in the county frame.

    `word` is the target status in words for the hover text, where the class is one.
    """

    label: str
    colour: str
    codes: tuple[str, ...]
    status: str = "observed"
    word: str = ""


def county_map(
    rows: pd.DataFrame,
    indicator: Indicator,
    caption: Caption,
    selected: str | None = None,
    classes: Literal["target", "sequential"] = "target",
    outside: Iterable[str] = (),
    labels: Sequence[tuple[str, float, float]] = (),
    bounds: Bounds = GUANGDONG,
    approval: str | None = None,
) -> go.Figure:
    """A map of the counties of `rows` (the county frame), one trace a class of the legend.

    `classes="target"` colours by target status where there is a verdict, else by level. Counties in
    `outside` are pale and silent; `labels` are names at rest (text, longitude, latitude), `bounds`
    the frame in degrees, `approval` the department's own map approval number (else from the
    settings). A click gives the code as `location` and as `customdata[0]`.
    """
    lang = caption.lang
    others = sorted(set(outside) - set(rows["area_code"]))
    told = dict(zip(rows["area_code"], facts(rows, indicator, lang), strict=True))
    shown = [
        trace
        for entry in map_classes(rows, indicator, lang, classes)
        for trace in _class_traces(
            entry, [told[code] for code in entry.codes],
            hover(rows, indicator, lang, entry.status, entry.word), lang,
        )
    ]  # fmt: skip
    data = [
        *([outside_trace(others, lang)] if others else []),
        *shown,
        *([labels_trace(labels)] if labels else []),
        *([outline_trace(selected)] if selected is not None else []),
    ]
    entries = [str(trace["name"]) for trace in shown if trace.get("showlegend")]
    layout = frame(
        credited(caption, approval), MAP_HEIGHT, left=0, right=0,
        below=legend_room(entries, caption.width), mark=SEA,
    )  # fmt: skip
    layout |= {"geo": geo_layout(bounds)} | still_layout()
    return drawn(data, layout)


def _class_traces(
    entry: MapClass, told: list[list[str]], template: str, lang: str
) -> list[dict[str, Any]]:
    """The areas of one class with their hover texts, and what lies over those without a number."""
    areas = areas_trace(list(entry.codes), entry.colour) | {
        "name": t("map.class_count", lang, label=entry.label, count=len(entry.codes)),
        "showlegend": True,
        "customdata": told,
        "hovertemplate": template,
    }
    if entry.status not in PATTERNS:
        return [areas]
    return [areas, pattern_trace(list(entry.codes), entry.status)]


def still_layout() -> dict[str, Any]:
    """What every map's layout has: the legend below it, and no panning."""
    return {
        # A map that pans traps the finger that scrolls the page. Streamlit turns false into "pan",
        # plotly.js does it to "zoom"; "orbit" means nothing to a map.
        "dragmode": "orbit",
        "showlegend": True,
        "legend": {
            "orientation": "h",
            "x": 0,
            "y": 0,
            "yanchor": "top",
            "font": {"size": BODY},
            "itemclick": False,
            "itemdoubleclick": False,
            "tracegroupgap": 0,
        },
    }


def map_classes(
    rows: pd.DataFrame,
    indicator: Indicator,
    lang: str = "zh",
    classes: Literal["target", "sequential"] = "target",
) -> list[MapClass]:
    """The legend of a map: every county of `rows` in exactly one class, empty classes left out."""
    observed = (rows["status"] == "observed").to_numpy()
    seen = rows[observed]
    index = np.full(len(rows), -1)
    entries: list[Entry] = []
    judged = seen["target_status"].isin(["met", "near", "missed"]).any()
    if classes == "target" and judged and indicator.direction != "none":
        entries, index[observed] = verdicts(seen, lang)
    elif len(seen):
        entries, index[observed] = levels(seen["value"], indicator, TARGET, lang)
    every, index = with_marks(rows, entries, index, lang)
    legend = [
        MapClass(entry.label, entry.colour, tuple(rows["area_code"][index == n]), *entry[2:])
        for n, entry in enumerate(every)
    ]
    return [each for each in legend if each.codes]


def city_labels(areas: pd.DataFrame, scale: float = PHONE_SCALE) -> list[tuple[str, float, float]]:
    """Names of the cities in the middle of their counties, for `county_map(labels=)`.

    `areas`: city_name, lon, lat (degrees), area_km2, one row a county. Where two names would touch
    at a scale (px of a degree of longitude), that of the larger city is kept.
    """
    places: list[tuple[float, str, float, float]] = []
    for name, group in areas.groupby("city_name"):
        weight = group["area_km2"] / group["area_km2"].sum()
        lon, lat = float((group["lon"] * weight).sum()), float((group["lat"] * weight).sum())
        places.append((float(group["area_km2"].sum()), str(name), round(lon, 2), round(lat, 2)))
    kept: list[tuple[str, float, float]] = []
    for _, name, lon, lat in sorted(places, reverse=True):
        width = text_width(name, LABEL_SIZE)
        if all(
            abs(lon - x) > (width + text_width(other, LABEL_SIZE)) / 2 / scale
            or abs(lat - y) > LABEL_SIZE * 1.2 / scale
            for other, x, y in kept
        ):
            kept.append((name, lon, lat))
    return kept


def geo_layout(bounds: Bounds = GUANGDONG) -> dict[str, Any]:
    """The frame of a map in degrees (west, south, east, north), city borders on top.

    Of the base map's lines plotly.js draws only `rivers` above a choropleth: the topology that
    setup builds holds the city borders under that name.
    """
    west, south, east, north = bounds
    return {
        "projection": {"type": "mercator"},
        "lonaxis": {"range": [round(west - 0.05, 3), round(east + 0.05, 3)]},
        "lataxis": {"range": [round(south - 0.05, 3), round(north + 0.05, 3)]},
        "visible": False,
        "showrivers": True,
        "rivercolor": palette.CITY_BORDER,
        "riverwidth": 1.1,
        "bgcolor": palette.PAPER,
    }


def plotly_config(lang: str, filename: str) -> dict[str, Any]:
    """The configuration of a figure in the browser, for `st.plotly_chart(config=)`.

    The base map comes from the static folder, the mode bar holds only the download of a picture
    (PNG, 3,200 px wide) and speaks the reader's language.
    """
    words = {
        "Download plot": t("config.download", lang),
        "Download plot as a PNG": t("config.download", lang),
        "Download plot as a png": t("config.download", lang),
        "Taking snapshot - this may take a few seconds": t("config.snapshot", lang),
        "Snapshot succeeded": t("config.done", lang),
    }
    locale = "zh-CN" if lang == "zh" else "en"
    return {
        "topojsonURL": TOPOLOGY_URL,
        "locale": locale,
        "locales": {locale: {"dictionary": words, "format": {}}},
        "displaylogo": False,
        "scrollZoom": False,
        "doubleClick": False,
        "modeBarButtons": [["toImage"]],
        "toImageButtonOptions": {
            "format": "png",
            "filename": filename,
            "width": PICTURE_WIDTH,
            "scale": PICTURE_SCALE,
        },
    }


def areas_trace(
    codes: list[str],
    colour: str,
    border: str = palette.BORDER,
    width: float = 0.6,
    url: str = COUNTIES_URL,
) -> dict[str, Any]:
    """Areas of one colour; the boundaries are those of the counties unless told otherwise."""
    return {
        "type": "choropleth",
        "geojson": url,
        "locationmode": "geojson-id",
        "locations": codes,
        "z": [1] * len(codes),
        "zmin": 0,
        "zmax": 1,
        "colorscale": [[0, colour], [1, colour]],
        "showscale": False,
        "marker": {"line": {"color": border, "width": width}},
    }


def outside_trace(codes: list[str], lang: str) -> dict[str, Any]:
    """Counties that are not in the scope, pale and silent."""
    pale = areas_trace(codes, palette.OUTSIDE, border=palette.OUTSIDE_BORDER)
    return pale | {"name": t("map.outside", lang), "hoverinfo": "skip"}


def pattern_trace(codes: list[str], status: str) -> dict[str, Any]:
    """The stripes over counties without a report, the dots over those that are suppressed."""
    over = areas_trace(codes, palette.STRIPE, border=palette.STRIPE, width=0, url=PATTERNS[status])
    return over | {"hoverinfo": "skip"}


def labels_trace(labels: Sequence[tuple[str, float, float]]) -> dict[str, Any]:
    """Names at rest: text, longitude, latitude."""
    return {
        "type": "scattergeo",
        "mode": "text",
        "showlegend": False,
        "text": [text for text, _, _ in labels],
        "lon": [lon for _, lon, _ in labels],
        "lat": [lat for _, _, lat in labels],
        "textfont": {
            "size": LABEL_SIZE,
            "color": palette.INK,
            "shadow": _halo(palette.PAPER),
        },
        "hoverinfo": "skip",
    }


def outline_trace(code: str) -> dict[str, Any]:
    """The outline of the selected county."""
    outline = areas_trace([code], CLEAR, border=palette.SELECTED, width=3)
    return outline | {"name": "selected", "hoverinfo": "skip"}


def credited(caption: Caption, approval: str | None = None) -> Caption:
    """A caption with the source of the boundaries, as every picture of a map carries it."""
    approval = approval or settings.load().map_approval
    credit = t("figure.boundaries", caption.lang)
    if approval:
        number = t("figure.map_approval", caption.lang, number=approval)
        credit = credit + t("figure.gap", caption.lang) + number
    return replace(caption, footer=f"{caption.footer}{t('figure.gap', caption.lang)}{credit}")


def legend_room(names: Sequence[str], width: float) -> int:
    """The height of plotly's horizontal legend in px, its columns as wide as the widest entry."""
    if not names:
        return _LEGEND_AIR
    widest = max(text_width(name, BODY) for name in names) + 45
    rows = math.ceil(len(names) / max(1, int(width // widest)))
    return rows * _LEGEND_ROW + _LEGEND_AIR


def _halo(colour: str) -> str:
    return ",".join(f"{x}px {y}px 1px {colour}" for x, y in ((1, 1), (-1, -1), (1, -1), (-1, 1)))
