"""The figures of a page, drawn once for all sessions that make the same choices."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from app import (
    areas,
    catalogue,
    charts,
    exports,
    findings,
    geography,
    maps,
    palette,
    periods,
    reads,
    revisions,
    scopes,
    settings,
)
from app.catalogue import Indicator
from app.errors import UnknownName
from app.i18n import LANGUAGES
from app.kept import kept
from app.lettering import Caption, Key
from app.quality import marks
from app.scopes import Choices
from app.serving import Serving
from app.view import (
    View,
    county_rows,
    current,
    headlines,
    headlines_of,
    scope_rows,
    standings_of,
    trend_groups,
    trends_of,
)

LATEST = 4  # quarters whose doubtful figures are looked for before anybody asks
ROOM = 346  # px for a figure's text: a line must fit a phone, whose width is not known here


def ahead() -> Iterator[None]:
    """Work out what readers are likely to ask for, step by step: the first figures of each topic.

    Then what is doubtful of the latest quarters.
    """
    source, stamp = current()
    for dataset in catalogue.load().datasets.values():
        available = reads.available_periods(source, dataset.id)
        if not available:
            continue
        chosen = Choices(available[-1], areas.PILOT, None, dataset.headline[0], "zh")
        for figure in (map_figure, ranking_figure, trend_figure):
            figure(View.of(source, stamp, chosen))
            yield
    for period in reads.available_periods(source)[-LATEST:]:
        for lang in LANGUAGES:
            marks.of(source, stamp, period, lang)
            yield


def caption(
    view: View, indicator: Indicator, finding: str, row: dict[str, Any], scope: str = ""
) -> Caption:
    """What a figure of one indicator says of itself; `row` is the headline of what it shows."""
    expected = row["areas_expected"] or len(scopes.members(view.choices.scope))
    return caption_of(
        view, finding, indicator.label(view.lang), indicator.unit,
        (row["areas_valued"], expected), bool(row["sample"]), scope=scope,
    )  # fmt: skip


def caption_of(
    view: View, finding: str, name: str, unit: str, coverage: tuple[int, int], sample: bool,
    period: str = "", scope: str = "",
) -> Caption:  # fmt: skip
    """What a figure says of itself: finding, name, unit, period, coverage, source, vintage.

    `coverage` is how many counties of how many are in it; `period` and `scope` are in words, if not
    the usual ones.
    """
    assert view.dataset is not None
    c = view.choices
    subtitle = view.text(
        "caption.subtitle", indicator=name, unit=catalogue.load().unit(unit).label(c.lang),
        period=period or periods.label(c.period, c.lang),
        scope=scope or scopes.scope_label(c.scope, c.lang, view.reporters), reported=coverage[0],
        expected=coverage[1],
    )  # fmt: skip
    vintage = exports.origin(view.source, c.lang)
    footer = view.text("caption.footer", dataset=view.dataset.label(c.lang), vintage=vintage)
    return Caption(finding, subtitle, footer, sample, c.lang, ROOM)


@kept(1024)
def map_figure(view: View) -> go.Figure:
    """The map of the scope on one indicator; its finding is about the regions, if several."""
    indicator, scope = view.indicator, view.choices.scope
    rows = scope_rows(view, [indicator.id])
    row = headlines(view, [indicator.id])[indicator.id]
    finding = findings.of_groups(_regions(view), indicator, view.lang) or findings.of_counties(
        rows, indicator, view.lang, verdict=False
    )
    # a target that is not due gives no verdict: the levels say more
    judged = not (rows["target_status"] == "not_due").any()
    return maps.county_map(
        rows, indicator, caption(view, indicator, finding, row, _mapped(view)),
        selected=view.choices.county,
        classes="target" if judged else "sequential", outside=areas.load(),
        labels=labels(scope, view.lang), bounds=bounds(scope),
        approval=settings.load().map_approval,
    )  # fmt: skip


def _mapped(view: View) -> str:
    """That a map of what townships report is of counties, there being no borders of townships."""
    if view.reporters != "township":
        return ""
    label = scopes.scope_label(view.choices.scope, view.lang, view.reporters)
    return view.text("caption.map_by_county", scope=label)


def drawn(kind: str, source: Serving, stamp: str, choices: Choices) -> go.Figure:
    """A figure by its kind, one of KINDS, under a reader's choices; shared: change nothing in it.

    Source and stamp are those of `view.current`. Raises UnknownName for a kind that is not there.
    """
    if kind not in KINDS:
        raise UnknownName("error.unknown_figure", name=kind, names=", ".join(KINDS))
    return KINDS[kind](View.of(source, stamp, choices))


def _regions(view: View) -> dict[str, float | None]:
    """The value of each region of the scope, by name; empty where it lies within one region."""
    chosen, indicator_id = view.choices, view.indicator.id
    if chosen.scope not in (areas.PILOT, areas.PROVINCE):
        return {}
    found = standings_of(view, [indicator_id])
    return {
        scopes.scope_name(group.split("/")[1].removeprefix("pilot_"), view.lang):
            found[group, indicator_id].value
        for group in trend_groups(chosen) if "region/" in group
    }  # fmt: skip


@kept(1024)
def ranking_figure(view: View) -> go.Figure:
    """The counties of the scope from first to last on one indicator, or a county's townships."""
    indicator = view.indicator
    rows = county_rows(view, [indicator.id])
    row = headlines_of(view, [indicator.id], *view.group)[indicator.id]
    of_towns = view.level == "township"
    finding = findings.of_counties(
        rows, indicator, view.lang, level="township" if of_towns else "county"
    )
    told = caption(view, indicator, finding, row, view.group_label if of_towns else "")
    return charts.ranking(rows, indicator, told, view.choices.county)


