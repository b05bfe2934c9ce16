"""上报数据: get the workbook, hand in a file, see what it changes, store it."""

import streamlit as st

from app import choices
from app.i18n import t
from app.reporting import confirm, file, form, steps

lang = choices.language()
st.title(t("menu.upload", lang), anchor=False)
if not confirm.outcome(lang):
    form.form(lang)
    draft = file.at_hand(lang)
    if draft is not None:
        steps.check_and_store(draft, lang)
