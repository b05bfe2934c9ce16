"""Withdrawing a wrongly reported cell or county, with a reason (Streamlit)."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from app import catalogue, levels, periods, scopes, settings
from app.catalogue import Dataset
from app.errors import DashboardError
from app.i18n import t
from app.intake import ledger
from app.reporting import confirm
from app.reporting.changes import cell, texts_of
from app.reporting.form import recent_quarters
from app.reporting.ledger_page import tell

_HEADINGS = {
    "county": "bar.county",
    "city": "template.city_name",
    "township": "template.township_name",
}


@dataclass(frozen=True)
class _Place:
    """What is to be withdrawn: a dataset's cells of a quarter and an area, once one is chosen."""

    dataset: Dataset
    period: str
    area: str | None


def form(lang: str) -> None:
    """Choose dataset, quarter, county and measures, and withdraw what is stored there."""
    st.divider()
    with st.expander(t("ledger.withdraw", lang), icon=":material/backspace:"):
        st.caption(t("ledger.withdraw_note", lang))
        place = _place(lang)
        measures = _measures(place, lang)
        if measures is None:
            st.info(t("ledger.nothing_stored", lang), icon=":material/inbox:")
            return
        with st.form("withdraw", border=False):
            by = st.text_input(
                t("reporting.by", lang), value=confirm.reporter(), max_chars=60,
                key="withdraw_by", disabled=confirm.is_named(),
            )  # fmt: skip
            reason = st.text_input(t("ledger.reason", lang), max_chars=200, key="withdraw_reason")
            asked = st.form_submit_button(t("ledger.withdraw_now", lang))
        if asked:
            _withdraw(place, measures, by.strip(), reason.strip(), lang)


def _place(lang: str) -> _Place:
    """The controls of dataset, quarter and area."""
    known = catalogue.load()
    with st.container(horizontal=True):
        dataset_id = st.selectbox(
            t("reporting.dataset", lang), list(known.datasets), width=280,
            key="withdraw_dataset", format_func=lambda name: known.datasets[name].label(lang),
        )  # fmt: skip
        period = st.selectbox(
            t("bar.period", lang), recent_quarters(), index=1, width=170, key="withdraw_period",
            format_func=lambda name: periods.label(name, lang),
        )  # fmt: skip
        level = known.dataset(dataset_id).level
        area = st.selectbox(
            t(_HEADINGS[level], lang),
            list(levels.units(level)), index=None, width=260,
            key="withdraw_area" if level == "county" else f"withdraw_{level}",
            format_func=lambda code: scopes.county_label(code, lang),
            placeholder=t("reporting.pick", lang),
        )  # fmt: skip
    return _Place(known.dataset(dataset_id), period, area)


def _measures(place: _Place, lang: str) -> list[str] | None:
    """What is stored at a place, and the control of its measures; None where nothing is.

    None chosen means all of them, as it does before an area is chosen.
    """
    dataset = place.dataset
    if not place.area:
        return []
    stored = ledger.stored_cells(settings.load(), dataset.id, place.period, place.area)
    if not stored:
        return None
    texts = texts_of(dataset)
    told = (
        f"{dataset.measure(c.measure_id).label(lang)} "
        + cell(c.value, c.status, dataset.measure(c.measure_id), texts, lang)
        for c in stored
    )
    st.markdown(t("ledger.stored", lang, cells=t("finding.and", lang).join(told)))
    return st.multiselect(
        t("ledger.measures", lang), [c.measure_id for c in stored],
        key=f"withdraw_measures_{dataset.id}_{place.period}_{place.area}",
        format_func=lambda name: dataset.measure(name).label(lang),
        placeholder=t("ledger.all_measures", lang),
    )  # fmt: skip


def _withdraw(place: _Place, measures: list[str], by: str, reason: str, lang: str) -> None:
    """Withdraw the measures of a place, or say why not."""
    if not (place.area and by and reason):
        st.error(t("ledger.lacks_area_and_reason", lang), icon=":material/edit:")
        return
    try:
        with st.spinner(t("reporting.storing", lang)):
            vintage, cells = ledger.withdraw(
                settings.load(), place.dataset.id, place.period, place.area, measures or None,
                by=by, note=reason,
            )  # fmt: skip
    except DashboardError as error:
        st.error(error.text(lang), icon=":material/error:")
        return
    tell(t("ledger.withdrawn", lang, new=f"S{vintage}", cells=cells))
