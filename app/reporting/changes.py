"""The change before it happens, and the change a stored submission made (Streamlit)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

import pandas as pd
import streamlit as st

from app import (
    audience,
    catalogue,
    exports,
    formats,
    handout,
    levels,
    periods,
    scopes,
    settings,
)
from app.catalogue import Dataset, Measure
from app.i18n import t
from app.intake import ledger
from app.reporting.checked import Checked

SHOWN = 2_000  # changed cells on the page; the file to download holds them all
_COLUMNS = ("county", "period", "measure", "change", "old", "new", "difference")


class CellChange(Protocol):
    """A cell before and after: of an upload not yet stored, or of a submission."""

    @property
    def area_code(self) -> str: ...
    @property
    def period(self) -> str: ...
    @property
    def measure_id(self) -> str: ...
    @property
    def change(self) -> str: ...
    @property
    def old_value(self) -> float | None: ...
    @property
    def old_status(self) -> str | None: ...
    @property
    def value(self) -> float | None: ...
    @property
    def status(self) -> str | None: ...


def preview(found: Checked, lang: str) -> None:
    """Every cell that the file would add or change, and the counties that stay without a report."""
    assessment = found.assessment
    added, changed = assessment.count("added"), assessment.count("changed")
    st.markdown(
        t("reporting.counts", lang, added=added, changed=changed, unchanged=assessment.unchanged)
    )
    dataset = found.upload.dataset
    texts = texts_of(dataset) | found.upload.texts
    table(assessment.changes, dataset, lang, texts, key="preview")
    for period, codes in sorted(assessment.missing.items()):
        if codes:
            heading = t(
                "reporting.missing", lang, period=periods.label(period, lang), count=len(codes)
            )
            with st.expander(heading):
                st.markdown(
                    t("finding.and", lang).join(scopes.county_label(c, lang) for c in codes)
                )


def texts_of(dataset: Dataset) -> dict[float, str]:
    """What the stored texts of a dataset say; nothing is read where it has none."""
    if all(measure.kind != "text" for measure in dataset.measures):
        return {}
    return ledger.texts(settings.load())


def table(
    listed: Sequence[CellChange],
    dataset: Dataset,
    lang: str,
    texts: Mapping[float, str],
    *,
    key: str,
) -> None:
    """Cells before and after, changed ones first, with all of them as a file."""
    if not listed:
        return
    places = {name: place for place, name in enumerate(dataset.cells)}
    ordered = sorted(
        listed,
        key=lambda c: (c.change == "added", c.period, c.area_code, places[c.measure_id]),
    )
    titles = [t(f"reporting.change_{name}", lang) for name in _COLUMNS]
    frame = pd.DataFrame(
        [_row(each, dataset, texts, lang) for each in ordered[:SHOWN]], columns=titles
    )
    st.dataframe(
        frame, hide_index=True, key=f"changes_{key}", row_height=35,
        height=min(420, 38 + 35 * len(frame)),
        column_config={
            titles[0]: st.column_config.TextColumn(width=190, pinned=True),
            titles[2]: st.column_config.TextColumn(width=230),
        },
    )  # fmt: skip
    if len(ordered) > SHOWN:
        st.caption(t("reporting.shown_first", lang, shown=SHOWN, count=len(ordered)))
    handout.button(
        t("reporting.changes_csv", lang), lambda: _csv(ordered, dataset, texts, lang),
        t("reporting.changes_file", lang, name=key), "text/csv", key=f"csv_{key}",
        on_click="ignore", icon=":material/download:",
    )  # fmt: skip


def _row(
    each: CellChange, dataset: Dataset, texts: Mapping[float, str], lang: str
) -> tuple[str, ...]:
    measure = dataset.measure(each.measure_id)
    difference = ""
    both = each.old_value is not None and each.value is not None
    if measure.numeric and both and each.old_value != each.value:
        assert each.value is not None and each.old_value is not None
        difference = formats.signed(each.value - each.old_value, measure.unit, lang)
    return (
        scopes.county_label(each.area_code, lang),
        periods.label(each.period, lang),
        measure.label(lang),
        t(f"reporting.kind_{each.change}", lang),
        cell(each.old_value, each.old_status, measure, texts, lang),
        cell(each.value, each.status, measure, texts, lang),
        difference,
    )


def cell(
    value: float | None,
    status: str | None,
    measure: Measure,
    texts: Mapping[float, str],
    lang: str,
) -> str:
    """A stored cell as text: its figure with all its digits, or why there is none."""
    if status is None:
        return t("reporting.nothing", lang)
    if value is None:
        return formats.mark("not_applicable" if status == "not_applicable" else "missing", lang)
    if not measure.numeric:
        return exports.harmless(str(formats.answer(value, measure, texts, lang)))
    label = catalogue.load().unit(measure.unit).label(lang)
    return t("format.number_unit", lang, number=f"{value:,.10g}", unit=label)


def _csv(
    listed: Sequence[CellChange], dataset: Dataset, texts: Mapping[float, str], lang: str
) -> bytes:
    def said(value: float | None, measure_id: str) -> float | str | None:
        if value is None:
            return None
        return formats.answer(value, dataset.measure(measure_id), texts, lang)

    rows = [
        [
            each.area_code, levels.unit(each.area_code).label(lang), each.period, each.measure_id,
            dataset.measure(each.measure_id).label(lang), t(f"reporting.kind_{each.change}", lang),
            said(each.old_value, each.measure_id), said(each.value, each.measure_id),
            audience.mark(0, lang),
        ]
        for each in listed
    ]  # fmt: skip
    names = ("area_code", "county", "period", "measure_id", "measure", "change", "old", "new")
    heads = [*(t(f"reporting.csv_{name}", lang) for name in names), t("export.facts", lang)]
    return exports.plain_csv(heads, rows)
