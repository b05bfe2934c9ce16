"""做简报: choose what it is about, read it, take it as a file of any kind; or a batch."""

import streamlit as st

from app import panels
from app.briefing import page
from app.view import View

view: View = st.session_state["view"]
panels.title(view, view.text("menu.briefing"))
asked = page.asked(view)
if asked is not None:
    page.downloads(view, asked)
    page.preview(view, asked)
page.batch(view, asked)
