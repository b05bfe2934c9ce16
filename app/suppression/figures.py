"""What may be told of the counties and groups in which cells are hidden."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray

import queries
from app.catalogue import Indicator
from app.serving import Serving
from app.suppression.linked import Linked, adds_alike, uses
from app.suppression.plan import Plan
from app.suppression.table import Groups, Table

Places = NDArray[np.bool_]
# Where a share of the counties shown still says something of the group.
_LARGE = ("region", "pilot_region", "pilot", "province")


def counties(plan: Plan, source: Serving) -> pd.DataFrame:
    """The figures of those who report that are hidden: indicator_id, period, level, area_code."""
    known = _known(plan, source)
    rows = [
        (indicator.id, period, level, groups.areas[place])
        for indicator, period, parts in _uses_by_quarter(plan)
        for groups, level in ((parts[0][0].groups, _level(plan, indicator)),)
        for place in np.flatnonzero(_hidden(parts) & known.get((indicator.id, period), False))
    ]
    return pd.DataFrame(rows, columns=["indicator_id", "period", "level", "area_code"], dtype=str)


def groups(plan: Plan, source: Serving) -> pd.DataFrame:
    """The figures of groups with hidden counties: the whole one, or none.

    A group that is not there keeps what the counties shown say of it.
    """
    known = _known(plan, source)
    wanted = [i.id for linked in plan.linked.values() for i in linked.indicators]
    frame = queries.run("suppression/group_figure", source.cursor(), indicators=wanted).df()
    verdicts = {
        (indicator.id, period, *parts[0][0].groups.names[group]): verdict
        for indicator, period, parts in _uses_by_quarter(plan)
        for group, verdict in _verdicts(
            indicator, parts, known.get((indicator.id, period), _nowhere(parts[0][0].groups))
        )
    }
    keys = zip(frame.indicator_id, frame.period, frame.level, frame.group_code, strict=True)
    frame["verdict"] = [verdicts.get(key, "as it is") for key in keys]
    frame = frame[frame["verdict"].isin(["whole", "none"])].copy()
    gone = (frame["verdict"] == "none") & (frame["status"] == "observed")
    frame.loc[gone, ["numerator", "denominator", "value", "gap"]] = np.nan
    frame.loc[gone, "status"] = "suppressed"
    frame.loc[gone, "target_status"] = "none"
    return frame.drop(columns="verdict")


def totals(plan: Plan) -> pd.DataFrame:
    """The totals of groups with hidden cells: null where they may not be told."""
    rows = []
    for (dataset, period, measure), table in plan.tables.items():
        flow = plan.linked[dataset].dataset.measure(measure).kind == "flow"
        parts = plan.used(dataset, period, measure, quarter=flow)
        quarters = plan.quarters.get((dataset, period, measure), table.values * np.nan)
        members = table.groups.members
        hidden = _hidden([(part, True) for part in parts])
        for group in np.flatnonzero((members & hidden).any(axis=1)):
            inside = members[group]
            added = quarters if flow else table.values
            told = all(p.published[group] or not (p.hidden & inside).any() for p in parts)
            # all of the hidden or nothing of them: else a total tells of those left out
            told &= bool((~np.isnan(added[hidden & inside])).all())
            kept = bool(table.published[group] or not (table.hidden & inside).any())
            rows.append((
                dataset, measure, period, *table.groups.names[group],
                _sum(added[inside]) if told else np.nan,
                _sum(table.values[inside]) if kept else np.nan,
            ))  # fmt: skip
    columns = ["dataset_id", "measure_id", "period", "level", "group_code", "value", "whole"]
    return pd.DataFrame(rows, columns=columns).astype({"value": float, "whole": float})


def _verdicts(
    indicator: Indicator, parts: list[tuple[Table, bool]], known: Places
) -> Iterator[tuple[int, str]]:
    """Each group with hidden counties: its whole figure, that of the counties shown, or none."""
    hidden, groups = _hidden(parts), parts[0][0].groups
    for group in np.flatnonzero((groups.members & hidden & known).any(axis=1)):
        inside = groups.members[group]
        whole = bool(known[hidden & inside].all()) and all(
            alike and table.published[group]
            for table, alike in parts
            if (table.hidden & inside).any()
        )
        large = groups.names[group][0] in _LARGE
        part = indicator.denominator is not None and large and (known & ~hidden & inside).any()
        yield int(group), "whole" if whole else "part" if part else "none"


def _uses_by_quarter(plan: Plan) -> Iterator[tuple[Indicator, str, list[tuple[Table, bool]]]]:
    """Each indicator and quarter with its tables, and whether these add up alike everywhere."""
    for dataset, period in dict.fromkeys(key[:2] for key in plan.tables):
        linked: Linked = plan.linked[dataset]
        for indicator in linked.indicators:
            parts = [
                (table, adds_alike(indicator, ref))
                for ref in uses(indicator)
                if ref.qualifier in ("", "quarter")
                for table in plan.used(
                    dataset, period, ref.measure, quarter=ref.qualifier == "quarter"
                )
            ]
            if any(table.hidden.any() for table, _ in parts):
                yield indicator, period, parts


def _level(plan: Plan, indicator: Indicator) -> str:
    return next(
        each.dataset.level for each in plan.linked.values() if indicator in each.dataset.indicators
    )


def _hidden(parts: list[tuple[Table, bool]]) -> Places:
    """Where one of the tables hides something; there is at least one."""
    hidden = parts[0][0].hidden.copy()
    for table, _ in parts[1:]:
        hidden |= table.hidden
    return hidden


def _nowhere(groups: Groups) -> Places:
    return np.zeros(len(groups.areas), dtype=np.bool_)


def _known(plan: Plan, source: Serving) -> dict[tuple[str, str], Places]:
    found: dict[tuple[str, str], Places] = {}
    for dataset, linked in plan.linked.items():
        groups = plan.of(dataset)
        place = {code: index for index, code in enumerate(groups.areas)}
        wanted = [indicator.id for indicator in linked.indicators]
        rows = queries.run("suppression/known_indicator", source.cursor(), indicators=wanted)
        for indicator, period, area in rows.fetchall():
            found.setdefault((indicator, period), _nowhere(groups))[place[area]] = True
    return found


def _sum(values: NDArray[np.float64]) -> float:
    held = values[~np.isnan(values)]
    return float(held.sum()) if held.size else np.nan
