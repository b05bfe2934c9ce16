"""What a page says when it fails: an error of ours in words, any other by a number in the log."""

from __future__ import annotations

import logging
import secrets

import streamlit as st

from app import choices
from app.errors import DashboardError
from app.i18n import t
from app.monitor import measures

_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # none that is taken for another when it is read out
_log = logging.getLogger(__name__)


def told(error: Exception) -> bool:
    """Say on the page what failed, and enter in the log what the page does not say."""
    lang = choices.language()
    if isinstance(error, DashboardError):
        _log.warning("a page was refused: %s", error.key)
        st.error(error.text(lang), icon=":material/error:")
        return True
    number = _number()
    measures.PROBLEMS.inc()
    _log.error("a page failed", exc_info=error, extra={"problem": number})
    st.error(t("problem.unexpected", lang, number=number), icon=":material/error:")
    return True


def _number() -> str:
    drawn = "".join(secrets.choice(_LETTERS) for _ in range(8))
    return f"{drawn[:4]}-{drawn[4:]}"
