"""地图：any indicator by county or city over the quarters, its change, two maps at once."""

import streamlit as st

from app import panels
from app.map_explorer import views
from app.view import View

view: View = st.session_state["view"]
views.title(view)
views.explorer(view)
panels.meaning(view)
