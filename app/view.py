"""What a page shows: a reader's choices on one vintage, read once for all sessions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, get_args

import pandas as pd

from app import areas, catalogue, lake, levels, reads, scopes, serving, settings, trends
from app.access import rights
from app.audience import INSIDE, PUBLIC, Audience
from app.catalogue import Dataset, Indicator
from app.errors import SuppressionRefused
from app.i18n import t
from app.kept import kept
from app.scopes import Choices
from app.serving import Serving
from app.suppression import public
from app.trends import Trend

AT_ONCE = 400  # groups whose trends are tested together: more would be waited for


@dataclass(frozen=True)
class View:
    """What a page shows: the data of one vintage under the reader's choices."""

    source: Serving
    stamp: str
    choices: Choices
    dataset: Dataset | None

    @classmethod
    def of(cls, source: Serving, stamp: str, choices: Choices) -> View:
        """What a page of the chosen indicator's dataset shows; `current` gives the rest."""
        return cls(source, stamp, choices, catalogue.load().dataset_of[choices.indicator])

    @property
    def lang(self) -> str:
        """The reader's language."""
        return self.choices.lang

    @property
    def reporters(self) -> areas.Level:
        """Who reports what the page shows."""
        return self.dataset.level if self.dataset else "county"

    @property
    def level(self) -> areas.Level:
        """Who its lists are of: who reports, but of townships only those of a chosen county."""
        if self.reporters == "township" and not self.choices.county:
            return "county"
        return self.reporters

    @property
    def group(self) -> tuple[str, str]:
        """The group whose members its lists hold, as level and code."""
        if self.level == "township" and self.choices.county:
            return "county", self.choices.county
        return self.choices.level, self.choices.scope

    @property
    def group_label(self) -> str:
        """The name of that group with the number of those in its lists."""
        return scopes.scope_label(self.group[1], self.lang, self.level)

    @property
    def indicator(self) -> Indicator:
        """The chosen indicator."""
        return catalogue.load().indicator(self.choices.indicator)

    @property
    def county_name(self) -> str:
        """The name of the chosen county, empty where none is chosen."""
        code = self.choices.county
        return areas.load()[code].label(self.lang) if code else ""

    @property
    def kept_by(self) -> tuple[str, Choices, str]:
        """What tells apart what is kept of views; the database is not to be kept with it."""
        return self.stamp, self.choices, self.dataset.id if self.dataset else ""

    def on(self, indicator_id: str) -> View:
        """The same of an indicator and its dataset, whatever else was chosen."""
        return View.of(self.source, self.stamp, replace(self.choices, indicator=indicator_id))

    @property
    def of_all(self) -> View:
        """The same of no indicator, for what shows them all."""
        return View(self.source, self.stamp, replace(self.choices, indicator=""), None)

    @property
    def without_county(self) -> View:
        """The same for all who chose another county, or none."""
        return replace(self, choices=replace(self.choices, county=None))

    def text(self, key: str, **values: object) -> str:
        """A text in the reader's language."""
        return t(key, self.lang, **values)


def current(as_of: str = "", audience: Audience = INSIDE) -> tuple[Serving, str]:
    """The data and their stamp: as they are now, or as of a past vintage or day.

    Whoever asks for the public view, and whoever may not see another, gets the locked quarters of
    the latest vintage, without their small counts and under a stamp of its own: what is kept of one
    view is never shown in the other. A new submission shows at the next rerun. Raises UnknownName
    for a vintage that does not exist, SuppressionRefused for the public view of a past one.
    """
    config = settings.load()
    stamp = lake.stamp(config)
    if not rights.may(rights.acting(), "see"):
        audience, as_of = PUBLIC, ""  # outside there is no other vintage, whatever a link says
    if audience == PUBLIC:
        if as_of:
            raise SuppressionRefused("error.suppression_past")
        source = _serving(stamp)
        return public.shown(stamp, source, config.small_counts, _released(source))
    if not as_of:
        return _serving(stamp), stamp
    vintage = _vintage(stamp, as_of)
    past = f"{config.catalog}@{vintage}"
    return _past(past, vintage), past


