"""县域画像: one county on all indicators, what it has to do, and the counties most like it."""

import streamlit as st

from app.profile import page
from app.view import View

view: View = st.session_state["view"]
page.draw(view)
