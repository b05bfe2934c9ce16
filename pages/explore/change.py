"""变化原因: which counties made the change of a figure, and what was corrected since."""

import streamlit as st

from app import panels
from app.explained import page
from app.view import View

view: View = st.session_state["view"]
mine = page.of_dataset(view)
panels.title(mine, view.text("menu.change"))
found = page.controls_and_split(mine)
page.finding(mine, found)
page.figure_and_parts(mine, found)
page.table(mine, found)
