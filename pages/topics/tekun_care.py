"""特困供养与探访关爱: who has no care agreement, who is not visited, are homes upgraded?"""

import streamlit as st

from app import topics

topics.page(st.session_state["view"])
