"""Views that are tables: standards against the minimum, what is left to the whole (Streamlit)."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from app import catalogue, exports, formats, negatives, panels, periods, reads
from app.catalogue import RemainingView, StandardsView
from app.i18n import filled
from app.lettering import column_width
from app.negatives import Form
from app.view import View, county_rows, marked

ROW = 35  # px
COUNTY = 160  # px: what a county has beside four columns
LIST = 388  # px: ten rows, about as high as the figure beside it


def standards(view: View, wanted: StandardsView, place: str) -> None:
    """Each county's standards beside the provincial minimum of the year, furthest below first."""
    assert view.dataset is not None
    c, measures = view.choices, wanted.measures
    if view.reporters == "township" and not c.county:  # standards of many are no list
        st.info(view.text("topic.choose_county"), icon=":material/person_pin_circle:")
        return
    rows = reads.county_measures(view.source, view.dataset.id, c.period, *view.group, c.lang)
    rows = rows[rows["measure_id"].isin(measures) & (rows["status"] != "not_applicable")]
    rows = rows.assign(above=rows["value"] - rows["minimum"])
    rows = rows.sort_values(["above", "area_code"], na_position="last")
    below = rows[rows["above"] < 0]
    if rows["above"].notna().sum() == 0:
        heading = view.text("topic.standards_unknown")
    elif below.empty:
        heading = view.text("topic.standards_kept")
    else:
        counties = below["area_code"].nunique()
        heading = view.text("topic.standards", count=len(below), counties=counties)
    st.subheader(heading, anchor=False)
    lines = []
    for measure_id in measures:
        measure = view.dataset.measure(measure_id)
        minimum = rows.loc[rows["measure_id"] == measure_id, "minimum"].dropna()
        if minimum.empty:
            lines.append(
                view.text(
                    "topic.no_minimum", measure=measure.label(c.lang), year=periods.year(c.period)
                )
            )
    unit = catalogue.load().unit(view.dataset.measure(measures[0]).unit).label(c.lang)
    st.caption("  \n".join([view.text("topic.standards_note", unit=unit), *lines]))
    shown = pd.DataFrame(
        {
            exports.area_heading(view.level, c.lang): rows["area_name"],
            view.text("topic.standard"): [
                view.dataset.measure(m).name(c.lang) for m in rows["measure_id"]
            ],
            view.text("topic.local"): rows["value"],
            view.text("topic.least"): rows["minimum"],
            view.text("topic.above"): rows["above"],
        }
    )
    county, standard, *numbers = map(str, shown.columns)
    styled, written = negatives.shown(shown, dict.fromkeys(numbers, Form(0)), c.lang)
    st.dataframe(
        styled, hide_index=True, row_height=ROW, height=_height(shown), key=place,
        placeholder=formats.mark("missing", c.lang),
        column_config={
            county: st.column_config.TextColumn(marked(view, county), width=COUNTY),
            standard: st.column_config.TextColumn(width=column_width(shown[standard], 124, 166)),
            **{
                name: st.column_config.NumberColumn(format=form, width=56)
                for name, form in written.items()
            },
        },
    )  # fmt: skip


def _height(shown: pd.DataFrame) -> int:
    """The height of a list in px: that of its rows where they are few."""
    return min(LIST, ROW * (len(shown) + 1) + 3)


def remaining(view: View, wanted: RemainingView, place: str) -> None:
    """What is left to the whole, county by county: denominator minus numerator, most first."""
    indicator = catalogue.load().indicator(wanted.indicator)
    rows = county_rows(view, [indicator.id])
    seen = rows[rows["status"] == "observed"]
    left = (seen["denominator"] - seen["numerator"]).clip(lower=0)
    lacking = seen.assign(left=left)[left > 0].sort_values("left", ascending=False)
    if seen.empty:
        heading = view.text("finding.none", indicator=indicator.label(view.lang))
    elif lacking.empty:
        heading = wanted.nothing(view.lang)
    else:
        total = formats.number(left.sum())
        heading = filled(wanted.left(view.lang), count=len(lacking), total=total)
    st.subheader(heading, anchor=False)
    counted = view.text("topic.left_of", reported=len(seen), expected=len(rows))
    if lacking.empty:
        st.caption(counted)
        return
    note = [wanted.note(view.lang)] if wanted.note is not None else []
    st.caption(" · ".join([counted, *note]))
    shown = pd.DataFrame(
        {
            exports.area_heading(view.level, view.lang): lacking["area_name"],
            exports.place_heading(view.level, view.lang): lacking["city_name"],
            wanted.column(view.lang): lacking["left"],
            indicator.short(view.lang): lacking["value"],
        }
    )
    county, city, count, share = shown.columns
    st.dataframe(
        shown, hide_index=True, row_height=ROW, height=_height(shown), key=place,
        column_order=[county, count, share, city],
        column_config={
            county: st.column_config.TextColumn(marked(view, county), width=panels.COUNTY),
            city: st.column_config.TextColumn(width=76),
            count: st.column_config.NumberColumn(format="localized", width=132),
            share: st.column_config.ProgressColumn(
                format="%.1f%%", min_value=0, max_value=100, color="primary", width=100
            ),
        },
    )  # fmt: skip
