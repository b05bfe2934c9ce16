"""驻镇帮镇扶村和援藏援疆: are teams in place, do they visit, what is given?"""

import streamlit as st

from app import topics

topics.page(st.session_state["view"])
