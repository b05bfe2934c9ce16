"""What makes up a change, and what was told before a revision."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import queries
from app.reads.frames import frame_of, named
from app.serving import Serving

if TYPE_CHECKING:
    import pandas as pd


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
    frame = frame_of(
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
    return named(frame, lang)


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
    return frame_of(
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