def _released(source: Serving) -> frozenset[str]:
    """The quarters whose counts of persons are locked, so that no late report changes a total."""
    counted = [
        dataset for dataset in catalogue.load().datasets.values()
        if any(measure.protected for measure in dataset.measures)
    ]  # fmt: skip
    return frozenset(
        period for period in reads.available_periods(source)
        if all(rights.is_locked(dataset, period) for dataset in counted)
    )  # fmt: skip


@kept(64)
def _vintage(stamp: str, as_of: str) -> int:
    return reads.vintage_of(settings.load(), as_of)


@kept(4)
def _past(stamp: str, vintage: int) -> Serving:
    return serving.open_vintage(settings.load(), vintage)


@kept(4)
def _serving(stamp: str) -> Serving:
    return serving.open_vintage(settings.load())


def reporting(view: View) -> dict[str, tuple[int, int]]:
    """How many areas of the scope have reported each dataset, of how many."""
    return {name: (row["reported"], row["expected"]) for name, row in _counts(view).items()}


def _counts(view: View) -> dict[str, dict[str, Any]]:
    c = view.choices
    return _reporting_counts(view.stamp, c.period, c.level, c.scope, view.source)


@kept(1024)
def _reporting_counts(
    stamp: str, period: str, level: str, scope: str, _source: Serving
) -> dict[str, dict[str, Any]]:
    return reads.reporting_counts(_source, period, level, scope)


def reporting_rows(view: View) -> dict[str, list[dict[str, Any]]]:
    """The reporting status of the areas of the scope, by dataset."""
    c = view.choices
    return _reporting_rows(view.stamp, c.period, c.scope, view.source)


@kept(256)
def _reporting_rows(
    stamp: str, period: str, scope: str, _source: Serving
) -> dict[str, list[dict[str, Any]]]:
    inside = {level: set(scopes.members(scope, level)) for level in get_args(areas.Level)}
    by_dataset: dict[str, list[dict[str, Any]]] = {}
    known = catalogue.load().datasets
    for row in reads.reporting_status(_source, [period]):
        if row["area_code"] in inside[known[row["dataset"]].level]:
            by_dataset.setdefault(row["dataset"], []).append(row)
    return by_dataset


def sample_datasets(view: View) -> list[Dataset]:
    """The datasets of the page that show sample data in the chosen quarter."""
    shown = [view.dataset] if view.dataset else list(catalogue.load().datasets.values())
    counts = _counts(view)
    return [d for d in shown if d.id in counts and counts[d.id]["sample"]]


def marked(view: View, heading: str) -> str:
    """The heading of a table, with the mark that its numbers are sample data where they are."""
    if not sample_datasets(view):
        return heading
    return view.text("page.marked", heading=heading)


def county_rows(view: View, indicators: Sequence[str]) -> pd.DataFrame:
    """The county frame of a page's lists on some indicators; shared by all: change nothing.

    Its rows are townships where these report and a county is chosen.
    """
    return _rows_of(view, indicators, *view.group)


def scope_rows(view: View, indicators: Sequence[str]) -> pd.DataFrame:
    """The county frame of the scope, with a county for all its townships; change nothing."""
    return _rows_of(view, indicators, view.choices.level, view.choices.scope)


def _rows_of(view: View, indicators: Sequence[str], level: str, code: str) -> pd.DataFrame:
    c = view.choices
    return _county_rows(view.stamp, tuple(indicators), c.period, level, code, c.lang, view.source)


@kept(1024)
def _county_rows(
    stamp: str, indicators: tuple[str, ...], period: str, level: str, scope: str, lang: str,
    _source: Serving,
) -> pd.DataFrame:  # fmt: skip
    read = _read_together(indicators)
    rows = _all_county_rows(stamp, read, period, level, scope, lang, _source)
    if read == indicators:
        return rows
    return rows[rows["indicator_id"].isin(indicators)].reset_index(drop=True)


