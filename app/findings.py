"""The finding of a figure in one line; nothing is said that its rows do not carry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import takewhile
from typing import Any

import pandas as pd

from app import formats
from app.areas import Level
from app.catalogue import Indicator
from app.i18n import t


def of_counties(
    rows: pd.DataFrame, indicator: Indicator, lang: str, *, verdict: bool = True,
    level: Level = "county",
) -> str:  # fmt: skip
    """How many counties reach the target, or else who is first and last; rows is the county frame.

    Without `verdict` first and last are told in any case. At another level rows are of that one.
    """
    of_cities = "" if level == "county" else f"_{level}"
    name = indicator.label(lang)
    seen = rows[rows["status"] == "observed"]
    withheld = bool((rows["status"] == "suppressed").any())
    if seen.empty:
        return t("finding.withheld" if withheld else "finding.none", lang, indicator=name)
    if len(seen) == 1:
        only = seen.iloc[0]
        value = _value(only["value"], indicator, lang)
        return t("finding.value", lang, scope=only["area_name"], indicator=name, value=value)
    if indicator.target is not None and verdict:
        target = indicator.target.value
        if target == 0:
            count = int((seen["value"] > 0).sum())
            key = f"finding.above_zero{of_cities}"
            return t(key, lang, indicator=name, count=count, observed=len(seen))
        reached = int((seen["target_status"] == "met").sum())
        some = {0: "_no", len(seen): "_all"}.get(reached, "")
        return t(
            f"finding.target{some}{of_cities}", lang, indicator=name, observed=len(seen),
            reached=reached, target=formats.target(target, indicator.unit, lang),
        )  # fmt: skip
    ordered = seen.sort_values("value")
    low, high = ordered.iloc[0], ordered.iloc[-1]
    values = list(ordered["value"])

    def named(row: pd.Series, values: Sequence[float]) -> str:
        """One county by its name, several that read the same, it first, by their number."""
        shown = _value(row["value"], indicator, lang)
        alike = takewhile(lambda value: _value(value, indicator, lang) == shown, values)
        count = sum(1 for _ in alike)
        return (
            str(row["area_name"])
            if count == 1
            else t(f"finding.counties{of_cities}", lang, count=count)
        )

    told = _range(
        indicator,
        lang,
        (named(low, values), low["value"]),
        (named(high, values[::-1]), high["value"]),
    )
    if not withheld:
        return told
    return t("finding.of_published", lang, finding=told, count=len(seen))


def of_parts(scope: str, names: Mapping[str, str], rows: pd.DataFrame, unit: str, lang: str) -> str:
    """What a group's whole is made of: two parts, or the sum of more and the largest of them.

    `rows` has measure_id, value and status of each part, `names` the parts' names by measure_id.
    """
    largest = rows[rows["value"] == rows["value"].max()]
    if len(rows) > 2 and len(largest) == 1 and rows["value"].notna().all():
        most = largest.iloc[0]
        return t(
            "finding.parts_most", lang, scope=scope, part=names[most["measure_id"]],
            total=formats.value(rows["value"].sum(), unit, lang),
            value=formats.value(most["value"], unit, lang),
        )  # fmt: skip
    told = [
        t("finding.part", lang, indicator=names[row["measure_id"]],
          value=formats.value(row["value"], unit, lang, row["status"]))
        for row in rows.to_dict("records")
    ]  # fmt: skip
    return t("finding.parts", lang, scope=scope, parts=t("finding.and", lang).join(told))


def of_groups(values: Mapping[str, float | None], indicator: Indicator, lang: str) -> str | None:
    """Which group is lowest and which highest, by name; None where fewer than two have a value."""
    known = sorted((value, name) for name, value in values.items() if value is not None)
    if len(known) < 2:
        return None
    return _range(indicator, lang, known[0][::-1], known[-1][::-1])


def _range(indicator: Indicator, lang: str, low: tuple[str, float], high: tuple[str, float]) -> str:
    name = indicator.label(lang)
    shown = [_value(value, indicator, lang) for _, value in (low, high)]
    if shown[0] == shown[1]:
        return t("finding.all_equal", lang, indicator=name, value=shown[0])
    return t(
        "finding.range", lang, indicator=name,
        low_name=low[0], low=shown[0], high_name=high[0], high=shown[1],
    )  # fmt: skip


def of_change(
    row: dict[str, Any], indicator: Indicator, scope: str, lang: str, before: float | None = None
) -> str:
    """How a group's figure has moved since the quarter before; `row` is its headline.

    The change is like for like. Where the figure published then, `before`, reads otherwise, since
    others had reported, that is told too.
    """
    name = indicator.label(lang)
    if row["value"] is None:
        return t("finding.none", lang, indicator=name)
    change = row["change_previous"]
    value = _value(row["value"], indicator, lang)
    if change is None:
        return t("finding.value", lang, scope=scope, indicator=name, value=value)
    amount = formats.difference(change, indicator.unit, lang, indicator.decimals)
    decimals = formats.decimals_of(indicator.unit, indicator.decimals)
    shown = formats.rounded(change, decimals)
    drawn = change if before is None else row["value"] - before
    told = ("moved" if shown else "same") + (
        "" if formats.rounded(drawn, decimals) == shown else "_like"
    )
    return t(
        f"finding.{told}", lang, scope=scope, indicator=name, amount=amount, value=value,
        verb=verb(indicator, shown > 0, lang),
    )  # fmt: skip


def verb(indicator: Indicator, up: bool, lang: str) -> str:
    """How a change is told: counts grow and shrink, shares with a direction rise and fall."""
    share = indicator.unit == "percent" and indicator.direction != "none"
    manner = "count" if indicator.denominator is None else "share" if share else "plain"
    return t(f"finding.verb.{manner}_{'up' if up else 'down'}", lang)


def of_pair(wide: pd.DataFrame, indicators: Sequence[Indicator], lang: str) -> str:
    """How many counties are short of both targets, or else where the two are furthest apart.

    `wide` is the frame of `charts.pair`.
    """
    names = t("finding.and", lang).join(i.short(lang) for i in indicators)
    seen = wide[wide["complete"]]
    if seen.empty:
        return t("finding.none", lang, indicator=names)
    if len(seen) == 1:
        only = seen.iloc[0]
        parts = t("finding.and", lang).join(
            t("finding.part", lang, indicator=i.short(lang), value=_value(only[name], i, lang))
            for i, name in zip(indicators, ("first", "second"), strict=True)
        )
        return t("finding.parts", lang, scope=only["area_name"], parts=parts)
    if all(i.target is not None for i in indicators):
        short = (seen[["first_target", "second_target"]] != "met").sum(axis=1)
        both, one = int((short == 2).sum()), int((short == 1).sum())
        key = {
            (True, True): "pair_some",
            (True, False): "pair_both",
            (False, True): "pair_one",
        }.get((both > 0, one > 0), "pair_reached")
        return t(f"finding.{key}", lang, names=names, observed=len(seen), both=both, one=one)
    furthest = seen.sort_values(["difference", "area_code"], ascending=[False, True]).iloc[0]
    first = indicators[0]
    decimals = formats.decimals_of(first.unit, first.decimals)
    if formats.rounded(furthest["difference"], decimals) == 0:
        return t("finding.pair_equal", lang, names=names)
    gap = formats.difference(furthest["difference"], first.unit, lang, first.decimals)
    return t("finding.pair_gap", lang, names=names, name=furthest["area_name"], gap=gap)


def of_stages(rows: pd.DataFrame, scope: str, unit: str, lang: str) -> str:
    """The first stage of a group and the share of it that reached each later one."""
    labels, values = list(rows["stage_label"]), list(rows["value"])
    if rows.empty or pd.isna(values[0]):
        return t("finding.none", lang, indicator=t("finding.and", lang).join(labels))
    first = t("finding.part", lang, indicator=labels[0], value=formats.value(values[0], unit, lang))
    if values[0] == 0:
        return t("finding.parts", lang, scope=scope, parts=first)
    parts = t("finding.and", lang).join(
        t("finding.part", lang, indicator=label,
          value=formats.value(100 * value / values[0], "percent", lang))
        for label, value in zip(labels[1:], values[1:], strict=True)
    )  # fmt: skip
    return t("finding.stages", lang, scope=scope, first=first, parts=parts)


def _value(value: float, indicator: Indicator, lang: str) -> str:
    return formats.value(value, indicator.unit, lang, decimals=indicator.decimals)
