"""The dashboard as it was: a past vintage, the band that marks it, the way back (Streamlit)."""

from __future__ import annotations

import logging
from contextlib import nullcontext

import streamlit as st

import queries
from app import choices, view
from app.access import rights
from app.audience import PUBLIC
from app.errors import StoreBusy, StoreUnavailable, SuppressionRefused, UnknownName
from app.i18n import t
from app.periods import SHANGHAI
from app.serving import Serving

_log = logging.getLogger(__name__)


def opened(lang: str) -> tuple[Serving, str]:
    """The data that the reader asks for and their stamp; says so where there is no such vintage.

    Where the store can't be opened the page ends here, with what to do about it.
    """
    try:
        return _asked_for(lang)
    except (StoreBusy, StoreUnavailable) as error:
        _log.error("the store can't be opened: %s", error.key)
        choices.language_switch(lang)
        mends = rights.may(rights.acting(), "administer")
        told = error.text(lang) if mends else t("past.store_away", lang)
        st.error(told, icon=":material/error:")
        st.stop()


def _asked_for(lang: str) -> tuple[Serving, str]:
    audience = choices.audience()
    try:
        with st.spinner(t("audience.opening", lang)) if audience == PUBLIC else nullcontext():
            return view.current(choices.as_of(), audience)
    except (UnknownName, SuppressionRefused) as error:
        if not choices.as_of():
            raise
        st.warning(error.text(lang), icon=":material/history:")
        choices.show_as_of(choices.LATEST)
        return view.current(choices.LATEST, audience)


def band(source: Serving, lang: str) -> None:
    """A clear band across the page where a past vintage is shown, with the way back."""
    if not source.past:
        return
    row = queries.run("vintage_stored", source.cursor()).fetchone()
    stored = row[1].astimezone(SHANGHAI) if row and row[1] else None
    key = "past.band" if stored else "past.before_first"
    told = t(key, lang, vintage=source.vintage, day=f"{stored:%Y-%m-%d %H:%M}" if stored else "")
    with st.container(border=True, horizontal=True, vertical_alignment="center", key="past_band"):
        st.markdown(f":orange-background[**{t('past.mark', lang)}**]　{told}")
        st.button(
            t("past.back", lang), on_click=choices.show_as_of, args=(choices.LATEST,),
            icon=":material/update:",
        )  # fmt: skip
