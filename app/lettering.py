"""Text inside figures: its width, its lines, and the frame of title, subtitle, key and footer.

A figure is drawn at the width of the reader's screen, which is unknown here: lines are broken for a
phone, and every margin is set in pixels so that the browser moves nothing.
"""

from __future__ import annotations

import html
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any

import plotly.graph_objects as go

from app import palette
from app.i18n import t

CHECKED = False  # whether Plotly looks every figure over
TITLE, BODY, SMALL = 16, 12, 11  # font sizes, px
LEADING = 1.3  # plotly's own line height
EDGE = 3  # px between text and the edge of the figure
BUTTON = 26  # px beside the title for the picture button
_TABLE, _PADDING = 13, 18  # px of the text of a table, and beside it
_NO_START = "，。、；：）》”％%,.;:)"
_NO_END = "（《“("
_PAUSES = "，；。\u3000"
_MARK_EVERY = 420  # px of plot height for each sample mark


@dataclass(frozen=True)
class Caption:
    """What a figure says about itself.

    `title` is the finding; `subtitle` the indicator, unit, period and coverage; `footer` source and
    vintage. `sample` marks the figure as sample data. `width` is the room for a line of text in px.
    """

    title: str
    subtitle: str
    footer: str
    sample: bool = False
    lang: str = "zh"
    width: int = 344


@dataclass(frozen=True)
class Key:
    """One entry of the key under the subtitle: a text, its colour, and the colour of a swatch."""

    text: str
    ink: str = palette.INK
    swatch: str = ""


@dataclass(frozen=True)
class _Block:
    """Lines of one size and colour above or below a plot."""

    lines: list[str]
    size: float
    ink: str = palette.INK

    @property
    def height(self) -> float:
        """In px, with the air below it."""
        return len(self.lines) * self.size * LEADING + 4 if self.lines else 0


def text_width(text: str, size: float) -> float:
    """Estimated width in px of a text in the template's fonts; rather too wide than too narrow."""
    return size * sum(map(_em, text))


def column_width(texts: Iterable[str], least: int, most: int) -> int:
    """The width in px of a column of a table in which texts stand whole, within bounds."""
    widest = max((text_width(text, _TABLE) for text in texts), default=0)
    return min(most, max(least, round(widest) + _PADDING))


def wrap(text: str, width: float, size: float, even: bool = False) -> list[str]:
    """Break a text into lines of at most `width` px, Chinese anywhere and Latin between words.

    A comma or the dot between two parts near the end of a line ends it. With `even`, as in titles,
    a colon does too, and the lines are of about the same length. A word longer than a line keeps
    its own line.
    """
    pauses = _PAUSES + "：" * even
    lines = _greedy(text, width, size, pauses)
    if even and len(lines) > 1:
        narrower = width
        while narrower > width / 2:
            narrower -= size / 2
            tried = _greedy(text, narrower, size, pauses)
            if len(tried) > len(lines) or any(text_width(line, size) > width for line in tried):
                break
            lines = tried
    return lines


def shorten(text: str, width: float, size: float) -> str:
    """Cut a text to `width` px with an ellipsis."""
    if text_width(text, size) <= width:
        return text
    while text and text_width(text + "…", size) > width:
        text = text[:-1]
    return text.rstrip() + "…"


def coloured(text: str, colour: str) -> str:
    """A piece of a line in a colour, for plotly."""
    return f"<span style='color:{colour}'>{html.escape(text, quote=False)}</span>"


