"""数据质量: which stored figures of a quarter need a second look, and why."""

import streamlit as st

from app import panels
from app.quality import page
from app.view import View

view: View = st.session_state["view"]
panels.title(view, view.text("menu.quality"))
found = page.inside(view)
page.counted(view, found)
if not found:
    st.success(view.text("quality.none"), icon=":material/task_alt:")
    st.stop()
shown = page.filtered(view, found)
if not shown:
    st.info(view.text("quality.none_chosen"))
    st.stop()
page.table(view, shown)
page.download(view, shown)
page.one(view, shown)
