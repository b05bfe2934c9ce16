"""残疾人两项补贴: who is covered, are standards kept, is the money paid by one card?"""

import streamlit as st

from app import topics

topics.page(st.session_state["view"])
