"""低收入人口动态监测: are alerts handled, and in time?"""

import streamlit as st

from app import topics

topics.page(st.session_state["view"])
