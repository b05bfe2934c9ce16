"""社会救助: are standards kept, is town near country, who is recognised and helped?"""

import streamlit as st

from app import topics

topics.page(st.session_state["view"])
