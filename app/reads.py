"""One typed function for each question the pages and the command line put to the data."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import queries
from app import areas, catalogue, lake, levels, periods
from app.errors import UnknownName
from app.serving import Serving
from app.settings import Settings

if TYPE_CHECKING:
    import pandas as pd


class Standing(NamedTuple):
    """What one indicator says of one group of areas, without changes and numerators."""

    value: float | None
    status: str
    target_status: str
    gap: float | None
    sample: bool


def indicator_values(
    source: Serving,
    indicators: Sequence[str],
    wanted_periods: Sequence[str],
    wanted_levels: Sequence[str],
    area_codes: Sequence[str] = (),
    lang: str = "zh",
) -> list[dict[str, Any]]:
    """The figures behind every page: one row an indicator, period and group of the levels.

    Values are not rounded; a percentage is given as a percentage. Raises UnknownName for an
    indicator, level or area that does not exist and BadPeriod for a malformed period.
    """
    known = catalogue.load()
    for indicator_id in indicators:
        known.indicator(indicator_id)
    for period in wanted_periods:
        periods.parse(period)
    for level in wanted_levels:
        if level not in levels.every():
            raise UnknownName("error.unknown_level", name=level, names=", ".join(levels.every()))
    groups = {row["group_code"] for row in queries.rows("group_names", source.cursor())}
    for code in area_codes:
        if code not in groups:
            raise UnknownName("error.unknown_area", name=code)
    found = queries.rows(
        "indicator_value",
        source.cursor(),
        indicators=list(indicators),
        periods=list(wanted_periods),
        levels=list(wanted_levels),
        areas=list(area_codes),
    )
    rows = []
    for row in found:
        english = row.pop("area_name_en")
        if lang == "en":
            row["area_name"] = english
        rows.append(row | {"vintage": source.vintage})
    return rows


def vintage_of(settings: Settings, as_of: str) -> int:
    """The vintage named by `--as-of`: a number, `V12`, or a date (its last in Guangdong)."""
    text = as_of.strip().upper().removeprefix("V").removeprefix("S")
    if re.fullmatch(r"[0-9]{1,9}", text):
        return int(text)
    try:
        day = dt.date.fromisoformat(as_of.strip())
    except ValueError as error:
        raise UnknownName("error.bad_as_of", name=as_of) from error
    return lake.vintage_on(settings, day)


def reporting_status(source: Serving, wanted: Sequence[str] | None = None) -> list[dict[str, Any]]:
    """Who has reported what, and when: one row a dataset, period and area.

    Without periods, the last one with data; none at all in an empty store.
    """
    if wanted is None:
        wanted = [row["period"] for row in queries.rows("periods", source.cursor())][-1:]
    found = queries.rows("reporting_status", source.cursor(), periods=list(wanted))
    for row in found:
        row["submission"] = None if row["submission"] is None else f"S{row['submission']}"
    return found


def reporting_counts(
    source: Serving, period: str, level: str, group_code: str
) -> dict[str, dict[str, Any]]:
    """How many areas of a group have `reported` each dataset, of how many `expected`.

    By dataset; `sample` tells whether any of it is sample data.
    """
    found = queries.rows(
        "reporting_count", source.cursor(), period=period, level=level, group_code=group_code
    )
    return {row["dataset"]: row for row in found}


def reporting_summary(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """How many areas of how many have reported: one row a period and dataset."""
    summary: dict[tuple[str, str], dict[str, Any]] = {}
    for row in rows:
        key = (row["period"], row["dataset"])
        entry = summary.setdefault(
            key, {"period": key[0], "dataset": key[1], "reported": 0, "expected": 0}
        )
        entry["expected"] += 1
        entry["reported"] += row["reported"]
    return list(summary.values())


def county_values(
    source: Serving, indicators: Sequence[str], period: str, level: str, group_code: str, lang: str
) -> pd.DataFrame:
    """The county frame: every county of a group on the chosen indicators, one row each.

    Columns: indicator_id, area_code, area_name, city_name, region (names in the language), value,
    numerator, denominator, status, rank, tied, target_status, gap, change_previous, change_year,
    sample. What reads the same has the same rank, and is tied.
    """
    frame = _frame(
        "county_value",
        source,
        indicators=list(indicators),
        period=period,
        level=level,
        group_code=group_code,
    )
    frame["rank"] = frame["rank"].astype("Int64")
    return _named(frame, lang)


def map_values(
    source: Serving,
    indicator_id: str,
    wanted_periods: Sequence[str],
    area_level: areas.Level,
    level: str,
    group_code: str,
    lang: str,
) -> pd.DataFrame:
    """The county frame of one indicator in several quarters, or that of cities: by period, code.

    Beside its columns it has period, areas_reporting and areas_expected, and no region.
    """
    frame = _frame(
        "map_value",
        source,
        indicator_id=indicator_id,
        periods=list(wanted_periods),
        area_level=area_level,
        level=level,
        group_code=group_code,
    )
    frame["rank"] = frame["rank"].astype("Int64")
    return _named(frame, lang)


def county_progress(
    source: Serving, indicator_id: str, period: str, area_codes: Sequence[str], lang: str
) -> pd.DataFrame:
    """Some counties on one indicator: the columns of the county frame, and how they have moved.

    Besides these: value_year (the value a year before, where the change is taken from it), its
    status_year and sample_year, gain (the change as printed, positive where it is for the better;
    none without a direction), gain_rank, gain_tied, and trend, the values of the last quarters
    without a break, at most eight.
    """
    frame = _frame(
        "county_progress",
        source,
        indicator_id=indicator_id,
        period=period,
        area_codes=list(area_codes),
    )
    for name in ("rank", "gain_rank"):
        frame[name] = frame[name].astype("Int64")
    return _named(frame, lang)


def headline(
    source: Serving, indicators: Sequence[str], period: str, level: str, group_code: str
) -> dict[str, dict[str, Any]]:
    """What the indicators say of one group, by indicator, with like-for-like changes."""
    rows = queries.rows(
        "headline",
        source.cursor(),
        indicators=list(indicators),
        period=period,
        level=level,
        group_code=group_code,
    )
    return {row["indicator_id"]: row for row in rows}


def earlier_values(
    source: Serving, indicators: Sequence[str], wanted: Sequence[str], level: str, group_code: str
) -> dict[tuple[str, str], dict[str, Any]]:
    """What was known of one group in earlier periods, by indicator and period, where it was."""
    rows = queries.rows(
        "earlier_value", source.cursor(), indicators=list(indicators), periods=list(wanted),
        level=level, group_code=group_code,
    )  # fmt: skip
    return {(row["indicator_id"], row["period"]): row for row in rows}


def standings(
    source: Serving, indicators: Sequence[str], period: str, groups: Sequence[str]
) -> dict[tuple[str, str], Standing]:
    """How groups (given as level/code) stand, by group and indicator; a quick read of many."""
    rows = queries.run(
        "standing",
        source.cursor(),
        indicators=list(indicators),
        period=period,
        groups=list(groups),
    ).fetchall()
    return {
        (f"{level}/{code}", indicator_id): Standing(*row)
        for indicator_id, level, code, *row in rows
    }


def group_trend(
    source: Serving, indicator_id: str, groups: Sequence[str], lang: str
) -> pd.DataFrame:
    """The trend frame of one indicator: a row a group (given as level/code) and period."""
    frame = _frame("group_trend", source, indicator_id=indicator_id, groups=list(groups))
    frame = _named(frame, lang)
    order = {name: position for position, name in enumerate(groups)}
    key = (frame["level"] + "/" + frame["group_code"]).map(order)
    return frame.assign(order=key).sort_values(["order", "period"]).drop(columns="order")


def plan(
    source: Serving, indicator_id: str, period: str, level: str, group_code: str, lang: str
) -> list[dict[str, Any]]:
    """Where each county of a group stands with one indicator, and its numerator a year before."""
    rows = queries.rows(
        "plan", source.cursor(), indicator_id=indicator_id, period=period, level=level,
        group_code=group_code,
    )  # fmt: skip
    for row in rows:
        for name in ("area_name", "city_name"):
            english = row.pop(f"{name}_en")
            if lang == "en":
                row[name] = english
    return rows


def measure_totals(
    source: Serving,
    dataset_id: str,
    measures: Sequence[str],
    period: str,
    groups: Sequence[str],
    lang: str,
) -> pd.DataFrame:
    """Sums of measures over groups (given as level/code): a row a measure and group."""
    frame = _frame(
        "measure_total",
        source,
        dataset_id=dataset_id,
        measures=list(measures),
        period=period,
        groups=list(groups),
    )
    return _named(frame, lang)


def stage_totals(
    source: Serving,
    dataset_id: str,
    stages: Sequence[str],
    period: str,
    groups: Sequence[str],
    lang: str,
) -> pd.DataFrame:
    """Sums of stages over groups (given as level/code), both in the order given.

    Only areas that report every stage are in any of them; a flow is its year to date.
    """
    frame = _frame(
        "stage_total",
        source,
        dataset_id=dataset_id,
        measures=list(stages),
        period=period,
        groups=list(groups),
    )
    place = (frame["level"] + "/" + frame["group_code"]).map(list(groups).index)
    stage = frame["measure_id"].map(list(stages).index)
    frame = frame.assign(place=place, stage=stage).sort_values(["place", "stage"])
    return _named(frame.drop(columns=["place", "stage"]), lang)


def county_measures(
    source: Serving, dataset_id: str, period: str, level: str, group_code: str, lang: str
) -> pd.DataFrame:
    """What each county of a group reported, a row a county and measure; no value has no number."""
    frame = _frame(
        "county_measure",
        source,
        dataset_id=dataset_id,
        period=period,
        level=level,
        group_code=group_code,
    )
    return _named(frame, lang)


def task_board(
    source: Serving, period: str, level: str, group_code: str, lang: str
) -> pd.DataFrame:
    """How each task of the notice stands in the cities of a group, one row a city and task."""
    return _named(
        _frame("task_board", source, period=period, level=level, group_code=group_code), lang
    )


def change_contributions(
    source: Serving,
    indicator_id: str,
    period: str,
    base_period: str,
    level: str,
    group_code: str,
    lang: str,
    told: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """What each county of a group adds to the change of its figure, the largest part first.

    `told` is what `told_values` knew of the base period before the later one began to come; it
    gives what each county adds to the revision of the earlier figure.
    """
    known = _columns_of(told)
    frame = _frame(
        "change_contribution",
        source,
        indicator_id=indicator_id,
        period=period,
        base_period=base_period,
        level=level,
        group_code=group_code,
        told_areas=known["area_code"],
        told_numerators=known["numerator"],
        told_denominators=known["denominator"],
    )
    return _named(frame, lang)


def _columns_of(told: pd.DataFrame | None) -> dict[str, list[Any]]:
    names = ("area_code", "numerator", "denominator")
    if told is None:
        return {name: [] for name in names}
    whole = told.astype(object).where(told.notna(), None)
    return {name: list(whole[name]) for name in names}


def told_values(
    source: Serving, indicator_id: str, period: str, level: str, group_code: str
) -> pd.DataFrame:
    """Numerator and denominator of the counties of a group that an indicator is known of."""
    return _frame(
        "told_value",
        source,
        indicator_id=indicator_id,
        period=period,
        level=level,
        group_code=group_code,
    )


def first_submission(
    source: Serving, dataset_id: str, period: str, sample: bool, base_periods: Sequence[str]
) -> int | None:
    """The submission with which the real or the sample data of a quarter began to come.

    None also where nothing of the base periods was submitted with it or since.
    """
    row = queries.run(
        "first_submission",
        source.cursor(),
        dataset_id=dataset_id,
        period=period,
        sample=sample,
        base_periods=list(base_periods),
    ).fetchone()
    return int(row[0]) if row else None


def before_revision(source: Serving, dataset_id: str) -> tuple[int, dt.datetime] | None:
    """The vintage before the last revision of a dataset and when it was stored, if there is one."""
    row = queries.run("before_revision", source.cursor(), dataset_id=dataset_id).fetchone()
    return (int(row[0]), row[1]) if row else None


def available_periods(source: Serving, dataset_id: str | None = None) -> list[str]:
    """The periods with data, of one dataset or of any, oldest first."""
    rows = queries.rows("periods", source.cursor())
    return sorted({row["period"] for row in rows if dataset_id in (None, row["dataset"])})


def sample_periods(source: Serving, dataset_id: str) -> list[str]:
    """The periods in which a dataset's data are sample data, oldest first."""
    rows = queries.rows("periods", source.cursor())
    return [row["period"] for row in rows if row["dataset"] == dataset_id and row["sample"]]


def _frame(name: str, source: Serving, **params: Any) -> pd.DataFrame:
    return queries.run(name, source.cursor(), **params).df()


def _named(frame: pd.DataFrame, lang: str) -> pd.DataFrame:
    """Keep the names of one language: area_name, city_name, group_name and region."""
    if lang == "en":
        for name in ("area_name", "city_name", "group_name"):
            if f"{name}_en" in frame:
                frame[name] = frame[f"{name}_en"]
    if "region_code" in frame:
        frame["region"] = frame["region_name_en"] if lang == "en" else frame["region_code"]
    return frame.drop(columns=[c for c in frame if str(c).endswith("_name_en")])
