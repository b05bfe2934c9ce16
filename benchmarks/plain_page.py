"""A topic page the usual way, to compare with: one script, new figures in each rerun.

Run by `streamlit run benchmarks/plain_page.py`. It shows what our topic page shows (headline
figures, map, ranking, trend, table) from the same database, with the boundaries inside the figure
and only the loading cached.
"""

from __future__ import annotations

import json
from typing import Any

import pandas as pd
import plotly.express as px
import streamlit as st

from app import serving, settings
from app.serving import Serving

DATASET = "care_beds"
# The map library asks its own server for a base map that nobody sees; without the internet it would
# draw nothing, so it finds an empty one here.
BASE_MAP = 'data:application/json,{"type":"Topology","objects":{},"arcs":[]}#'


@st.cache_resource
def database() -> Serving:
    """The database our pages read, too."""
    return serving.open_vintage(settings.load())


@st.cache_data
def boundaries() -> dict[str, Any]:
    """The counties as the browser draws them."""
    path = settings.STATIC / "guangdong_counties.geojson"
    geojson: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return geojson


def ask(sql: str, **values: object) -> pd.DataFrame:
    """Put one question to the database."""
    return database().cursor().execute(sql, values or None).df()


st.set_page_config(layout="wide")
periods = ask(
    "select distinct period from area_indicator join indicator using (indicator_id)"
    " where dataset_id = $dataset order by period desc",
    dataset=DATASET,
)["period"].tolist()
indicators = ask(
    "select indicator_id, unit from indicator where dataset_id = $dataset order by position",
    dataset=DATASET,
)["indicator_id"].tolist()
left, right = st.columns(2)
period = left.selectbox("Period", periods)
indicator = right.selectbox("Indicator", indicators)

headline = ask(
    "select indicator_id, period, value from published_observation"
    " where level = 'pilot' and indicator_id in $indicators and period <= $period"
    " order by period",
    indicators=indicators,
    period=period,
)
for column, name in zip(st.columns(4), indicators[:4], strict=False):
    values = headline.loc[headline["indicator_id"] == name, "value"].tolist()
    before = values[-2] if len(values) > 1 else values[-1]
    column.metric(name, f"{values[-1]:,.1f}", f"{values[-1] - before:,.1f}")

counties = ask(
    "select area_code, area_name, city_name, region_code, value, status,"
    " area_code in (select area_code from pilot_county) as pilot"
    " from area left join published_observation"
    " on group_code = area_code and level = 'county' and indicator_id = $indicator"
    " and period = $period",
    indicator=indicator,
    period=period,
)
map_figure = px.choropleth(
    counties,
    geojson=boundaries(),
    locations="area_code",
    featureidkey="properties.code",
    color="value",
    hover_name="area_name",
    title=f"{indicator}, {period}",
    color_continuous_scale="Blues",
)
map_figure.update_geos(fitbounds="locations", visible=False)
map_figure.update_layout(meta={"period": period})

ranked = counties[counties["pilot"]].dropna(subset=["value"]).sort_values("value")
ranking = px.bar(
    ranked,
    x="value",
    y="area_name",
    color="region_code",
    orientation="h",
    height=900,
    title=f"{indicator}, {period}",
)
ranking.update_layout(meta={"period": period})

history = ask(
    "select period, group_name, value from published_observation"
    " join group_name using (group_code, level)"
    " where level in ('region', 'province') and indicator_id = $indicator and period <= $period"
    " order by period",
    indicator=indicator,
    period=period,
)
trend = px.line(
    history,
    x="period",
    y="value",
    color="group_name",
    markers=True,
    title=f"{indicator}, {history['period'].min()}–{period}",
)
trend.update_layout(meta={"period": period})

left, right = st.columns([3, 2])
left.plotly_chart(map_figure, key="map", config={"topojsonURL": BASE_MAP})
right.plotly_chart(ranking, key="ranking")
st.plotly_chart(trend, key="trend")
long = ask(
    "select area_name, city_name, indicator_id, value from published_observation"
    " join area on group_code = area_code where level = 'county' and period = $period"
    " and indicator_id in (select indicator_id from indicator where dataset_id = $dataset)",
    period=period,
    dataset=DATASET,
)
table = long.pivot_table(
    index=["area_name", "city_name"], columns="indicator_id", values="value"
).reset_index()
st.dataframe(table, hide_index=True)
st.download_button("CSV", table.to_csv(index=False).encode("utf-8-sig"), f"{DATASET}_{period}.csv")
