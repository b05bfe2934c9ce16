"""Getting the workbook of a dataset, quarter and city (Streamlit)."""

from __future__ import annotations

import tempfile
from pathlib import Path

import streamlit as st

from app import areas, catalogue, handout, periods, scopes, settings
from app.access import rights
from app.access.people import Person
from app.i18n import t
from app.intake import previous, template

QUARTERS = 24  # how far back a quarter can be chosen
WHOLE = ""  # no city chosen


def form(lang: str) -> None:
    """Choose dataset, quarter and city, and download the workbook to fill in.

    Offered is what one may hand in: one's own datasets, and the cities that one reports in.
    """
    known, person = catalogue.load(), rights.acting()
    datasets = [name for name in known.datasets if name in person.datasets or not person.datasets]
    st.subheader(t("reporting.step_form", lang), anchor=False)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        dataset_id = st.selectbox(
            t("reporting.dataset", lang), datasets, width=300, key="form_dataset",
            format_func=lambda name: known.datasets[name].label(lang),
        )  # fmt: skip
        quarters = recent_quarters()
        period = st.selectbox(
            t("bar.period", lang), quarters, index=1, width=170, key="form_period",
            format_func=lambda name: periods.label(name, lang),
        )  # fmt: skip
        city = st.selectbox(
            t("reporting.city", lang), places(person), width=200, key="form_city",
            format_func=lambda code: _city(code, lang),
        )  # fmt: skip
        name = t(
            "reporting.form_file", lang, dataset=known.dataset(dataset_id).label(lang),
            period=periods.label(period, lang), city=_city(city, lang) if city else "",
        )  # fmt: skip
        handout.button(
            t("reporting.get_form", lang), lambda: _workbook(dataset_id, period, city, lang),
            f"{name}.xlsx", handout.WORKBOOK, on_click="ignore", icon=":material/download:",
            type="primary",
        )  # fmt: skip
    st.caption(t("reporting.form_note", lang))


def places(person: Person) -> list[str]:
    """The cities where someone reports a county; first the province, for whom it is the scope."""
    cities = [
        city for city in areas.cities()
        if any(rights.covers(person, code) for code in scopes.members(city))
    ]  # fmt: skip
    return [WHOLE, *cities] if areas.PROVINCE in person.scopes or not cities else cities


def recent_quarters() -> list[str]:
    """The quarters that can be reported, the running one first."""
    today = periods.today()
    running = f"{today.year}Q{(today.month + 2) // 3}"
    return [periods.shift(running, -back) for back in range(QUARTERS)]


def _city(code: str, lang: str) -> str:
    if code == WHOLE:
        return t("reporting.whole_province", lang)
    city = areas.cities()[code]
    return city.city_en if lang == "en" else city.city


def _workbook(dataset_id: str, period: str, city: str, lang: str) -> bytes:
    known = catalogue.load()
    dataset = known.dataset(dataset_id)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "form.xlsx"
        template.write(
            path, known, dataset, period, city_code=city or None, lang=lang,
            previous=previous.previous(settings.load(), dataset_id, period, lang),
        )  # fmt: skip
        return path.read_bytes()
