"""排名与进步: who stands where, who has moved most in a year, and what the ranks are worth."""

import streamlit as st

from app import panels
from app.progress import shown
from app.view import View

view: View = st.session_state["view"]
panels.title(view, view.text("menu.ranking"))
among = shown.within(view)
shown.worth(view, among)
shown.side_by_side(view, among)
shown.table(view, among)
panels.meaning(view)
