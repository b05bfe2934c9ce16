"""乡村建设与治理: which villages lack services and rules of deliberation?"""

import streamlit as st

from app import topics

topics.page(st.session_state["view"])
