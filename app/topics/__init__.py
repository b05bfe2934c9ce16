"""The page of a dataset: what all have, and below it the views its catalogue file asks for."""

from __future__ import annotations

import streamlit as st

from app import panels
from app.catalogue import (
    FunnelView,
    GapsView,
    PageView,
    PairView,
    PartsView,
    RemainingView,
    StandardsView,
    TrendView,
)
from app.topics import drawn, lists
from app.view import View


def page(view: View) -> None:
    """Draw the whole page of a dataset from top to bottom."""
    assert view.dataset is not None
    panels.title(view, view.dataset.label(view.lang))
    if panels.without_data(view):
        panels.meaning(view)
        return
    panels.headline(view)
    panels.map_and_ranking(view)
    views(view, view.dataset.views)
    panels.table(view)
    panels.meaning(view)


def views(view: View, wanted: list[PageView]) -> None:
    """Views in their order, two beside each other; the last of an odd number has a row alone."""
    kinds = [each.kind for each in wanted]
    places = [
        # a second view of a kind needs a place of its own
        kind if kind not in kinds[:index] else f"{kind}_{kinds[:index].count(kind) + 1}"
        for index, kind in enumerate(kinds)
    ]
    for index in range(0, len(wanted), 2):
        if index + 1 == len(wanted):
            _draw(view, wanted[index], places[index])
            continue
        for column, each, place in zip(st.columns(2), wanted[index:], places[index:], strict=False):
            with column:
                _draw(view, each, place)


def _draw(view: View, wanted: PageView, place: str) -> None:
    match wanted:
        case StandardsView():
            lists.standards(view, wanted, place)
        case RemainingView():
            lists.remaining(view, wanted, place)
        case GapsView():
            drawn.gaps(view, wanted, place)
        case PartsView():
            drawn.parts(view, wanted, place)
        case PairView():
            drawn.pair(view, wanted, place)
        case FunnelView():
            drawn.funnel(view, wanted, place)
        case TrendView():
            panels.trend(view, place)
