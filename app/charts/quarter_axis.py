"""The axis of quarters below lines over time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app import periods
from app.lettering import BODY, wrap

_TICK_WIDTH = 44  # px of the name of a quarter


def quarter_axis(
    order: Sequence[str], ticks: Sequence[str], lang: str, *, end: float
) -> dict[str, Any]:
    """The quarters in their order, those of `ticks` named; it ends `end` steps before the next."""
    return {
        "type": "category",
        "categoryorder": "array",
        "categoryarray": order,
        "range": [-0.3, len(order) - end],
        "tickvals": ticks,
        "ticktext": ["<br>".join(wrap(periods.label(p, lang), _TICK_WIDTH, BODY)) for p in ticks],
        "showgrid": False,
        "showline": True,
    }