@kept(1024)
def trend_figure(view: View) -> go.Figure:
    """The lines of the regions, the scope and the province over all quarters.

    The scope and the chosen county also as they were before the last correction.
    """
    return _trend(view, until="")


@kept(256)
def trend_until_figure(view: View) -> go.Figure:
    """The same up to the quarter: a document of a quarter shows none after it."""
    return _trend(view, until=view.choices.period)


def _trend(view: View, until: str) -> go.Figure:
    c, source = view.choices, view.source
    scope, county, lang, indicator_id = c.scope, c.county, c.lang, c.indicator
    rows = reads.group_trend(source, indicator_id, trend_groups(c), lang)
    if until:
        rows = rows[rows["period"] <= until]
    groups = rows["level"] + "/" + rows["group_code"]
    rows = rows.assign(group_name=[scopes.group_name(group, lang) for group in groups])
    row = headlines(view, [indicator_id])[indicator_id]
    finding = findings.of_change(
        row, view.indicator, scopes.scope_name(scope, lang), lang, _published_before(rows, view)
    )
    own = [f"{c.level}/{scope}", *([f"county/{county}"] if county else [])]
    before = revisions.before(source, indicator_id, own, lang)
    earlier = before.rows if before else None
    if earlier is not None and until:
        earlier = earlier[earlier["period"] <= until]
    return charts.trend(
        rows, view.indicator, caption(view, view.indicator, finding, row),
        scope=scope, selected=county, before=earlier,
        before_name=before.name(lang) if before else "", told=_tested(view, own),
    )  # fmt: skip


def _published_before(rows: pd.DataFrame, view: View) -> float | None:
    """What the scope's figure of the quarter before reads; `rows` is the trend frame."""
    c = view.choices
    found = rows[
        (rows["level"] == c.level)
        & (rows["group_code"] == c.scope)
        & (rows["period"] == periods.shift(c.period, -1))
    ]["value"].dropna()
    return None if found.empty else float(found.iloc[0])


def _tested(view: View, groups: Sequence[str]) -> list[Key]:
    """What the test of a trend says of groups, in words and in the colour of better or worse."""
    indicator = view.indicator
    found = trends_of(view, indicator.id)
    inks = {"better": palette.STATUSES["met"].ink, "worse": palette.STATUSES["missed"].ink}
    keys = []
    for group in groups:
        trend = found[group]
        text = view.text(
            "trend.told", group=scopes.group_name(group, view.lang),
            sign=trend.sign(view.lang), words=trend.words(indicator, view.lang),
        )  # fmt: skip
        keys.append(Key(text, inks.get(trend.judged(indicator), palette.INK)))
    return keys


@cache
def labels(
    scope: str, lang: str, scale: float = maps.PHONE_SCALE
) -> list[tuple[str, float, float]]:
    """Names at rest: of the cities, or of the counties where the scope is one city.

    As many as fit at a scale (px of a degree of longitude).
    """
    inside = [areas.load()[code] for code in scopes.members(scope)]
    everything = scope in (areas.PILOT, areas.PROVINCE)
    shown = areas.load().values() if everything else inside
    single_city = len({area.city_code for area in inside}) == 1
    frame = pd.DataFrame(
        {
            "city_name": [
                a.label(lang) if single_city else a.city_en if lang == "en" else a.city
                for a in shown
            ],
            "lon": [a.lon for a in shown],
            "lat": [a.lat for a in shown],
            "area_km2": [a.area_km2 for a in shown],
        }
    )
    return maps.city_labels(frame, scale)


def bounds(scope: str) -> maps.Bounds:
    """The frame of a map of a scope, in degrees."""
    if scope in (areas.PILOT, areas.PROVINCE):
        return maps.GUANGDONG
    west, south, east, north = geography.bounds(scopes.members(scope))
    edge = 0.15
    return (west - edge, south - edge, east + edge, north + edge)


# of one indicator in one quarter, by the names that the command line and briefings use
KINDS: dict[str, Callable[[View], go.Figure]] = {
    "map": map_figure,
    "ranking": ranking_figure,
    "trend": trend_until_figure,
}
