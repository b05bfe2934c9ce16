"""孤儿和事实无人抚养儿童: are standards above the minimum, and is everyone paid?"""

import streamlit as st

from app import panels, topics
from app.view import View

view: View = st.session_state["view"]
panels.title(view, view.dataset.label(view.lang))
panels.headline(view)
panels.map_and_ranking(view)

left, right = st.columns(2)
with left:
    topics.standards(view, ("standard_institution", "standard_scattered"))
with right:
    panels.trend(view)
topics.parts(view, ("orphans_institution", "orphans_scattered", "unattended_children"), "persons")

panels.table(view)
panels.meaning(view)
