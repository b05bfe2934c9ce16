"""总览: the topics at a glance, who misses a target and by how much, who has not reported."""

import streamlit as st

from app import menu, overview, panels
from app.view import View

view: View = st.session_state["view"]
panels.title(view, view.text("overview.title"))
overview.at_a_glance(view)
with st.container(horizontal=True):
    menu.to_all_indicators(view.lang)
    if view.choices.county:
        menu.to_county(view.lang)
panels.map_and_ranking(view)
left, right = st.columns([7, 5])
with left:
    overview.targets_missed(view)
with right:
    overview.not_reported(view)
panels.meaning(view)
