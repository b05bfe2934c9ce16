"""Views of the overview: topics at a glance, targets missed, reports outstanding (Streamlit)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from app import catalogue, formats, palette, panels, scopes
from app.view import (
    View,
    county_rows,
    headlines_of,
    marked,
    reporting_rows,
    trend_groups,
)

LEADING = 1  # indicators of each topic shown at a glance: more would push the map off the screen
IDEOGRAPHIC_SPACE = "\u3000"
OFF_TARGET = 598  # px of the list of targets missed: about as high as the reports beside it
LISTED = 1_000  # targets missed in that list: more would be megabytes at each click


def at_a_glance(view: View) -> None:
    """The leading indicators of every topic: groups across, with the sign of the verdict."""
    c = view.choices
    known = catalogue.load()
    shown = [name for d in known.datasets.values() for name in d.headline[:LEADING]]
    groups = columns_of(view)
    by_group = {
        (indicator_id, column): row
        for column, (level, code) in groups.items()
        for indicator_id, row in headlines_of(view, shown, level, code).items()
    }
    own = next(name for name, group in groups.items() if group == (c.level, c.scope))
    topic, heading, change = (
        view.text(f"overview.{key}") for key in ("topic", "indicator", "change")
    )
    records = []
    for name in shown:
        indicator = known.indicator(name)
        record = {
            heading: panels.indicator_name(indicator, c.lang),
            **{column: cell(view, by_group[name, column], name) for column in groups},
            change: formats.change(
                by_group[name, own]["change_previous"], indicator.unit, c.lang, indicator.decimals
            ),
        }
        if indicator.target is not None:
            value = formats.target(indicator.target.value, indicator.unit, c.lang)
            year = indicator.target.year
            when = (
                view.text("page.each_year")
                if year == "each"
                else view.text("page.by_year", year=year)
            )
            record[view.text("page.target")] = view.text("overview.target", value=value, when=when)
        record[topic] = known.dataset_of[name].label(c.lang)
        records.append(record)
    table = pd.DataFrame(records)
    st.caption(view.text("overview.signs"))
    st.dataframe(
        table, hide_index=True, key="glance", height=35 + 32 * len(table), row_height=32,
        placeholder=view.text("overview.no_target"),
        column_config={
            heading: st.column_config.TextColumn(
                marked(view, heading), pinned=True, width=panels.INDICATOR
            ),
            change: st.column_config.TextColumn(
                view.text("overview.change_of", scope=own), alignment="right"
            ),
            **{name: st.column_config.TextColumn(alignment="right") for name in groups},
        },
    )  # fmt: skip


def columns_of(view: View) -> dict[str, tuple[str, str]]:
    """The groups shown across: the regions, the scope, the province, and the chosen county."""
    names: dict[str, tuple[str, str]] = {}
    for group in trend_groups(view.choices):
        level, _, code = group.partition("/")
        # a city that is a county has one name for both
        names.setdefault(scopes.group_name(group, view.lang), (level, code))
    return names


def cell(view: View, row: Mapping[str, Any], indicator_id: str) -> str:
    """A value with the sign of its verdict; the mark of why there is none."""
    indicator = catalogue.load().indicator(indicator_id)
    text = formats.value(
        row["value"], indicator.unit, view.lang, str(row["status"]), indicator.decimals
    )
    # a sign is as wide as a Chinese character: numbers without one keep their column
    return f"{text} {palette.STATUSES[str(row['target_status'])].sign or IDEOGRAPHIC_SPACE}"


def targets_missed(view: View) -> None:
    """Which counties miss a target that is due, or have not met one that is not, by how much."""
    c = view.choices
    known = catalogue.load()
    judged = [
        i.id for i in known.indicators.values() if i.target is not None and i.unit == "percent"
    ]
    rows = county_rows(view, judged)
    off = rows[rows["target_status"].isin(["missed", "near", "not_due"])]
    due = off[off["target_status"] != "not_due"]
    counties = due["area_code"].nunique()
    st.subheader(
        view.text("overview.missed", counties=counties, cases=len(due))
        if counties else view.text("overview.none_missed"),
        anchor=False,
    )  # fmt: skip
    if off.empty:
        return
    st.caption(view.text("overview.missed_note"))
    order = {"missed": 0, "near": 1, "not_due": 2}
    off = off.assign(order=off["target_status"].map(order)).sort_values(["order", "gap"])
    if len(off) > LISTED:
        count, first = formats.number(len(off)), formats.number(LISTED)
        st.caption(view.text("overview.missed_first", count=count, first=first))
        off = off.head(LISTED)
    table = pd.DataFrame(
        {
            view.text("export.county"): off["area_name"],
            view.text("export.city"): off["city_name"],
            view.text("overview.indicator"): [
                known.indicator(i).short(c.lang) for i in off["indicator_id"]
            ],
            view.text("overview.value"): off["value"],
            view.text("overview.gap"): off["gap"].abs(),
            view.text("overview.verdict"): [
                palette.STATUSES[s].sign + " " + view.text(f"figure.status.{s}")
                for s in off["target_status"]
            ],
        }
    )
    st.dataframe(
        table, hide_index=True, height=min(OFF_TARGET, 38 + 35 * len(table)), key="missed",
        row_height=35,
        column_config={
            table.columns[0]: st.column_config.TextColumn(
                marked(view, str(table.columns[0])), width=panels.COUNTY
            ),
            table.columns[3]: st.column_config.NumberColumn(format="%.1f%%"),
            table.columns[4]: st.column_config.NumberColumn(format="%.1f"),
        },
    )  # fmt: skip


def not_reported(view: View) -> None:
    """Who has not reported which dataset this quarter."""
    st.subheader(view.text("overview.not_reported"), anchor=False)
    for dataset_id, rows in reporting_rows(view).items():
        dataset = catalogue.load().dataset(dataset_id)
        absent = [row["area_code"] for row in rows if not row["reported"]]
        line = view.text(
            "overview.reported", dataset=dataset.label(view.lang), reported=len(rows) - len(absent),
            expected=len(rows),
        )  # fmt: skip
        names = view.text("finding.and").join(scopes.county_label(a, view.lang) for a in absent)
        if len(absent) == len(rows):
            names = view.text("overview.nobody_reported")
        st.markdown(f"**{line}**  \n{names or view.text('overview.all_reported')}")
