"""Letters of an SVG as outlines: it looks the same where the Chinese typeface is not installed.

Each text of plotly.js (lines of spans, each with its own weight, size and colour) becomes paths of
the face that the browser takes. Where no such face is found here, the text stays text.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from fontTools.misc.transform import Transform
from fontTools.pens.svgPathPen import SVGPathPen
from fontTools.pens.transformPen import TransformPen
from fontTools.ttLib import TTCollection, TTFont
from lxml import etree

from app.lettering import Caption

_SVG = "{http://www.w3.org/2000/svg}"
_FAMILIES = "Microsoft YaHei,PingFang SC,Noto Sans CJK SC,sans-serif"
_WINDOWS = {False: (r"C:\Windows\Fonts\msyh.ttc", 0), True: (r"C:\Windows\Fonts\msyhbd.ttc", 0)}
_LENGTH = re.compile(r"^(-?[\d.]+)(em|px)?$")


@dataclass(frozen=True)
class _Look:
    """How letters look: size in px, whether bold, and the style of the paths."""

    size: float
    bold: bool
    style: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class _Run:
    """Letters of one look; `x` and `y` are where a line begins, None where it goes on."""

    text: str
    look: _Look
    x: float | None
    y: float | None


def outlined(picture: bytes, caption: Caption) -> bytes:
    """An SVG with its texts as paths, and what it shows told for those who can't see it."""
    tree = etree.fromstring(picture)
    for place, (name, words) in enumerate((("title", caption.title), ("desc", caption.subtitle))):
        told = etree.Element(f"{_SVG}{name}")
        told.text = words
        tree.insert(place, told)
    if _face(False) is not None:
        for text in list(tree.iter(f"{_SVG}text")):
            _replace(text)
    written: bytes = etree.tostring(tree, xml_declaration=True, encoding="utf-8")
    return written


def _replace(text: Any) -> None:
    look = _styled(text, _Look(12, False, ()))
    anchor = text.get("text-anchor", "start")
    group = etree.Element(f"{_SVG}g")
    if text.get("transform"):
        group.set("transform", text.get("transform"))
    origin = (float(text.get("x", 0)), float(text.get("y", 0)))
    for line in _lines(list(_runs(text, look, *origin))):
        _set_line(group, line, anchor)
    group.tail = text.tail
    text.getparent().replace(text, group)


def _runs(node: Any, look: _Look, x: float | None, y: float | None) -> Iterator[_Run]:
    """The letters of an element in order; its own place goes to the first of them."""
    if node.text:
        yield _Run(node.text, look, x, y)
        x = y = None
    for span in node:
        inner, at_x, at_y = _styled(span, look), x, y
        if span.get("x") is not None:
            at_x = float(span.get("x"))
            at_y = float(span.get("y", 0)) + _px(span.get("dy", "0"), inner.size)
        yield from _runs(span, inner, at_x, at_y)
        x = y = None
        if span.tail:
            yield _Run(span.tail, look, None, None)


def _lines(runs: list[_Run]) -> list[list[_Run]]:
    lines: list[list[_Run]] = []
    for run in runs:
        if run.x is not None or not lines:
            lines.append([])
        lines[-1].append(run)
    return lines


def _set_line(group: Any, line: list[_Run], anchor: str) -> None:
    """A line of letters from its place to the right, or to the left or both sides of it."""
    first = line[0]
    width = sum(_advance(run) for run in line)
    x = (first.x or 0) - width * {"middle": 0.5, "end": 1.0}.get(anchor, 0.0)
    for run in line:
        commands = _commands(run, x, first.y or 0)
        if commands:
            path = etree.SubElement(group, f"{_SVG}path", d=commands)
            path.set("style", ";".join(f"{name}:{value}" for name, value in run.look.style))
        x += _advance(run)


def _advance(run: _Run) -> float:
    face = _face(run.look.bold)
    assert face is not None
    width: float = sum(face.glyphs[face.name(letter)].width for letter in run.text)
    return width * run.look.size / face.units


def _commands(run: _Run, x: float, y: float) -> str:
    face = _face(run.look.bold)
    assert face is not None
    scale = run.look.size / face.units
    pen = SVGPathPen(face.glyphs, ntos=lambda value: f"{value:.2f}".rstrip("0").rstrip("."))
    for letter in run.text:
        glyph = face.glyphs[face.name(letter)]
        glyph.draw(TransformPen(pen, Transform(scale, 0, 0, -scale, x, y)))
        x += glyph.width * scale
    return str(pen.getCommands())


def _styled(node: Any, look: _Look) -> _Look:
    """The look of an element: its own style over that of the one around it."""
    given = dict(
        (name.strip(), value.strip())
        for name, _, value in (part.partition(":") for part in node.get("style", "").split(";"))
        if value
    )
    style = dict(look.style)
    style |= {name: given[name] for name in ("fill", "fill-opacity", "opacity") if name in given}
    size, weight = given.get("font-size"), given.get("font-weight", "")
    return replace(
        look,
        size=look.size if size is None else _px(size, look.size),
        bold=look.bold or weight == "bold" or (weight.isdigit() and int(weight) >= 600),
        style=tuple(style.items()),
    )


def _px(length: str, size: float) -> float:
    found = _LENGTH.match(length.strip())
    if found is None:
        return size
    return float(found[1]) * (size if found[2] == "em" else 1)


class _Face:
    """A typeface: its glyphs, and which stands for a letter."""

    def __init__(self, path: str, index: int) -> None:
        font = TTCollection(path).fonts[index] if path.endswith(".ttc") else TTFont(path)
        self.units: int = font["head"].unitsPerEm
        self.glyphs = font.getGlyphSet()
        self._names = font.getBestCmap()

    def name(self, letter: str) -> str:
        """The glyph of a letter, or the one for letters that the face lacks."""
        return str(self._names.get(ord(letter), ".notdef"))


@cache
def _face(bold: bool) -> _Face | None:
    """The face that the browser takes; None where none is found."""
    if os.name == "nt":
        path, index = _WINDOWS[bold]
        return _Face(path, index) if os.path.exists(path) else None
    if shutil.which("fc-match") is None:
        return None
    wanted = f"{_FAMILIES}:lang=zh-cn" + (":bold" if bold else "")
    found = subprocess.run(
        ["fc-match", "--format=%{file}\t%{index}", wanted], capture_output=True, text=True,
        check=False, timeout=10,
    )  # fmt: skip
    path, _, index_told = found.stdout.partition("\t")
    if found.returncode or not os.path.exists(path):
        return None
    return _Face(path, int(index_told or 0))
