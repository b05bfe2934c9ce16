"""The maps of the page, made once for all sessions that make the same choices."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from app import (
    areas,
    catalogue,
    exports,
    figures,
    findings,
    formats,
    formula,
    map_classes,
    maps,
    reads,
    scopes,
)
from app import periods as quarters
from app.areas import Level
from app.catalogue import Indicator
from app.i18n import t
from app.kept import kept
from app.lettering import Caption
from app.map_explorer import change, component, document
from app.map_explorer.document import Frame, Place
from app.view import View

Periods = tuple[str, ...]


def level_of(indicator: Indicator, wanted: Level) -> Level:
    """The level that an indicator is drawn at: that of the cities where cities report it."""
    return "city" if catalogue.load().dataset_of[indicator.id].level == "city" else wanted


def is_cumulative(indicator: Indicator) -> bool:
    """Whether an indicator is about the year to date."""
    sides = [indicator.numerator] + ([indicator.denominator] if indicator.denominator else [])
    dataset = catalogue.load().dataset_of[indicator.id]
    flows = {measure.id for measure in dataset.measures if measure.kind == "flow"}
    return any(
        ref.measure in flows and ref.qualifier != "quarter"
        for side in sides
        for ref in formula.references(side)
    )


def over_time(
    view: View, indicator_id: str, shown: Periods, area_level: Level, method: str, key: str,
    start: str,
) -> bytes:  # fmt: skip
    """One indicator in several quarters with the slider at `start`, kept in the URL as `key`."""
    c = view.choices
    made = _quarters(_at(view, shown[-1], indicator_id), shown, area_level, method, False)
    return component.packed(
        made, arrangement=document.SLIDER, key=key, start=start, county=c.county, lang=c.lang
    )


def side_by_side(view: View, shown: Periods, area_level: Level, method: str) -> bytes:
    """The chosen indicator in several quarters, a small map each."""
    c = view.choices
    made = _quarters(_at(view, shown[-1], c.indicator), shown, area_level, method, True)
    return component.packed(
        made, arrangement=document.GRID, key="", start="", county=c.county, lang=c.lang
    )


def between(view: View, since: str, until: str, area_level: Level) -> bytes:
    """The change of the chosen indicator from a quarter to another."""
    c = view.choices
    made = _changed(_at(view, until, c.indicator), since, area_level)
    return component.packed(
        made, arrangement=document.SINGLE, key="", start=until, county=c.county, lang=c.lang
    )


def _at(view: View, period: str, indicator_id: str) -> View:
    """The view of a map: whoever is chosen, it shows the same."""
    chosen = replace(view.choices, period=period, county=None, indicator=indicator_id)
    return View.of(view.source, view.stamp, chosen)


@kept(256)
def _changed(view: View, since: str, area_level: Level) -> bytes:
    indicator, until, lang = view.indicator, view.choices.period, view.lang
    every = _rows(view, tuple(sorted((since, until))), area_level)
    rows = change.rows_of(every, since, until)
    found = change.classes_of(rows, indicator, lang)
    names = [quarters.label(period, lang) for period in (since, until)]
    told = view.text("map_explorer.between", since=names[0], until=names[1])
    unit = (
        view.text("format.points") if indicator.unit == "percent"
        else catalogue.load().unit(indicator.unit).label(lang)
    )  # fmt: skip
    name = view.text("map_explorer.change_name", indicator=indicator.label(lang))
    seen = rows[rows["status"] == "observed"]
    caption = _caption(
        view, area_level, _change_finding(seen, indicator, lang), name, unit, _told(view, told),
        len(seen),
        len(rows), bool(seen["sample"].any()),
    )  # fmt: skip
    hover = "<br>".join([
        "<b>%{customdata[1]}</b> %{customdata[2]}",
        view.text(
            "map_explorer.hover_change", indicator=indicator.short(lang), change="%{customdata[3]}"
        ),
        *(
            view.text("map_explorer.hover_from", since=label, value=f"%{{customdata[{place}]}}")
            for place, label in enumerate(names, start=4)
        ),
    ]) + "<extra></extra>"  # fmt: skip
    made = document.of(
        rows, found, document.told_of_change(rows, indicator, lang),
        [Frame(until, told, told, caption, _file(view, name, told))], _place(view, area_level),
        indicator, templates={entry.label: hover for entry in found.entries},
    )  # fmt: skip
    return component.zipped(made)


@kept(64)
def _rows(view: View, shown: Periods, area_level: Level) -> pd.DataFrame:
    c, lang = view.choices, view.lang
    rows = reads.map_values(view.source, c.indicator, shown, area_level, c.level, c.scope, lang)
    if area_level == "county":
        return rows
    reported = rows["areas_reporting"].fillna(0).astype(int).astype(str)
    expected = rows["areas_expected"].fillna(0).astype(int).astype(str)
    if catalogue.load().dataset_of[c.indicator].level == "city":
        return rows.assign(city_name="")
    # a city is told with how many of its counties are in its figure
    pairs = reported + "/" + expected
    told = {
        pair: t("map_explorer.of_reported", lang, reported=r, expected=e)
        for pair in pairs.unique()
        for r, _, e in [pair.partition("/")]
    }
    return rows.assign(city_name=pairs.map(told))


@kept(256)
def _quarters(view: View, shown: Periods, area_level: Level, method: str, whole: bool) -> bytes:
    indicator, lang = view.indicator, view.lang
    rows = _rows(view, shown, area_level)
    found = map_classes.classes_of(rows, indicator, method, lang)
    height = len(rows) // len(shown)
    frames = [
        _frame(view, rows.iloc[place * height : (place + 1) * height], period, area_level, method)
        for place, period in enumerate(shown)
    ]
    made = document.of(
        rows, found, document.told(rows, indicator, lang), frames, _place(view, area_level),
        indicator, templates=document.hovers(rows, found, indicator, lang),
        whole=_whole(view, frames, rows, area_level) if whole else None,
    )  # fmt: skip
    return component.zipped(made)


def _frame(view: View, rows: pd.DataFrame, period: str, area_level: Level, method: str) -> Frame:
    indicator, lang = view.indicator, view.lang
    seen = rows["status"] == "observed"
    sample = bool(rows["sample"].any())
    label = quarters.label(period, lang)
    finding = findings.of_counties(
        rows, indicator, lang, verdict=method == map_classes.TARGET, level=area_level
    )
    caption = _caption(
        view, area_level, finding, indicator.label(lang),
        catalogue.load().unit(indicator.unit).label(lang), _told(view, label), int(seen.sum()),
        len(rows), sample,
    )  # fmt: skip
    heading = view.text("map_explorer.heading_sample", period=label) if sample else label
    return Frame(period, label, heading, caption, _file(view, indicator.label(lang), label))


def _whole(view: View, frames: list[Frame], rows: pd.DataFrame, area_level: Level) -> Caption:
    """What several quarters say together: the finding of the last, the quarters, what is sample."""
    last, indicator, lang = frames[-1], view.indicator, view.lang
    span = view.text("map_explorer.range", first=frames[0].label, last=last.label)
    finding = view.text("map_explorer.latest", period=last.label, finding=last.caption.title)
    made = [frame.caption.sample for frame in frames]
    latest = rows[rows["period"] == last.period]
    caption = _caption(
        view, area_level, finding, indicator.label(lang),
        catalogue.load().unit(indicator.unit).label(lang), _told(view, span),
        int((latest["status"] == "observed").sum()), len(latest), False,
    )  # fmt: skip
    if not any(made):
        return caption
    # each quarter has its mark in its heading: one over all might lie on one that is none
    note = view.text("figure.sample_note" if all(made) else "map_explorer.mixed_note")
    return replace(caption, footer=note + view.text("figure.gap") + caption.footer)


def _caption(
    view: View, area_level: Level, finding: str, name: str, unit: str, period: str, reported: int,
    expected: int, sample: bool,
) -> Caption:  # fmt: skip
    assert view.dataset is not None
    lang = view.lang
    subtitle = view.text(
        "caption.subtitle", indicator=name, unit=unit, period=period, reported=reported,
        scope=scopes.scope_label(view.choices.scope, lang, area_level), expected=expected,
    )  # fmt: skip
    vintage = exports.origin(view.source, lang)
    footer = view.text("caption.footer", dataset=view.dataset.label(lang), vintage=vintage)
    return Caption(finding, subtitle, footer, sample, lang)


def _told(view: View, period: str) -> str:
    if not is_cumulative(view.indicator):
        return period
    return view.text("map_explorer.cumulative", period=period)


def _file(view: View, name: str, period: str) -> str:
    return view.text("page.file", name=view.text("figure_name.map"), indicator=name, period=period)


def _change_finding(seen: pd.DataFrame, indicator: Indicator, lang: str) -> str:
    """How many areas have moved which way, as the changes are printed."""
    name = indicator.label(lang)
    if seen.empty:
        return t("map_explorer.change_finding.none", lang, indicator=name)
    decimals = formats.decimals_of(indicator.unit, indicator.decimals)
    signs = np.sign(map_classes.printed(seen["value"], decimals))
    up, down = int((signs > 0).sum()), int((signs < 0).sum())
    counts = {"count": len(seen), "same": len(seen) - up - down}
    if indicator.direction == "none":
        return t(
            "map_explorer.change_finding.plain", lang, indicator=name, up=up, down=down, **counts
        )
    better, worse = (up, down) if indicator.direction == "higher" else (down, up)
    return t(
        "map_explorer.change_finding.better", lang, indicator=name, better=better, worse=worse,
        **counts,
    )  # fmt: skip


def _place(view: View, area_level: Level) -> Place:
    """The frame of a map, what is pale and what is named in it."""
    scope = view.choices.scope
    bounds = figures.bounds(scope)
    inside = set(scopes.members(scope))
    if area_level == "city":
        cities = {areas.load()[code].city_code for code in inside}
        inside = {code for code, area in areas.load().items() if area.city_code in cities}
    degrees = bounds[2] - bounds[0]
    labels = {
        width: figures.labels(scope, view.lang, room / degrees)
        for width, room in zip(document.WIDTHS, (maps.PHONE_SCALE * 7.8, 700), strict=True)
    }
    return Place(area_level, bounds, sorted(set(areas.load()) - inside), labels)
