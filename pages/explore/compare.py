"""比较: up to eight counties and cities side by side, over time, and among all the others."""

import streamlit as st

from app import panels
from app.compare import chosen as choosing
from app.compare import page
from app.view import View

view: View = st.session_state["view"]
panels.title(view, view.text("menu.compare"))
chosen = choosing.controls(view)
page.show(view, chosen)
panels.meaning(view)
