"""What was reported itself: measures, stages and tasks, summed or county by county."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from app.reads.frames import frame_of, named
from app.serving import Serving

if TYPE_CHECKING:
    import pandas as pd


def measure_totals(
    source: Serving,
    dataset_id: str,
    measures: Sequence[str],
    period: str,
    groups: Sequence[str],
    lang: str,
) -> pd.DataFrame:
    """Sums of measures over groups (given as level/code): a row a measure and group."""
    frame = frame_of(
        "measure_total",
        source,
        dataset_id=dataset_id,
        measures=list(measures),
        period=period,
        groups=list(groups),
    )
    return named(frame, lang)


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
    frame = frame_of(
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
    return named(frame.drop(columns=["place", "stage"]), lang)


def county_measures(
    source: Serving, dataset_id: str, period: str, level: str, group_code: str, lang: str
) -> pd.DataFrame:
    """What each county of a group reported, a row a county and measure; no value has no number."""
    frame = frame_of(
        "county_measure",
        source,
        dataset_id=dataset_id,
        period=period,
        level=level,
        group_code=group_code,
    )
    return named(frame, lang)


def task_board(
    source: Serving, period: str, level: str, group_code: str, lang: str
) -> pd.DataFrame:
    """How each task of the notice stands in the cities of a group, one row a city and task."""
    return named(
        frame_of("task_board", source, period=period, level=level, group_code=group_code), lang
    )
