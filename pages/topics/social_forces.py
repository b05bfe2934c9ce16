"""社会力量: who is paired, what is funded, are there organisations in the villages?"""

import streamlit as st

from app import topics

topics.page(st.session_state["view"])
