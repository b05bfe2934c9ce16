"""精康融合: where is there no service yet, and how many registered persons take part?"""

import streamlit as st

from app import topics

topics.page(st.session_state["view"])
