"""Figures as pictures for documents: PNG, SVG and PDF, as wide as the text of an official page.

They are drawn by a worker of its own (`app.pictures.worker`), so that no page waits for another's.
"""

from __future__ import annotations

from typing import Literal

import plotly.graph_objects as go

from app import geography, lettering
from app.pictures import inlined, outlines, queue, resolution

MILLIMETRES = 156  # the width of the text of an official document
DPI = 300
CSS_DPI = 96  # px of the browser in an inch
Format = Literal["png", "svg", "pdf"]


def png(figure: go.Figure, *, millimetres: float = MILLIMETRES) -> bytes:
    """A framed figure as PNG at 300 dpi, which the file tells.

    Raises NoBrowser, PictureTooSlow or PictureFailed, as all of these do.
    """
    return resolution.told(_drawn(figure, "png", millimetres), DPI)


def svg(figure: go.Figure, *, millimetres: float = MILLIMETRES) -> bytes:
    """A framed figure as SVG, its letters as outlines where a typeface for them is found here."""
    return outlines.outlined(_drawn(figure, "svg", millimetres), lettering.caption_of(figure))


def pdf(figure: go.Figure, *, millimetres: float = MILLIMETRES) -> bytes:
    """A framed figure as PDF, its letters embedded."""
    return _drawn(figure, "pdf", millimetres)


def browser_found() -> bool:
    """Whether there is a browser to draw with."""
    return queue.browser() is not None


def close() -> None:
    """End the worker; the next picture starts it again."""
    queue.WORKER.close()


def _drawn(figure: go.Figure, kind: Format, millimetres: float) -> bytes:
    width = round(millimetres / 25.4 * CSS_DPI)
    framed = lettering.rewrapped(figure, width)
    document = framed.to_plotly_json()
    document["layout"].pop("meta", None)
    inlined.put_in(document)
    return queue.WORKER.draw(
        {
            "figure": document,
            "topojson": geography.topology_folder(),
            "options": {
                "format": kind,
                "width": width,
                "height": framed.layout.height,
                "scale": DPI / CSS_DPI if kind == "png" else 1,
            },
        }
    )
