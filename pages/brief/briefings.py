"""简报台账: the briefings that were made, what has changed in them since, making one again."""

import streamlit as st

from app.briefing import ledger_page
from app.view import View

view: View = st.session_state["view"]
st.title(view.text("menu.briefings"), anchor=False)
chosen = ledger_page.chosen(view)
if chosen is not None:
    ledger_page.changes(view, chosen)
    ledger_page.downloads(view, chosen)
