"""A change in words and in the rows of its figure; draws nothing."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Any

from app import findings, formats, periods
from app.catalogue import Indicator
from app.charts.shared import finite, records_of
from app.charts.waterfall import Step
from app.explained import split as splits
from app.explained.split import Split
from app.i18n import t

NAMED = 10  # counties that have a bar of their own
IN_TITLE = 2  # counties that the title names


def decimals(indicator: Indicator) -> int:
    """The decimals of a part of a change of an indicator."""
    return formats.part_decimals(
        indicator.unit, indicator.decimals, indicator.denominator is not None
    )


def amount(value: float, indicator: Indicator, lang: str, *, with_unit: bool = False) -> str:
    """A part of the change with its sign."""
    return formats.part(value, indicator.unit, lang, decimals(indicator), with_unit)


def finding(found: Split, scope: str, since: str, lang: str) -> str:
    """How the figure moved, which counties moved it most, and what coming and going did."""
    indicator = found.indicator
    name = indicator.label(lang)
    if found.why_not:
        return t(f"explained.why_not.{found.why_not}", lang, **names(found, lang))
    total = formats.rounded(found.total, decimals(indicator))
    kind = "moved" if total else "same"
    whole = amount(found.total, indicator, lang, with_unit=True).lstrip("+\N{MINUS SIGN}")
    told = t(
        f"explained.finding.{kind}", lang, scope=scope, indicator=name, amount=whole,
        since=t(f"explained.since.{since}", lang), verb=findings.verb(indicator, total > 0, lang),
    )  # fmt: skip
    pieces = _pieces(found, lang)
    if not pieces:
        return told
    return told + t("explained.finding.colon", lang) + t("explained.finding.and", lang).join(pieces)


def _pieces(found: Split, lang: str) -> list[str]:
    """What made the change: coming, going and own change, the largest first, then by county.

    Counties are named only where their own change went the way of the whole.
    """
    parts = {kind: found.part(kind) for kind in splits.KINDS if len(found.of(kind))}
    most = _most(found, lang)
    named = [t("explained.finding.most", lang, names=most)] if most else []
    if not parts.keys() - {splits.BOTH}:
        return named
    told = [
        t(
            f"explained.finding.{kind}", lang, count=len(found.of(kind)),
            amount=amount(parts[kind], found.indicator, lang),
        )
        for kind in sorted(parts, key=lambda kind: -abs(parts[kind]))
    ]  # fmt: skip
    return told + (named if parts.get(splits.BOTH, 0) * found.total > 0 else [])


def _most(found: Split, lang: str) -> str:
    """The counties whose own change did most for the change, or most either way if it is none."""
    own = found.of(splits.BOTH)
    shown = decimals(found.indicator)
    total = formats.rounded(found.total, shown)
    up, down = own[own["contribution"] > 0], own[own["contribution"] < 0]
    sides = [up.head(1), down.head(1)] if total == 0 else [(up if total > 0 else down)]
    rows = [row for side in sides for row in records_of(side.head(IN_TITLE))]
    return t("figure.list", lang).join(
        t("explained.finding.county", lang, name=row["area_name"],
          amount=amount(row["contribution"], found.indicator, lang))
        for row in rows
        if formats.rounded(row["contribution"], shown) != 0
    )  # fmt: skip


def revision(found: Split, lang: str) -> str:
    """How the earlier figure was corrected since it was first told, and in which counties."""
    assert found.told is not None and found.before.value is not None
    indicator, rows = found.indicator, records_of(found.revised())
    rows.sort(key=lambda row: -abs(finite(row["revision"]) or 0.0))
    listed = t("figure.list", lang).join(str(row["area_name"]) for row in rows[:NAMED])
    if len(rows) > NAMED:
        listed = t("explained.and_more", lang, names=listed, count=len(rows))
    return t(
        "explained.revision", lang, period=periods.label(found.before.period, lang),
        told=value(found.told.value, indicator, lang), vintage=found.told.vintage,
        now=value(found.before.value, indicator, lang), names=listed,
        amount=amount(found.revision, indicator, lang, with_unit=True),
    )  # fmt: skip


def names(found: Split, lang: str) -> dict[str, str]:
    """What the texts about a change that can't be taken apart are filled with."""
    return {
        "indicator": found.indicator.label(lang),
        "before": periods.label(found.before.period, lang),
        "after": periods.label(found.after.period, lang),
    }