@kept(128)
def _all_county_rows(
    stamp: str, indicators: tuple[str, ...], period: str, level: str, scope: str, lang: str,
    _source: Serving,
) -> pd.DataFrame:  # fmt: skip
    return reads.county_values(_source, indicators, period, level, scope, lang)


def _read_together(indicators: Sequence[str]) -> tuple[str, ...]:
    """All of the dataset of some indicators: a page asks for others next, and one read is quicker.

    Indicators of several datasets are read as they are asked for.
    """
    datasets = {catalogue.load().dataset_of[name].id for name in indicators}
    if len(datasets) != 1:
        return tuple(indicators)
    return tuple(i.id for i in catalogue.load().dataset(datasets.pop()).indicators)


def headlines(view: View, indicators: Sequence[str]) -> dict[str, dict[str, Any]]:
    """The headline rows of the scope."""
    return headlines_of(view, indicators, view.choices.level, view.choices.scope)


def headlines_of(
    view: View, indicators: Sequence[str], level: str, group_code: str
) -> dict[str, dict[str, Any]]:
    """The headline rows of any group."""
    c = view.choices
    read = _read_together(indicators)
    found = _headlines(view.stamp, read, c.period, level, group_code, view.source)
    return {name: row for name, row in found.items() if name in indicators}


def standings_of(view: View, indicators: Sequence[str]) -> Mapping[tuple[str, str], reads.Standing]:
    """How the groups of a trend stand, by group (level/code) and indicator."""
    c, groups = view.choices, tuple(trend_groups(view.choices))
    return _standings(view.stamp, _read_together(indicators), c.period, groups, view.source)


@kept(512)
def _standings(
    stamp: str, indicators: tuple[str, ...], period: str, groups: tuple[str, ...],
    _source: Serving,
) -> Mapping[tuple[str, str], reads.Standing]:  # fmt: skip
    return reads.standings(_source, indicators, period, groups)


def trends_of(view: View, indicator_id: str) -> Mapping[str, Trend]:
    """The test of an indicator's trend, by group (level/code): scope, those listed, the county.

    Where areas are few it is of every scope and its lists: a reader goes from one to the next, and
    the test of a hundred more takes hardly longer.
    """
    c = view.choices
    every, units = scopes.every(), list(levels.units(view.level))
    if len(every) + len(units) > AT_ONCE:
        every, units = [c.scope], scopes.members(view.group[1], view.level)
    groups = [f"{scopes.level_of(code)}/{code}" for code in every]
    groups += [f"{view.level}/{code}" for code in units]
    groups += [f"county/{c.county}"] if c.county else []
    return _trends(view.stamp, indicator_id, c.period, tuple(dict.fromkeys(groups)), view.source)


@kept(512)
def _trends(
    stamp: str, indicator_id: str, period: str, groups: tuple[str, ...], _source: Serving
) -> Mapping[str, Trend]:
    found = trends.tested(_source, [indicator_id], period, groups)
    return {group: trend for (group, _), trend in found.items()}


def available_periods(source: Serving, stamp: str) -> list[str]:
    """The periods with any data, oldest first; shared by all sessions: change nothing."""
    return _available_periods(stamp, source)


@kept(16)
def _available_periods(stamp: str, _source: Serving) -> list[str]:
    return reads.available_periods(_source)


@kept(512)
def _headlines(
    stamp: str, indicators: tuple[str, ...], period: str, level: str, scope: str, _source: Serving
) -> dict[str, dict[str, Any]]:
    return reads.headline(_source, indicators, period, level, scope)


def trend_groups(chosen: Choices) -> list[str]:
    """The lines of a trend: the regions, the scope, the province, and the chosen county."""
    if chosen.scope == areas.PILOT:
        held = {areas.load()[code].region for code in areas.pilot()}
        groups = [f"pilot_region/pilot_{r}" for r in areas.REGIONS if r in held]
    else:
        groups = [f"region/{region}" for region in areas.REGIONS]
    groups += [f"{chosen.level}/{chosen.scope}", f"province/{areas.PROVINCE}"]
    if chosen.county:
        groups.append(f"county/{chosen.county}")
    return list(dict.fromkeys(groups))
