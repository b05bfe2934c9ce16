"""Colours, signs and the Plotly template: the one place where either is chosen.

Regions take colours of Okabe and Ito's set; levels and target status run from light to dark, so
that they keep their order in black and white.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import plotly.graph_objects as go
import plotly.io as pio

from app.i18n import LANGUAGES, t

FONT = "Microsoft YaHei, PingFang SC, Noto Sans CJK SC, sans-serif"
TEMPLATE = "dashboard"

INK = "#262626"  # text
MUTED = "#595959"  # second text: still 7:1 on white
PAPER = "#FFFFFF"
GRID = "#E6E6E6"
BORDER = "#8A8A8A"  # between counties
CITY_BORDER = "#404040"
GREY = "#8C8C8C"  # whatever has no direction
MISSING = "#F0F0F0"  # below the stripes
STRIPE = "#7A7A7A"
NOT_APPLICABLE = "#EDEDED"
OUTSIDE = "#FFFFFF"  # counties outside the chosen scope
OUTSIDE_BORDER = "#D0D0D0"
SELECTED = "#000000"
PROVINCE = "#000000"
SCOPE = "#4D4D4D"
COUNTY = "#009E73"  # the selected county among groups
SAMPLE = "rgba(38,38,38,0.2)"
TARGET_LINE = "#262626"
TABLE_HEAD = "#DDEBEA"  # of tables in files
INPUT = "#FFF6D6"  # of cells in files that are there to be changed

# Sky blue, reddish purple, blue, vermilion: the four of the set whose lightness differs most
REGIONS = {"east": "#56B4E9", "west": "#CC79A7", "north": "#0072B2", "delta": "#D55E00"}


@dataclass(frozen=True)
class Series:
    """How one of several areas looks: colour, dash, plotly's number of its mark, the mark as text.

    Two of them are told apart without their colour.
    """

    colour: str
    dash: str
    symbol: int
    sign: str

    @property
    def ink(self) -> str:
        """The same hue for text."""
        return ink_of(self.colour)


SEQUENTIAL = ("#BFD8EA", "#8FBBDB", "#5A96C6", "#2A6EA6", "#0B4072")
STROKES = {"solid": "━━", "dash": "╍╍", "dot": "┈┈"}  # of lines, as a key shows them
SHADES = ("#DCDCDC", "#C2C2C2", "#A5A5A5", "#838383", "#5F5F5F")  # levels without good and bad
BARS = ("▁", "▂", "▃", "▄", "▅")  # the same in black and white
DIVERGING = ("#A6400B", "#DB8A4E", "#F2CFAE", "#F3F3F3", "#B4D3E3", "#5F9FC4", "#1B6392")


@dataclass(frozen=True)
class Status:
    """How a target status looks: colour of areas, of text, and the sign that says it too."""

    fill: str
    ink: str
    sign: str


STATUSES = {
    "met": Status("#8FD3C8", "#0B6B60", "✓"),
    "near": Status("#DE9113", "#875400", "◐"),
    "missed": Status("#B23A0B", "#B23A0B", "✗"),
    "not_due": Status(GREY, MUTED, "○"),
    "none": Status(GREY, MUTED, ""),
}


def region_colour(name: str) -> str | None:
    """The colour of a region by its code or its name in either language; None for anything else."""
    name = name.removeprefix("pilot_")
    for code, colour in REGIONS.items():
        if name == code or any(name == t(f"figure.region.{code}", lang) for lang in LANGUAGES):
            return colour
    return None


def levels(count: int, ramp: Sequence[str] = SEQUENTIAL) -> list[str]:
    """A number of steps of a ramp, spread over its length; at most its own number of steps."""
    if not 1 <= count <= len(ramp):
        raise ValueError(f"a ramp of {len(ramp)} steps cannot give {count}")
    if count == 1:
        return [ramp[len(ramp) // 2]]
    return [ramp[round(i * (len(ramp) - 1) / (count - 1))] for i in range(count)]


def luminance(colour: str) -> float:
    """Relative luminance of a `#RRGGBB` colour, 0 to 1 (WCAG 2)."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast of two colours, 1 to 21 (WCAG 2)."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def ink_of(colour: str, ground: str = PAPER) -> str:
    """The same hue, dark enough for text on the ground (4.5:1)."""
    channels = [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
    share = 1.0
    while True:
        darker = "#" + "".join(f"{round(c * share):02X}" for c in channels)
        if share <= 0 or contrast(darker, ground) >= 4.5:
            return darker
        share -= 0.02


def on(ground: str) -> str:
    """Black or white, whichever reads better on a ground."""
    return max(("#000000", PAPER), key=lambda colour: contrast(colour, ground))


@dataclass(frozen=True)
class Look:
    """How a cell of the table of all indicators looks: ground, text, and the sign before it."""

    ground: str
    ink: str
    sign: str = ""


def _looks() -> dict[str, Look]:
    # a verdict that is not due is none: its ground is that of the paper
    grounds = {name: PAPER if name == "not_due" else s.fill for name, s in STATUSES.items()}
    looks = {
        name: Look(grounds[name], on(grounds[name]), STATUSES[name].sign)
        for name in ("met", "near", "missed", "not_due")
    }
    for place, (ground, grey) in enumerate(zip(SEQUENTIAL, SHADES, strict=True)):
        looks[f"fifth_{place + 1}"] = Look(ground, on(ground), str(place + 1))
        looks[f"level_{place + 1}"] = Look(grey, on(grey), BARS[place])
    looks["plain"] = Look(PAPER, INK)
    looks |= {name: Look(MISSING, MUTED) for name in ("missing", "suppressed")}
    looks["not_applicable"] = Look(NOT_APPLICABLE, MUTED)
    return looks


# Okabe and Ito's set in their order of contrast with white, with a grey in place of the yellow,
# which does not show on paper
SERIES = (
    Series("#0072B2", "solid", 0, "●"),
    Series("#D55E00", "dash", 1, "■"),
    Series("#009E73", "dot", 2, "◆"),
    Series("#CC79A7", "dashdot", 5, "▲"),
    Series("#000000", "longdash", 6, "▼"),
    Series("#E69F00", "longdashdot", 17, "★"),
    Series("#56B4E9", "8px,2px,2px,2px,2px,2px", 3, "✚"),
    Series("#7A7A7A", "3px,3px", 4, "✖"),
)

LOOKS = _looks()  # of the cells of the table of all indicators

_axis = {
    "fixedrange": True,
    "gridcolor": GRID,
    "linecolor": BORDER,
    "ticks": "",
    "zeroline": False,
    "tickfont": {"size": 12, "color": INK},
}
_whole = {"selected": {"marker": {"opacity": 1}}, "unselected": {"marker": {"opacity": 1}}}
_text = {"unselected": {"marker": {"opacity": 1}, "textfont": {"color": INK}}}

pio.templates[TEMPLATE] = go.layout.Template(
    layout={
        "font": {"family": FONT, "size": 12, "color": INK},
        "paper_bgcolor": PAPER,
        "plot_bgcolor": PAPER,
        "xaxis": _axis,
        "yaxis": _axis,
        "hoverlabel": {"align": "left", "bgcolor": PAPER, "font": {"family": FONT, "color": INK}},
        "hovermode": "closest",
        "showlegend": False,
    },
    # A click selects, and what is not selected keeps its colour
    data={"bar": [_whole], "choropleth": [_whole], "scatter": [_text], "scattergeo": [_text]},
)


@cache
def template() -> dict[str, Any]:
    """The template as a dictionary; shared: change nothing in it."""
    drawn: dict[str, Any] = pio.templates[TEMPLATE].to_plotly_json()
    return drawn
