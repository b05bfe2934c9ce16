"""社工站（点）: which towns have no station yet, and who works in them?"""

import streamlit as st

from app import panels, topics
from app.view import View

view: View = st.session_state["view"]
panels.title(view, view.dataset.label(view.lang))
panels.headline(view)
panels.map_and_ranking(view)

left, right = st.columns(2)
with left:
    topics.remaining(view, "station_coverage")
with right:
    panels.trend(view)

panels.table(view)
panels.meaning(view)
