"""残疾人两项补贴: who is covered, are standards kept, is the money paid by one card?"""

import streamlit as st

from app import panels, topics
from app.view import View

view: View = st.session_state["view"]
panels.title(view, view.dataset.label(view.lang))
panels.headline(view)
panels.map_and_ranking(view)

left, right = st.columns(2)
with left:
    topics.remaining(view, "one_card_share")
with right:
    topics.standards(view, ("hardship_standard", "severe_standard"))
panels.trend(view)

panels.table(view)
panels.meaning(view)
