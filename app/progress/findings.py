"""What the page of ranks says in words: titles, why a county has no rank, what ranks are worth."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from app import catalogue, formats
from app.catalogue import Indicator
from app.i18n import t
from app.progress import margins
from app.progress.margins import Margin

NAMED = 3  # counties named together; more are counted


def of_progress(rows: pd.DataFrame, indicator: Indicator, lang: str) -> str:
    """Who gained and who lost most in a year, or without a direction who changed most."""
    name = indicator.label(lang)
    moved = rows[rows["change_year"].notna()]
    if moved.empty:
        return t("progress.finding.none", lang, indicator=name)
    if indicator.direction == "none":
        size = moved["change_read"].abs()
        most = moved[size == size.max()]
        if size.max() == 0:
            return t("progress.finding.still", lang, indicator=name)
        return t(
            "progress.finding.changed", lang, indicator=name, names=_names(most, lang),
            change=_change(most, indicator, lang),
        )  # fmt: skip
    up, down = moved[moved["gain"] > 0], moved[moved["gain"] < 0]
    kind = {len(down): "all_worse", len(up): "all_better"}.get(len(moved), "counts")
    if len(moved) == 1:
        kind = "counts"
    parts = [
        t(f"progress.finding.{kind}", lang, indicator=name, better=len(up), worse=len(down),
          known=len(moved))
    ]  # fmt: skip
    for key, side in (("best", up), ("worst", down)):
        if len(side):
            size = side["gain"].abs()
            most = side[size == size.max()]
            parts.append(
                t(f"progress.finding.{key}", lang, names=_names(most, lang),
                  change=_change(most, indicator, lang))
            )  # fmt: skip
    return t("figure.separator", lang).join(parts)


def reason(row: Mapping[Hashable, Any], lang: str) -> str:
    """Why a county has no value, or no change over the year; empty where it has both."""
    if row["status"] != "observed":
        return t(f"export.status_{row['status']}", lang)
    if pd.notna(row["change_year"]):
        return ""
    if row["status_year"] == "observed":
        return t("progress.year_sample" if row["sample_year"] else "progress.year_real", lang)
    return t(f"progress.year_{row['status_year']}", lang)


def worth(rows: pd.DataFrame, indicator: Indicator, lang: str) -> list[str]:
    """What the ranks are worth: ties, first and second, neighbours, small changes, small counts."""
    lines = []
    if indicator.direction == "none":
        lines.append(t("progress.no_direction", lang))
    first = rows[rows["rank"] == 1]
    if len(first) > 1:
        value = formats.value(
            float(first["value"].iloc[0]), indicator.unit, lang, decimals=indicator.decimals
        )
        lines.append(t("progress.tied_first", lang, names=_names(first, lang), value=value))
    between = margins.margins(rows, indicator)
    if between:
        lines.append(_first_two(between[0], indicator, lang))
        close = sum(each.close for each in between)
        if close and len(between) > 1:
            unit = margins.unit_of(indicator)
            key = "neighbours" if unit else "neighbours_rounded"
            lines.append(
                t(f"progress.{key}", lang, pairs=len(between), close=close, few=margins.FEW,
                  unit=_unit(unit, lang))
            )  # fmt: skip
    still = margins.unmoved(rows, indicator)
    if still:
        unit = _unit(margins.unit_of(indicator), lang)
        lines.append(t("progress.unmoved", lang, count=still, unit=unit))
    small = margins.small(rows, indicator)
    if len(small):
        lines.append(
            t("progress.small", lang, limit=margins.SMALL, count=len(small),
              names=_names(small, lang))
        )  # fmt: skip
    return lines


def _first_two(margin: Margin, indicator: Indicator, lang: str) -> str:
    unit = margins.unit_of(indicator)
    key = "rounding" if margin.rounding else "close" if margin.close else "apart"
    if key == "apart" and (unit is None or indicator.denominator is None):
        key = "apart_uncounted"
    step = formats.decimals_of(indicator.unit, indicator.decimals)
    return t(
        f"progress.first.{key}", lang, first=margin.ahead["area_name"],
        second=margin.behind["area_name"], rank=int(margin.behind["rank"]),
        gap=formats.difference(
            margin.difference, indicator.unit, lang, step + 2 if margin.rounding else step
        ) if indicator.unit != "percent" or not margin.rounding
        else _points(margin.difference, lang),
        units=f"{margin.units:,}" if margin.units is not None else "", unit=_unit(unit, lang),
    )  # fmt: skip


def _points(amount: float, lang: str) -> str:
    """A difference of percentages with the digits that are not printed elsewhere."""
    number, points = formats.number(amount, 3), t("format.points", lang)
    return t("format.number_unit", lang, number=number, unit=points)


def _names(rows: pd.DataFrame, lang: str) -> str:
    if len(rows) > NAMED:
        return t("finding.counties", lang, count=len(rows))
    return t("finding.and", lang).join(rows["area_name"].astype(str))


def _change(rows: pd.DataFrame, indicator: Indicator, lang: str) -> str:
    amounts = {
        formats.change(float(v), indicator.unit, lang, indicator.decimals)
        for v in rows["change_year"]
    }
    return t("finding.and", lang).join(sorted(amounts))


def _unit(unit: str | None, lang: str) -> str:
    return catalogue.load().unit(unit).label(lang) if unit else ""
