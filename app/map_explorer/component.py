"""The map on its way to the browser, and a reader's clicks on it (Streamlit).

The quarters come all at once, so that the slider needs no server: see docs/decisions/0015.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
import streamlit as st

from app import areas, assets, choices, maps, plot
from app.i18n import t
from app.settings import ROOT

LEVEL = 6  # of compression: as quick as it is small
_WORDS = ("play", "pause", "next", "slider")

# Drawn by a script of its own, with what that of the figures fetches and unpacks
_COMPONENT = st.components.v2.component(
    "map_explorer",
    css=(ROOT / "app" / "map_explorer" / "map_explorer.css").read_text("utf-8"),
    js=(
        "export default (map) =>\n"
        f"Promise.all(['{assets.script('map_explorer')}', '{assets.script()}'].map((name) =>"
        " import(new URL(`app/static/${name}`, document.baseURI))))"
        ".then(([script, figure]) => script.default(map, figure));"
    ),
    isolate_styles=False,
)


def show(payload: bytes, *, key: str) -> None:
    """Show a map under a key; a click on a county selects it everywhere on the page."""

    def picked() -> None:
        code = st.session_state[key].get("picked")
        if code in areas.load():
            choices.choose_county(code)

    _COMPONENT(key=key, data=payload, height="content", on_picked_change=picked)


def zipped(document: Mapping[str, Any]) -> bytes:
    """The part of a map that all readers share, which is nearly all of it."""
    return plot.zipped(dict(document), LEVEL)


def packed(
    shared: bytes, *, arrangement: str, key: str, start: str, county: str | None, lang: str
) -> bytes:
    """A map for the browser: what is a reader's own in front, led by its length.

    `key` is where the address keeps the quarter that the slider is at, unless it is `start`;
    `county` is outlined.
    """
    own = orjson.dumps(
        {
            "arrangement": arrangement,
            "key": key,
            "start": start,
            "outline": [] if county is None else [maps.outline_trace(county)],
            "texts": {word: t(f"map_explorer.{word}", lang) for word in _WORDS},
        }
    )
    return len(own).to_bytes(4, "big") + own + shared
