"""指标全景: all indicators and all counties in one table, coloured by verdict or by fifth."""

import streamlit as st

from app import panels
from app.rug import page
from app.view import View

view: View = st.session_state["view"]
panels.title(view, view.text("menu.rug"))
shown = page.controls(view)
page.table(view, shown)
page.downloads(view, shown)
