"""Views made for one topic: what is lacking, standards, children by care form (Streamlit)."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from app import catalogue, charts, choices, exports, figures, formats, panels, periods, reads
from app.lettering import Caption
from app.serving import Serving
from app.view import View, county_rows, headlines, marked, trend_groups

MOST = 12  # bars of a chart of what is lacking
LIST = 388  # px: ten rows, about as high as the figure beside it


def gaps(view: View, indicators: Sequence[str]) -> None:
    """What each county lacks, most first."""
    panels.chart(view, "gaps", _gap_figure(*view.key, tuple(indicators), view.source), pick=True)


@st.cache_resource(max_entries=256, show_spinner=False)
def _gap_figure(
    stamp: str, period: str, level: str, scope: str, county: str | None, lang: str,
    indicators: tuple[str, ...], _source: Serving,
) -> go.Figure:  # fmt: skip
    view = figures.view_of(stamp, period, level, scope, county, lang, indicators[0], _source)
    known = [catalogue.load().indicator(name) for name in indicators]
    rows = county_rows(view, indicators)
    totals = headlines(view, indicators)
    frames = {name: rows[rows["indicator_id"] == name] for name in indicators}
    parts = [
        view.text(
            "finding.part", indicator=i.short(lang),
            value=formats.value(
                totals[i.id]["value"], i.unit, lang, totals[i.id]["status"], with_unit=lang == "zh"
            ),
        )
        for i in known
    ]  # fmt: skip
    finding = view.text(
        "finding.gaps",
        scope=choices.group_name(f"{level}/{scope}", lang),
        parts=view.text("finding.and").join(parts),
    )
    caption = figures.caption(view, known[0], finding, totals[indicators[0]])
    return charts.gap_bars(frames, known, caption, county, limit=MOST)


def parts(view: View, measures: Sequence[str], unit: str) -> None:
    """How a whole divides into measures, in each region of the scope."""
    assert view.dataset is not None
    figure = _parts_figure(*view.key, tuple(measures), unit, view.dataset.id, view.source)
    panels.chart(view, "parts", figure)


@st.cache_resource(max_entries=256, show_spinner=False)
def _parts_figure(
    stamp: str, period: str, level: str, scope: str, county: str | None, lang: str,
    measures: tuple[str, ...], unit: str, dataset_id: str, _source: Serving,
) -> go.Figure:  # fmt: skip
    dataset = catalogue.load().dataset(dataset_id)
    chosen = choices.Choices(period, scope, county, dataset.indicators[0].id, lang)
    view = View(_source, stamp, chosen, dataset)
    own_group = f"{level}/{scope}"
    groups = [g for g in trend_groups(chosen) if g == own_group or not g.startswith("province")]
    totals = reads.measure_totals(_source, dataset_id, measures, period, groups, lang)
    order = {g: i for i, g in enumerate(groups)}
    totals["order"] = (totals["level"] + "/" + totals["group_code"]).map(order)
    totals["part_order"] = totals["measure_id"].map(list(measures).index)
    totals = totals.sort_values(["order", "part_order"])
    rows = pd.DataFrame(
        {
            "group_code": totals["group_code"],
            "group_name": [
                choices.group_name(f"{level}/{code}", lang)
                for level, code in zip(totals["level"], totals["group_code"], strict=True)
            ],
            "part": totals["measure_id"],
            "part_label": [dataset.measure(m).label(lang) for m in totals["measure_id"]],
            "value": totals["value"],
            "status": ["missing" if pd.isna(v) else "observed" for v in totals["value"]],
        }
    )
    own = totals[(totals["level"] == chosen.level) & (totals["group_code"] == scope)]
    finding = view.text(
        "finding.parts", scope=choices.group_name(f"{level}/{scope}", lang),
        parts=view.text("finding.and").join(
            view.text("finding.part", indicator=dataset.measure(r["measure_id"]).label(lang),
                      value=formats.value(r["value"], unit, lang))
            for r in own.to_dict("records")
        ),
    )  # fmt: skip
    covered = own["areas_reporting"].min() if len(own) else 0
    subtitle = view.text(
        "caption.subtitle", indicator=dataset.label(lang),
        unit=catalogue.load().unit(unit).label(lang),
        period=periods.label(period, lang), scope=choices.scope_label(scope, lang),
        reported=int(covered), expected=len(choices.members(scope)),
    )  # fmt: skip
    vintage = exports.vintage(_source, lang)
    footer = view.text("caption.footer", dataset=dataset.label(lang), vintage=vintage)
    caption = Caption(finding, subtitle, footer, bool(own["sample"].any()), lang, figures.ROOM)
    return charts.stacked_bars(rows, unit, caption)


def standards(view: View, measures: Sequence[str]) -> None:
    """Each county's standards beside the provincial minimum of the year, furthest below first."""
    assert view.dataset is not None
    c = view.choices
    rows = reads.county_measures(view.source, view.dataset.id, c.period, c.level, c.scope, c.lang)
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
    st.caption("  \n".join([view.text("topic.standards_note"), *lines]))
    shown = pd.DataFrame(
        {
            view.text("export.county"): rows["area_name"],
            view.text("topic.standard"): [
                view.text(f"topic.standard_of.{m}") for m in rows["measure_id"]
            ],
            view.text("topic.local"): rows["value"],
            view.text("topic.least"): rows["minimum"],
            view.text("topic.above"): rows["above"],
        }
    )
    county, standard, *numbers = shown.columns
    st.dataframe(
        shown, hide_index=True, height=LIST, key="standards",
        placeholder=formats.mark("missing", c.lang),
        column_config={
            county: st.column_config.TextColumn(marked(view, county), width=panels.COUNTY),
            standard: st.column_config.TextColumn(width=124),
            **{name: st.column_config.NumberColumn(format="%d", width=58) for name in numbers},
        },
    )  # fmt: skip


def remaining(view: View, indicator_id: str) -> None:
    """What is left to the whole, county by county: denominator minus numerator, most first."""
    indicator = catalogue.load().indicator(indicator_id)
    rows = county_rows(view, [indicator_id])
    seen = rows[rows["status"] == "observed"]
    left = (seen["denominator"] - seen["numerator"]).clip(lower=0)
    lacking = seen.assign(left=left)[left > 0].sort_values("left", ascending=False)
    if seen.empty:
        heading = view.text("finding.none", indicator=indicator.label(view.lang))
    elif lacking.empty:
        heading = view.text(f"topic.left_nothing_{indicator_id}")
    else:
        total = formats.number(left.sum())
        heading = view.text(f"topic.left_{indicator_id}", count=len(lacking), total=total)
    st.subheader(heading, anchor=False)
    counted = view.text("topic.left_of", reported=len(seen), expected=len(rows))
    if lacking.empty:
        st.caption(counted)
        return
    st.caption(counted + " · " + view.text(f"topic.left_note_{indicator_id}"))
    shown = pd.DataFrame(
        {
            view.text("export.county"): lacking["area_name"],
            view.text("export.city"): lacking["city_name"],
            view.text(f"topic.left_column_{indicator_id}"): lacking["left"],
            indicator.short(view.lang): lacking["value"],
        }
    )
    county, city, count, share = shown.columns
    st.dataframe(
        shown, hide_index=True, height=LIST, key="remaining",
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
