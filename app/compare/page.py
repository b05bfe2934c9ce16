"""The chosen view of the page, and no other (Streamlit)."""

from __future__ import annotations

import streamlit as st

from app.compare import drawn, table
from app.compare.chosen import Chosen
from app.view import View

_VIEWS = {
    "table": table.table,
    "trend": drawn.trend,
    "scatter": drawn.scatter,
    "spread": drawn.spread,
}


def show(view: View, chosen: Chosen) -> None:
    """The view that is chosen; without areas, what to do."""
    if not chosen.areas:
        st.info(view.text("compare.no_areas"), icon=":material/location_on:")
        return
    _VIEWS[chosen.show](view, chosen)
