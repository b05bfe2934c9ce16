"""What is found out about a file, once for each file, choice and vintage (Streamlit)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st

from app import catalogue, lake, settings
from app.i18n import t
from app.intake import check, consequences, drafts, ledger, read
from app.intake.check import Assessment
from app.intake.consequences import Consequences
from app.intake.drafts import Draft
from app.intake.upload import Picks, Upload


@dataclass(frozen=True)
class Checked:
    """A file as read, judged and played through; `consequences` only where it could be stored."""

    upload: Upload
    assessment: Assessment
    consequences: Consequences | None


def checked(
    draft: Draft, dataset_id: str | None, period: str | None, picks: Mapping[str, str], lang: str
) -> Checked:
    """Read and check a file with its progress on the page; a new submission makes it checked anew.

    Raises UploadRejected and what the store raises.
    """
    config = settings.load()
    key = (lake.stamp(config), draft.sha256, dataset_id, period, tuple(sorted(picks.items())), lang)
    kept = st.session_state.get("checked")
    if kept is not None and kept[0] == key:
        found: Checked = kept[1]
        return found
    known = catalogue.load()
    place = st.empty()
    bar = place.progress(0.0, t("reporting.reading", lang))

    def tell(share: float) -> None:
        bar.progress(share / 2, t("reporting.reading", lang))

    try:
        picked = Picks(ledger.remembered_areas(config) | dict(picks), period)
        with drafts.at_hand(config, draft) as path:
            upload = read.read(path, known, dataset_id, lang, picks=picked, progress=tell)
        bar.progress(0.5, t("reporting.checking", lang))
        assessment = check.check(config, upload, known, lang)
        bar.progress(0.8, t("reporting.playing_through", lang))
        follows = None
        if not assessment.errors:
            follows = consequences.consequences(config, assessment, known)
    finally:
        place.empty()
    found = Checked(upload, assessment, follows)
    st.session_state["checked"] = (key, found)
    return found
