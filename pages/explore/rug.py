"""指标全景: all indicators and all counties in one table, coloured by verdict or by fifth."""

import streamlit as st

from app import all_indicators, panels
from app.view import View

view: View = st.session_state["view"]
panels.title(view, view.text("menu.rug"))
shown = all_indicators.controls(view)
all_indicators.table(view, shown)
all_indicators.downloads(view, shown)
