"""What is wrong or doubtful in a file, how it was read, and the names to be settled (Streamlit)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
import streamlit as st

from app import areas, formats, handout, levels, periods, scopes, townships
from app.i18n import t
from app.intake import annotate
from app.intake.upload import Finding
from app.reporting.checked import Checked
from app.townships import Township

SHOWN = 100  # findings on the page; the workbook that comes back holds them all


def summary(found: Checked, lang: str) -> None:
    """What the file is, and whether it can be stored."""
    upload, assessment = found.upload, found.assessment
    parts = [
        upload.dataset.label(lang),
        t("finding.and", lang).join(periods.label(p, lang) for p in upload.periods[:4])
        + (t("reporting.and_more", lang) if len(upload.periods) > 4 else ""),
        t("reporting.rows", lang, rows=upload.rows),
    ]
    st.markdown(f"**{formats.plain(upload.file_name)}**　" + " · ".join(filter(None, parts)))
    if upload.sample:
        st.markdown(t("reporting.is_sample", lang))
    errors, warnings = len(assessment.errors), len(assessment.warnings)
    if errors:
        st.error(t("reporting.errors", lang, errors=errors), icon=":material/error:")
    elif warnings:
        told = t("reporting.warnings", lang, warnings=warnings)
        st.warning(told, icon=":material/warning:")
    else:
        st.success(t("reporting.no_findings", lang), icon=":material/check_circle:")


def findings(found: Checked, lang: str) -> None:
    """Errors and warnings with their places, and the same in the analyst's own workbook."""
    upload, assessment = found.upload, found.assessment
    for kind, listed in (("errors", assessment.errors), ("warnings", assessment.warnings)):
        if listed:
            heading = t(f"reporting.heading_{kind}", lang, count=len(listed))
            st.markdown(f"**{heading}**")
            table(listed, lang)
    if assessment.errors or assessment.warnings:
        name = t("reporting.annotated_file", lang, file=upload.file_name.rpartition(".")[0])
        handout.button(
            t("reporting.annotated", lang),
            lambda: annotate.annotated(upload, assessment.errors, assessment.warnings, lang),
            f"{name}.xlsx", handout.WORKBOOK, on_click="ignore", icon=":material/format_paint:",
        )  # fmt: skip
        st.caption(t("reporting.annotated_note", lang))


def table(listed: Sequence[Finding], lang: str) -> None:
    """Findings as a table: where, what stands there, what is wrong and how to mend it."""
    titles = [t(f"reporting.column_{name}", lang) for name in ("place", "area", "value", "message")]
    rows = [
        (_place(each, lang), _area(each, lang), _value(each), each.message)
        for each in listed[:SHOWN]
    ]
    # its cells would be read as markdown
    shown = [[formats.plain(text) for text in row] for row in rows]
    st.table(pd.DataFrame(shown, columns=titles), border="horizontal", hide_index=True)
    if len(listed) > SHOWN:
        st.caption(t("reporting.shown_first", lang, shown=SHOWN, count=len(listed)))


def notes(found: Checked, lang: str) -> None:
    """How the file was read wherever that is not plain, and the counties left out."""
    if not found.upload.notes:
        st.markdown(t("reporting.read_plainly", lang))
        return
    st.markdown(t("reporting.notes", lang, count=len(found.upload.notes)))
    table(found.upload.notes, lang)


def unknown_places(found: Checked, picks: dict[str, str], lang: str) -> None:
    """Names that fit no area: the analyst picks, and the choice is remembered."""
    unknown = {
        each.place: each
        for each in found.assessment.errors
        if each.rule == "unknown_area" and each.place
    }
    if not unknown:
        return
    st.markdown(f"**{t('reporting.unknown_places', lang)}**")
    for place, each in list(unknown.items())[:20]:
        known = levels.units(found.upload.dataset.level)
        near = [code for code in each.candidates if code in known]
        options = [*near, *(code for code in _pickable(known, near) if code not in near)]
        label = t("reporting.which_area", lang, name=formats.plain(str(each.value)))
        st.selectbox(
            label, options, index=None, key=f"pick_{place}", width=420,
            format_func=lambda code: scopes.county_label(code, lang),
            placeholder=t("reporting.pick", lang),
            on_change=_picked, args=(picks, place),
        )  # fmt: skip
    st.caption(t("reporting.pick_note", lang))


def _picked(picks: dict[str, str], place: str) -> None:
    code = st.session_state[f"pick_{place}"]
    if code:
        picks[place] = code


def _place(each: Finding, lang: str) -> str:
    parts = [
        each.sheet,
        "" if each.row is None else t("reporting.row", lang, row=each.row),
        (each.column or "").replace("\n", ""),
    ]
    return " ".join(part for part in parts if part)


def _pickable(known: Mapping[str, areas.Unit], near: Sequence[str]) -> list[str]:
    """All that a place may be; of townships those of the counties of the nearest ones."""
    nearest = [known[code] for code in near]
    counties = {each.county_code for each in nearest if isinstance(each, Township)}
    inside = townships.of_counties()
    return [c for county in sorted(counties) for c in inside[county]] if counties else list(known)


def _area(each: Finding, lang: str) -> str:
    try:
        name = levels.unit(each.area_code or "").label(lang)
    except KeyError:  # what a file says is no area
        name = ""
    return " ".join(part for part in (name, each.period or "") if part)


def _value(each: Finding) -> str:
    if each.value is None:
        return ""
    if isinstance(each.value, int | float) and not isinstance(each.value, bool):
        return f"{each.value:,.10g}"
    return str(each.value)[:200]
