"""护理型床位: is there enough care, where are beds missing, how far is the target?"""

import streamlit as st

from app import panels, topics
from app.view import View

view: View = st.session_state["view"]
panels.title(view, view.dataset.label(view.lang))
panels.headline(view)
panels.map_and_ranking(view)

left, right = st.columns(2)
with left:
    topics.gaps(view, ("care_beds_to_convert", "care_beds_to_build"))
with right:
    panels.trend(view)

panels.table(view)
panels.meaning(view)