def frame(
    caption: Caption,
    plot: int,
    *,
    left: int,
    right: int,
    above: int = 0,
    below: int = 0,
    key: Sequence[Key] = (),
    note: str = "",
    mark: tuple[float, float] | None = None,
) -> dict[str, Any]:
    """Layout of a figure: size, margins, title, subtitle, key, footer and sample mark.

    `plot` is the height of the plot in px, `left` and `right` its margins, `above` and `below` the
    room for axis labels. `key` stands under the subtitle, `note` before the footer; `mark` is where
    the sample mark goes (shares of width and height), else along the middle. What was asked for is
    told in `meta`, for `rewrapped`.
    """
    heads, feet = _heads(caption, key), _feet(caption, note)
    top = 6 + above + sum(block.height for block in heads)
    bottom = 8 + below + sum(block.height for block in feet)
    annotations = [
        *_stacked(heads, 1, top - 4, left),
        *_stacked(feet, 0, -4 - below, left),
        *(_sample_marks(plot, caption.lang, mark) if caption.sample else []),
    ]
    return {
        "template": palette.TEMPLATE,
        "height": round(top + plot + bottom),
        "margin": {"l": left, "r": right, "t": round(top), "b": round(bottom), "pad": 0},
        "annotations": annotations,
        "meta": {
            "notes": len(annotations),
            "frame": {
                "caption": asdict(caption), "plot": plot, "left": left, "right": right,
                "above": above, "below": below, "key": [asdict(each) for each in key],
                "note": note, "mark": mark,
            },
        },
    }  # fmt: skip


def _heads(caption: Caption, key: Sequence[Key]) -> list[_Block]:
    """What stands above a plot: title, subtitle and key."""
    room = caption.width
    blocks = [
        _Block(_escaped(wrap(caption.title, room - BUTTON, TITLE, even=True), "b"), TITLE),
        _Block(_escaped(wrap(caption.subtitle, room, BODY)), BODY, palette.MUTED),
        _Block(_key_lines(key, room, t("figure.gap", caption.lang)), BODY),
    ]
    return [block for block in blocks if block.lines]


def _feet(caption: Caption, note: str) -> list[_Block]:
    """What stands below a plot: a note, that the data are a sample, and the source."""
    blocks = []
    if note:
        blocks.append(_Block(_escaped(wrap(note, caption.width, SMALL)), SMALL))
    if caption.sample:
        blocks.append(_Block([f"<b>{t('figure.sample_note', caption.lang)}</b>"], SMALL))
    footer = _escaped(wrap(caption.footer, caption.width, SMALL))
    return [*blocks, _Block(footer, SMALL, palette.MUTED)]


def _stacked(blocks: Sequence[_Block], y: int, shift: float, left: int) -> list[dict[str, Any]]:
    """Blocks one below the other, the first `shift` px above an edge of the plot, `y` 0 or 1."""
    placed = []
    for block in blocks:
        placed.append(_block(block, y, shift, left))
        shift -= block.height
    return placed


def drawn(data: Sequence[Mapping[str, Any]], layout: Mapping[str, Any]) -> go.Figure:
    """A figure of traces and a layout of ours; looked over only where CHECKED, as tests do.

    Plotly takes longer to look over what is right than to draw it. Raises ValueError for what
    Plotly does not know, where it is looked over.
    """
    if layout.get("template") == palette.TEMPLATE:
        layout = {**layout, "template": palette.template()}
    return go.Figure(data=data, layout=layout, _validate=CHECKED)


def caption_of(figure: go.Figure) -> Caption:
    """What a framed figure says of itself."""
    return Caption(**figure.layout.meta["frame"]["caption"])


def rewrapped(figure: go.Figure, width: int) -> go.Figure:
    """A copy of a framed figure that is `width` px wide, its lines broken for that width.

    The plot keeps its height, and what a chart has written in it its place.
    """
    meta = figure.layout.meta
    told = dict(meta["frame"])
    caption = Caption(**told.pop("caption") | {"width": width - 2 * EDGE})
    key = [Key(**each) for each in told.pop("key")]
    layout = frame(caption, told.pop("plot"), key=key, **told)
    document = figure.to_plotly_json()
    others = document["layout"]["annotations"][meta["notes"] :]
    layout["annotations"] = [*layout["annotations"], *others]
    document["layout"] |= layout | {"width": width}
    return drawn(document["data"], document["layout"])


