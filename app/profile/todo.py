"""What a county has to do: targets missed and by how much, reports outstanding, what is worse."""

from __future__ import annotations

from dataclasses import dataclass

from app import formats, palette
from app.i18n import t
from app.profile.standing import Report, Row, Standing

ORDER = {"missed": 0, "near": 1}
AHEAD = "not_due"


@dataclass(frozen=True)
class ToDo:
    """The county's own list; reports by their explanation.

    `targets` are those due and not met, missed before near; `ahead` those of later years.
    """

    targets: list[Row]
    ahead: list[Row]
    outstanding: list[Report]
    worse: list[Row]
    explained: dict[str, list[Report]]


def of(standing: Standing) -> ToDo:
    """What follows from how a county stands."""
    targets = [row for row in standing.rows if row.told["target_status"] in ORDER]
    targets.sort(key=lambda row: ORDER[row.told["target_status"]])
    explained: dict[str, list[Report]] = {}
    for report in standing.reports:
        if report.explanation and report.period == standing.period:
            explained.setdefault(report.explanation, []).append(report)
    return ToDo(
        targets,
        [row for row in standing.rows if row.told["target_status"] == AHEAD],
        [r for r in standing.reports if r.has_data and r.period != standing.period],
        [row for row in standing.rows if row.trend.judged(row.indicator) == "worse"],
        explained,
    )


def target_line(row: Row, lang: str) -> str:
    """How far the county is from a target, with the sign of the verdict."""
    indicator, told = row.indicator, row.told
    assert indicator.target is not None
    return t(
        "profile.todo_target", lang, sign=palette.STATUSES[told["target_status"]].sign,
        indicator=indicator.short(lang),
        value=formats.value(told["value"], indicator.unit, lang, decimals=indicator.decimals),
        target=formats.target(indicator.target.value, indicator.unit, lang),
        when=formats.target_year(indicator.target.year, lang),
        gap=formats.difference(told["gap"], indicator.unit, lang, indicator.decimals),
    )  # fmt: skip
