"""For whom figures are, people inside or everybody, and the mark that says so on every file."""

from __future__ import annotations

from typing import Literal

from app.i18n import t

Audience = Literal["inside", "public"]
INSIDE: Audience = "inside"
PUBLIC: Audience = "public"


def mark(hidden_below: int, lang: str) -> str:
    """What a file says of itself: internal, or for publication without counts below a threshold.

    `hidden_below` is 0 where nothing is hidden, as `Serving` has it.
    """
    if hidden_below:
        return t("audience.mark_public", lang, threshold=hidden_below)
    return t("audience.mark_inside", lang)


def page_header(marked: str) -> str:
    """The header that a spreadsheet prints on each of its pages, small and on the left."""
    return "&L&9" + marked.replace("&", "&&")