def value(number: float | None, indicator: Indicator, lang: str) -> str:
    """A figure of an indicator in its unit."""
    return formats.value(number, indicator.unit, lang, decimals=indicator.decimals)


def steps(found: Split, lang: str, selected: str | None) -> list[Step]:
    """The rows of the figure: the levels, the counties that add most by name, the others summed.

    A selected county always has a row of its own. Up to `NAMED` counties are named, those that
    add to the change first; the others are summed by kind.
    """
    before, after = found.before, found.after
    assert before.value is not None and after.value is not None
    own = found.rows[found.rows["kind"].isin(splits.KINDS)]
    moved = own[own["contribution"] != 0]
    named = moved.head(NAMED if len(moved) > NAMED + 1 else len(moved))
    chosen = own[(own["area_code"] == selected) & ~own["area_code"].isin(named["area_code"])]
    rows = [*records_of(named), *records_of(chosen)]
    upward = found.total >= 0
    rows.sort(key=lambda row: -row["contribution"] if upward else row["contribution"])
    listed: list[Step] = []
    if found.told is not None:
        label = t("explained.told_then", lang, period=periods.label(before.period, lang))
        lines = (t("explained.vintage", lang, vintage=found.told.vintage),)
        listed.append(Step("level", label, found.told.value, told=lines))
        count = len(found.revised())
        label = t("explained.revised", lang, count=count)
        listed.append(
            Step("revision", label, found.revision, told=_told(found.revision, found, lang))
        )
    listed.append(
        Step("level", periods.label(before.period, lang), before.value, told=_known(before, lang))
    )
    listed += [_step(row, found, lang) for row in rows]
    codes = {row["area_code"] for row in rows}
    for kind in splits.KINDS:
        rest = found.of(kind)
        rest = rest[~rest["area_code"].isin(codes)]
        if len(rest):
            added = math.fsum(rest["contribution"])
            label = t(f"explained.rest.{kind}", lang, count=len(rest))
            listed.append(Step(kind, label, added, told=_told(added, found, lang)))
    listed.append(
        Step("level", periods.label(after.period, lang), after.value, told=_known(after, lang))
    )
    return listed


def printed_apart(listed: list[Step], found: Split) -> bool:
    """Whether the parts as printed add up to something else than the change as printed."""
    shown = decimals(found.indicator)
    parts = [s.amount for s in listed if s.kind in splits.KINDS]
    added = sum((formats.rounded(part, shown) for part in parts), Decimal(0))
    return added != formats.rounded(found.total, shown)


def _known(figure: splits.Figure, lang: str) -> tuple[str, ...]:
    return (t("explained.counted", lang, reporting=figure.valued, expected=figure.expected),)


def _told(added: float, found: Split, lang: str) -> tuple[str, ...]:
    return (t("explained.adds", lang, amount=amount(added, found.indicator, lang, with_unit=True)),)


def _step(row: dict[str, Any], found: Split, lang: str) -> Step:
    kind = row["kind"]
    lines = [str(row["city_name"]), *_told(row["contribution"], found, lang)]
    for moment in ("before", "after"):
        label = periods.label(getattr(found, moment).period, lang)
        lines.append(
            t("explained.at", lang, period=label, value=own_value(row, moment, found, lang))
        )
    name = str(row["area_name"])
    if kind != splits.BOTH:
        name = t(f"explained.of_kind.{kind}", lang, name=name)
    return Step(kind, name, row["contribution"], str(row["area_code"]), tuple(lines))


def own_value(row: dict[str, Any], moment: str, found: Split, lang: str) -> str:
    """A county's own figure in one of the two quarters, or the mark of why there is none."""
    number = own(row, moment, found.indicator)
    if number is None:
        silent = row[f"not_applicable_{moment}"] or finite(row[f"numerator_{moment}"]) is not None
        return formats.mark("not_applicable" if silent else "missing", lang)
    return value(number, found.indicator, lang)


def own(row: dict[str, Any], moment: str, indicator: Indicator) -> float | None:
    """A county's own figure at a moment: before, after, or as first told."""
    numerator, denominator = (
        finite(row[f"{side}_{moment}"]) for side in ("numerator", "denominator")
    )
    if numerator is None:
        return None
    if indicator.denominator is None:
        return indicator.factor * numerator
    return indicator.factor * numerator / denominator if denominator else None
