"""待审: files that wait for a second pair of eyes before they are stored."""

import streamlit as st

from app import choices
from app.i18n import t
from app.reporting import review

lang = choices.language()
st.title(t("menu.review", lang), anchor=False)
review.show(lang)
