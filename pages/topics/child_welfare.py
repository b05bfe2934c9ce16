"""孤儿和事实无人抚养儿童: are standards above the minimum, and is everyone paid?"""

import streamlit as st

from app import topics

topics.page(st.session_state["view"])