@cache
def _em(character: str) -> float:
    if unicodedata.east_asian_width(character) in "WFA":
        return 1.0
    if character in " .,:;|'!il()":
        return 0.32
    if character.isupper():
        return 0.68
    return 0.58 if character.isdigit() or character == "%" else 0.55


def _tokens(text: str) -> list[str]:
    tokens: list[str] = []
    for character in text:
        wide = _is_wide(character)
        before = tokens[-1][-1] if tokens else " "
        joins = (
            character in _NO_START
            or before in _NO_END
            or (wide and before.isdigit())  # a number keeps its unit
            or not (wide or character == " " or before == " " or _is_wide(before))
        )
        if tokens and joins and tokens[-1] != " ":
            tokens[-1] += character
        else:
            tokens.append(character)
    return tokens


def _is_wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in "WF"


def _greedy(text: str, width: float, size: float, pauses: str) -> list[str]:
    lines: list[str] = []
    line: list[str] = []
    for token in _tokens(text):
        line.append(token)
        while len(line) > 1 and text_width("".join(line).rstrip(), size) > width:
            end = _pause(line[:-1], width, size, pauses) or len(line) - 1
            lines.append(_trimmed(line[:end]))
            line = line[end:]
            while line and not line[0].strip():
                line = line[1:]
    rest = _trimmed(line)
    return [*lines, rest] if rest else lines


def _trimmed(line: list[str]) -> str:
    """A line without the spaces and the dots between parts at its ends."""
    return "".join(line).rstrip().removesuffix(" ·").removeprefix("· ")


def _pause(line: list[str], width: float, size: float, pauses: str) -> int:
    """How many tokens end at the last pause or gap, if that fills most of the line; else 0."""
    for end in range(len(line), 0, -1):
        if line[end - 1][-1] in pauses or line[end - 2 : end] == [" ", "·"]:
            return end if text_width("".join(line[:end]), size) > 0.6 * width else 0
    return 0


def _escaped(lines: list[str], tag: str = "") -> list[str]:
    escaped = [html.escape(line, quote=False) for line in lines]
    return [f"<{tag}>{line}</{tag}>" for line in escaped] if tag else escaped


def _key_lines(key: Sequence[Key], room: float, gap: str) -> list[str]:
    lines: list[str] = []
    used = 0.0
    for entry in key:
        mark = coloured("■ ", entry.swatch) if entry.swatch else ""
        width = text_width(("■ " if mark else "") + entry.text, BODY)
        piece = mark + coloured(entry.text, entry.ink)
        if lines and used + text_width(gap, BODY) + width <= room:
            lines[-1] += gap + piece
            used += text_width(gap, BODY) + width
        else:
            lines.append(piece)
            used = width
    return lines


def _block(block: _Block, y: int, shift: float, left: int) -> dict[str, Any]:
    return {
        "text": "<br>".join(block.lines),
        "font": {"size": block.size, "color": block.ink},
        "align": "left",
        "showarrow": False,
        "borderpad": 0,
        "x": 0,
        "xref": "paper",
        "xanchor": "left",
        "xshift": EDGE - left,
        "y": y,
        "yref": "paper",
        "yanchor": "top",
        "yshift": round(shift),
    }


def _sample_marks(plot: int, lang: str, mark: tuple[float, float] | None) -> list[dict[str, Any]]:
    count = max(1, round(plot / _MARK_EVERY))
    places = [mark] if mark else [(0.5, round((i + 0.5) / count, 3)) for i in range(count)]
    return [
        {
            "text": t("figure.sample", lang),
            "font": {
                "size": min(36 if lang == "zh" else 28, round(plot / 4)),
                "color": palette.SAMPLE,
            },
            "textangle": -18,
            "showarrow": False,
            "x": x,
            "xref": "paper",
            "xanchor": "center",
            "y": y,
            "yref": "paper",
        }
        for x, y in places
    ]
