"""Frames as the reads give them, for the tests of charts and maps."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from typing import Any, Literal

import numpy as np
import pandas as pd

from app import charts, settings
from app.catalogue import Indicator, Target, Text


def text(zh: str, en: str = "English") -> Text:
    return Text(zh=zh, en=en)


def indicator(
    unit: str = "percent",
    direction: Literal["higher", "lower", "none"] = "higher",
    target: float | None = 55,
    name: str = "care_bed_share",
) -> Indicator:
    return Indicator(
        id=name,
        label=text("护理型床位占比", "Care-type share of beds"),
        short=text("护理型占比", "care-type share"),
        unit=unit,
        direction=direction,
        numerator="beds_care",
        denominator="beds_total",
        factor=100 if unit == "percent" else 1,
        definition=text("定义"),
        target=None if target is None else Target(value=target, year=2025, source=text("规划")),
    )


def areas() -> list[dict[str, str]]:
    with (settings.REFERENCE / "areas.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def counties(
    values: Sequence[float | str], target: float | None = 55, verdict: bool = True, lang: str = "zh"
) -> pd.DataFrame:
    """A county frame of the first areas; a text in place of a value is its status."""
    rows: list[dict[str, Any]] = []
    for area, value in zip(areas(), values, strict=False):
        known = not isinstance(value, str)
        number = float(value) if known else np.nan
        rows.append(
            {
                "area_code": area["code"],
                "area_name": area["name"] if lang == "zh" else area["name_en"],
                "city_name": area["city"] if lang == "zh" else area["city_en"],
                "region": area["region"],
                "value": number,
                "numerator": number,
                "denominator": 100.0 if known else np.nan,
                "status": "observed" if known else value,
                "gap": number - target if target is not None else np.nan,
                "change_previous": 1.25 if known else np.nan,
                "change_year": np.nan,
                "sample": True,
            }
        )
    frame = pd.DataFrame(rows)
    rank = frame["value"].rank(ascending=False, method="min").astype("Int64")
    frame["rank"] = rank if target is not None else pd.array([pd.NA] * len(frame), dtype="Int64")
    frame["target_status"] = [
        "none" if pd.isna(g) else "not_due" if not verdict else judged(g) for g in frame["gap"]
    ]
    return frame


def judged(gap: float) -> str:
    return "met" if gap >= 0 else "near" if gap >= -5 else "missed"


def quarters(
    values: Mapping[str, Sequence[float | None]], real_from: str = "2025Q1"
) -> pd.DataFrame:
    """A trend frame from 2023Q1 on, a list of values for each group; 40 of 40 areas report."""
    periods = [f"{year}Q{quarter}" for year in (2023, 2024) for quarter in (1, 2, 3, 4)]
    levels = {"440000": "province", "pilot": "pilot"}
    return pd.DataFrame(
        [
            {
                "group_code": group,
                "group_name": {"440000": "广东省", "pilot": "试点县"}.get(group, group),
                "level": levels.get(group, "region"),
                "period": period,
                "value": np.nan if value is None else value,
                "areas_reporting": 0 if value is None else 40,
                "areas_expected": 40,
                "sample": period < real_from,
            }
            for group, list_ in values.items()
            for period, value in zip(periods, list_, strict=False)
        ]
    )


def caption(sample: bool = True, lang: str = "zh") -> charts.Caption:
    return charts.Caption(
        title="粤北护理型床位占比比上季度提高1.2个百分点",
        subtitle="护理型床位占比（%），2023年四季度，粤东粤西粤北45个试点县，已报43个",
        footer="来源：各县（市、区）民政局季报；版本第4号",
        sample=sample,
        lang=lang,
    )


def words(figure: Any) -> str:
    """All text that stands in a figure outside its traces."""
    return " ".join(a.text for a in figure.layout.annotations)
