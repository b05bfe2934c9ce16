"""The change of an indicator between two quarters, area by area, and its classes."""

from __future__ import annotations

import numpy as np
import pandas as pd

from app import formats, palette
from app.catalogue import Indicator
from app.i18n import t
from app.map_classes import Array, Classes, Entry, printed, with_marks

INCOMPARABLE = "incomparable"  # sample data against real data
STEPS = 3  # classes on either side of no change


def rows_of(rows: pd.DataFrame, since: str, until: str) -> pd.DataFrame:
    """The areas with `value` the later figure minus the earlier one, and both of them.

    `status` is that of the quarter without a number, the later first; `sample` as in `rows`.
    """
    earlier = rows[rows["period"] == since].set_index("area_code")
    later = rows[rows["period"] == until].set_index("area_code")
    earlier = earlier.reindex(later.index)
    status = later["status"].where(later["status"] != "observed", earlier["status"])
    mixed = (status == "observed") & (later["sample"] != earlier["sample"])
    return later.assign(
        earlier=earlier["value"],
        later=later["value"],
        value=(later["value"] - earlier["value"]).where((status == "observed") & ~mixed),
        status=status.mask(mixed, INCOMPARABLE),
    ).reset_index()


def limits_of(sizes: Array) -> list[int]:
    """Where classes of changes begin on either side of zero: round numbers near the thirds.

    `sizes` are changes without their sign as printed, none of them zero, in units of the last
    decimal.
    """
    if not len(sizes):
        return [1]
    thirds = np.quantile(sizes, [k / STEPS for k in range(1, STEPS)])
    return sorted({1, *(_round(third) for third in thirds)})


def _round(size: float) -> int:
    """The whole number nearest to a size that has one digit, or a 5 after it, before its zeros."""
    power = int(10 ** np.floor(np.log10(max(size, 1.0))))
    step = max(1, power // 2)
    return int(np.floor(size / step + 0.5)) * step


def classes_of(rows: pd.DataFrame, indicator: Indicator, lang: str) -> Classes:
    """Classes of change, the same widths up and down, no change in the middle.

    What is better has one end of the ramp whatever its sign; without a direction nothing is said to
    be better.
    """
    decimals = formats.decimals_of(indicator.unit, indicator.decimals)
    observed = (rows["status"] == "observed").to_numpy()
    shown = printed(rows.loc[observed, "value"], decimals)
    limits = limits_of(np.abs(shown[shown != 0]))
    count = len(limits)
    # from the largest fall over no change to the largest rise
    index = np.full(len(rows), -1)
    index[observed] = count + np.sign(shown) * np.searchsorted(limits, np.abs(shown), side="right")
    ramp = list(palette.DIVERGING)
    middle = len(ramp) // 2
    if indicator.direction == "lower":
        ramp.reverse()
    entries = []
    for place in range(-count, count + 1):
        # fewer classes take the outer colours, which differ most
        step = 0 if place == 0 else STEPS - count + abs(place)
        colour = ramp[middle + (step if place > 0 else -step)]
        entries.append(Entry(_label(place, limits, indicator, decimals, lang), colour))
    incomparable = (rows["status"] == INCOMPARABLE).to_numpy()
    if incomparable.any():
        index[incomparable] = len(entries)
        label = t("map_explorer.incomparable", lang)
        entries.append(Entry(label, palette.NOT_APPLICABLE, INCOMPARABLE))
    return Classes(*with_marks(rows, entries, index, lang))


def _label(place: int, limits: list[int], indicator: Indicator, decimals: int, lang: str) -> str:
    if place == 0:
        return t("format.unchanged", lang)
    better = (place > 0) == (indicator.direction == "higher")
    word = "" if indicator.direction == "none" else t(
        f"map_explorer.{'better' if better else 'worse'}", lang
    )  # fmt: skip
    low = formats.number(limits[abs(place) - 1] / 10**decimals, decimals)
    key, high = "map_explorer.change_from", ""
    if abs(place) < len(limits):
        key = "map_explorer.change_between"
        high = formats.number((limits[abs(place)] - 1) / 10**decimals, decimals)
        key = "map_explorer.change_single" if high == low else key
    sign = t("format.up" if place > 0 else "format.down", lang)
    return t(key, lang, word=word, sign=sign, low=low, high=high).strip()
