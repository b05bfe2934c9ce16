"""社工站（点）: which towns have no station yet, and who works in them?"""

import streamlit as st

from app import topics

topics.page(st.session_state["view"])
