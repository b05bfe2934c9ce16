"""护理型床位: is there enough care, where are beds missing, how far is the target?"""

import streamlit as st

from app import topics

topics.page(st.session_state["view"])
