"""报送情况: what has come of a quarter, in time or late, and who is still to be reminded."""

import streamlit as st

from app import panels
from app.board import page
from app.view import View

view: View = st.session_state["view"]
panels.title(view, view.text("menu.board"))
found = page.inside(view)
page.told(view, found)
page.datasets(view, found)
page.matrix(view, found)
page.to_remind(view, found)
page.download(view, found)
