"""通知逐条: what each clause asks for, what answers it, where counties stand, what is absent."""

import streamlit as st

from app import clauses
from app.view import View

view: View = st.session_state["view"]
clauses.heading(view)
clauses.at_a_glance(view)
clause = clauses.chosen(view)
clauses.detail(view, clause)
