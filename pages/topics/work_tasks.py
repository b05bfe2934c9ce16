"""重点任务台账: what is overdue, how far is each clause in each city, are problems mended?"""

import streamlit as st

from app.topics import tasks

tasks.page(st.session_state["view"])
