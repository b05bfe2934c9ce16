"""达标测算: what a target needs by a deadline, county by county, against the pace so far."""

import streamlit as st

from app import panels
from app.planner import page
from app.view import View

view: View = st.session_state["view"]
wanted = page.asked(view)
if wanted is not None and page.known(wanted):
    page.answer(wanted)
    page.figures_of(wanted)
    page.whole_and_each(wanted)
    page.table(wanted)
    page.download(wanted)
panels.meaning(view)
