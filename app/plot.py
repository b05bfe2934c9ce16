"""Shows a figure in the page and updates it in place (Streamlit).

Streamlit's own chart element is made anew whenever its figure changes, and drawing from nothing is
most of what a reader waits for after a change of quarter: see docs/decisions/0006.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable
from typing import Any

import orjson
import plotly.graph_objects as go
import streamlit as st

from app import assets

# The component's own code is short, since it is sent with every figure; the rest is fetched once.
# It has a line break, or Streamlit would take it for the name of a file.
_COMPONENT = st.components.v2.component(
    "figure",
    js=(
        "export default (figure) =>\n"
        f"import(new URL('app/static/{assets.script()}', document.baseURI))"
        ".then((script) => script.default(figure));"
    ),
    isolate_styles=False,
)


def show(payload: bytes, *, key: str, on_pick: Callable[[str], None] | None = None) -> None:
    """Show a figure under a key; `on_pick` is told the area code of a county that is clicked."""

    def picked() -> None:
        code = st.session_state[key].get("picked")
        if code and on_pick is not None:
            on_pick(code)

    _COMPONENT(key=key, data=payload, height="content", on_picked_change=picked)


def packed(figure: go.Figure, config: dict[str, Any], alt: str) -> bytes:
    """A figure, its configuration and the text for those who can't see it, as gzipped JSON."""
    drawn = figure.to_plotly_json()
    drawn["layout"].pop("meta", None)  # for pictures alone
    document = {
        "figure": drawn,
        "config": config,
        "alt": alt,
        "library": f"app/static/{assets.library()}",
    }
    return zipped(document)


def zipped(document: dict[str, Any], level: int = 9) -> bytes:
    """A document for a component's script, as gzipped JSON."""
    text = orjson.dumps(document, option=orjson.OPT_SERIALIZE_NUMPY)
    return gzip.compress(text, level, mtime=0)
