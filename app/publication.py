"""Figures for publication, for people inside: the switch, the band, quarters that lack (Streamlit).

They are those that people outside see: `view.current` makes both in one way.
"""

from __future__ import annotations

from urllib.parse import urlsplit

import streamlit as st

from app import audience as audiences
from app import choices, menu, periods, settings
from app.access import rights
from app.access.people import Person
from app.audience import INSIDE, PUBLIC, Audience
from app.errors import BadPeriod
from app.i18n import t

_LATE = "late_period"  # in the session: the quarter that was asked for and is not public


def mark(person: Person, lang: str) -> str:
    """For whom the pages are that someone sees."""
    inside = rights.may(person, "see") and choices.audience() == INSIDE
    return audiences.mark(0 if inside else settings.load().small_counts, lang)


def switch(person: Person, lang: str) -> None:
    """Say for whom the figures are, and change it where the page has others for publication."""
    if not rights.may(person, "see"):
        return
    audience = choices.audience()
    place = urlsplit(st.context.url or "").path.rpartition("/")[2]
    if audience == INSIDE and menu.is_offered(place, person, PUBLIC):
        st.button(
            t("audience.to_public", lang), on_click=_show, args=(PUBLIC,), key="to_public",
            type="tertiary", help=t("audience.to_public_help", lang),
        )  # fmt: skip


def band(person: Person, lang: str) -> None:
    """A clear band across the page while an insider sees figures for publication, and the way back.

    It does not say so to people outside, who see no others.
    """
    if choices.audience() == INSIDE or not rights.may(person, "see"):
        return
    told = t("audience.band", lang, threshold=settings.load().small_counts)
    with st.container(border=True, horizontal=True, vertical_alignment="center", key="public_band"):
        st.markdown(f":blue-background[**{t('audience.public', lang)}**]　{told}")
        st.button(
            t("audience.to_inside", lang), on_click=_show, args=(INSIDE,), key="to_inside",
            icon=":material/undo:",
        )  # fmt: skip


def late_quarter(available: list[str], lang: str) -> None:
    """Say that the quarter that was asked for is not public, until another one is chosen."""
    state = st.session_state
    wanted = str(state.get("period", ""))
    if wanted and wanted not in available and _is_quarter(wanted):
        state[_LATE] = wanted
    late = state.get(_LATE)
    if late is None:
        return
    if late in available or wanted not in (late, available[-1]):
        del state[_LATE]
        return
    st.info(
        t("audience.late", lang, period=periods.label(late, lang),
          shown=periods.label(available[-1], lang)),
        icon=":material/lock_clock:",
    )  # fmt: skip


def _is_quarter(text: str) -> bool:
    try:
        periods.parse(text)
    except BadPeriod:
        return False
    return True


def _show(audience: Audience) -> None:
    late = st.session_state.pop(_LATE, None)
    if late is not None:  # back to where one was
        st.session_state["period"] = late
    choices.show_for(audience)
