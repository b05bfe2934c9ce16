"""What indicators say: of groups, of every county of a group, over time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import queries
from app import areas, catalogue, levels, periods
from app.errors import UnknownName
from app.reads.frames import frame_of, named
from app.serving import Serving

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


def county_values(
    source: Serving, indicators: Sequence[str], period: str, level: str, group_code: str, lang: str
) -> pd.DataFrame:
    """The county frame: every county of a group on the chosen indicators, one row each.

    Columns: indicator_id, area_code, area_name, city_name, region (names in the language), value,
    numerator, denominator, status, rank, tied, target_status, gap, change_previous, change_year,
    sample. What reads the same has the same rank, and is tied.
    """
    frame = frame_of(
        "county_value",
        source,
        indicators=list(indicators),
        period=period,
        level=level,
        group_code=group_code,
    )
    frame["rank"] = frame["rank"].astype("Int64")
    return named(frame, lang)


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
    frame = frame_of(
        "map_value",
        source,
        indicator_id=indicator_id,
        periods=list(wanted_periods),
        area_level=area_level,
        level=level,
        group_code=group_code,
    )
    frame["rank"] = frame["rank"].astype("Int64")
    return named(frame, lang)


def county_progress(
    source: Serving, indicator_id: str, period: str, area_codes: Sequence[str], lang: str
) -> pd.DataFrame:
    """Some counties on one indicator: the columns of the county frame, and how they have moved.

    Besides these: value_year (the value a year before, where the change is taken from it), its
    status_year and sample_year, gain (the change as printed, positive where it is for the better;
    none without a direction), gain_rank, gain_tied, and trend, the values of the last quarters
    without a break, at most eight.
    """
    frame = frame_of(
        "county_progress",
        source,
        indicator_id=indicator_id,
        period=period,
        area_codes=list(area_codes),
    )
    for name in ("rank", "gain_rank"):
        frame[name] = frame[name].astype("Int64")
    return named(frame, lang)


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
    frame = frame_of("group_trend", source, indicator_id=indicator_id, groups=list(groups))
    frame = named(frame, lang)
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
