"""From a file at hand to the button that stores it (Streamlit)."""

from __future__ import annotations

import streamlit as st

from app.errors import DashboardError
from app.i18n import t
from app.intake.drafts import Draft
from app.reporting import changes, confirm, file, findings, follows
from app.reporting.checked import Checked, checked

PARTS = ("findings", "notes", "changes", "consequences")


def check_and_store(draft: Draft, lang: str) -> None:
    """Check the file, show what was found and what would change, and offer to store it."""
    st.subheader(t("reporting.step_check", lang), anchor=False)
    confirm.overtaken(lang)
    dataset_id, period = file.told(lang)
    picks: dict[str, str] = st.session_state.setdefault(f"picks_{draft.sha256}", {})
    try:
        found = checked(draft, dataset_id, period, picks, lang)
    except DashboardError as error:
        st.error(error.text(lang), icon=":material/error:")
        return
    findings.summary(found, lang)
    if not found.assessment.errors and not found.assessment.changes:
        st.info(t("reporting.nothing_new", lang), icon=":material/done_all:")
    findings.unknown_places(found, picks, lang)
    part(found, lang)
    if found.assessment.changes and not found.assessment.errors:
        told = confirm.Told(dataset_id or "", period or "", dict(picks))
        confirm.confirm(found, told, lang)


def part(found: Checked, lang: str) -> None:
    """What was found, what was interpreted, what would change and what follows, one at a time."""
    assessment = found.assessment
    counts = {
        "findings": len(assessment.errors) + len(assessment.warnings),
        "notes": len(found.upload.notes),
        "changes": len(assessment.changes),
    }
    offered = [name for name in PARTS if name in ("findings", "notes") or not assessment.errors]
    first = "findings" if counts["findings"] else "changes"
    # another file begins at its own first part
    chosen = st.segmented_control(
        t("reporting.part", lang), offered, default=first, required=True,
        key=f"part_{found.upload.sha256}_{bool(assessment.errors)}_{lang}",
        label_visibility="collapsed",
        format_func=lambda name: t(f"reporting.part_{name}", lang, count=counts.get(name, "")),
    )  # fmt: skip
    if chosen == "findings":
        findings.findings(found, lang)
    elif chosen == "notes":
        findings.notes(found, lang)
    elif chosen == "changes":
        changes.preview(found, lang)
    else:
        follows.follows(found, lang)
