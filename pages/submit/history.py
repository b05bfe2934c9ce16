"""入库记录: every submission, what it changed, taking it back, and the dashboard as it was."""

import streamlit as st

from app import choices
from app.i18n import t
from app.reporting import ledger_page, withdrawal

lang = choices.language()
st.title(t("menu.history", lang), anchor=False)
ledger_page.as_of(lang)
ledger_page.submissions(lang)
withdrawal.form(lang)
