"""How the areas of a map are divided into classes; in the explorer alike in all its quarters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

import jenkspy
import numpy as np
import pandas as pd

from app import formats, palette
from app.catalogue import Indicator
from app.i18n import t

TARGET, QUINTILES, NATURAL, CONTINUOUS = "target", "quintiles", "natural", "continuous"
METHODS = (TARGET, QUINTILES, NATURAL, CONTINUOUS)
COUNT = 5
VERDICTS = ("met", "near", "missed", "not_due", "none")
MARKS = {
    "suppressed": palette.MISSING,
    "not_applicable": palette.NOT_APPLICABLE,
    "missing": palette.MISSING,
}  # what stands where there is no number
AT_MOST = 2_000  # values that natural breaks are sought among: the search takes their square

Array = np.ndarray[Any, Any]


class Entry(NamedTuple):
    """One class: its label in the legend, its colour, the status and verdict in words of it."""

    label: str
    colour: str
    status: str = "observed"
    word: str = ""


@dataclass(frozen=True)
class Classes:
    """The classes of a map, and which of them each row is in.

    `ramp` are the limits of a continuous ramp, which the first class then has in place of a colour.
    """

    entries: tuple[Entry, ...]
    index: Array
    ramp: tuple[float, float] | None = None


def methods(indicator: Indicator) -> tuple[str, ...]:
    """The ways of dividing that make sense for an indicator."""
    return METHODS if indicator.target is not None else METHODS[1:]


def classes_of(rows: pd.DataFrame, indicator: Indicator, method: str, lang: str) -> Classes:
    """Divide the rows of all quarters together, so that a colour means the same in each."""
    observed = (rows["status"] == "observed").to_numpy()
    seen = rows[observed]
    index = np.full(len(rows), -1)
    entries: list[Entry] = []
    ramp = None
    if len(seen):
        if method == TARGET and _judged(seen["target_status"]):
            entries, inside = verdicts(seen, lang)
        elif method == CONTINUOUS:
            entries, inside = [Entry("", palette.SEQUENTIAL[2])], np.zeros(len(seen), int)
            ramp = (float(seen["value"].min()), float(seen["value"].max()))
        else:
            entries, inside = levels(seen["value"], indicator, method, lang)
        index[observed] = inside
    return Classes(*with_marks(rows, entries, index, lang), ramp)


def with_marks(
    rows: pd.DataFrame, entries: Sequence[Entry], index: Array, lang: str
) -> tuple[tuple[Entry, ...], Array]:
    """The same with a class for each reason why rows have no number, where there are such."""
    entries, index = list(entries), index.copy()
    for status, colour in MARKS.items():
        here = (rows["status"] == status).to_numpy()
        if here.any():
            index[here] = len(entries)
            entries.append(Entry(t(f"map.{status}_key", lang), colour, status))
    return tuple(entries), index


def printed(values: pd.Series, decimals: int) -> Array:
    """Values as they are printed, in units of the last decimal: two that read alike are equal."""
    places, distinct = pd.factorize(values)
    whole = [int(formats.rounded(float(v), decimals).scaleb(decimals)) for v in distinct]
    return np.array(whole, dtype=np.int64)[places]


def starts_of(values: Array, method: str) -> list[int]:
    """Where the classes of whole numbers begin: by fifths or by natural breaks.

    Fifths begin at the quantiles; natural breaks are those of Fisher and Jenks, which make the
    squared distances within classes least. As many classes as values where these are few.
    """
    distinct = np.unique(values)
    if len(distinct) <= COUNT:
        return [int(v) for v in distinct]
    first = int(distinct[0])
    if method == QUINTILES:
        shares = np.quantile(values, np.arange(1, COUNT) / COUNT)
        inner = [int(np.floor(v + 0.5)) for v in shares]
    else:
        ordered = np.sort(values)
        thin = ordered[:: max(1, -(-len(ordered) // AT_MOST))]
        thin = np.append(thin, ordered[-1])
        ends = jenkspy.jenks_breaks(thin.astype(float), n_classes=COUNT)[1:-1]
        inner = [int(distinct[np.searchsorted(distinct, end, side="right")]) for end in ends]
    return [first, *sorted({v for v in inner if v > first})]


def levels(
    values: pd.Series, indicator: Indicator, method: str, lang: str
) -> tuple[list[Entry], Array]:
    """Classes from the lowest values to the highest, and which of them each value is in."""
    decimals = formats.decimals_of(indicator.unit, indicator.decimals)
    shown = printed(values, decimals)
    if method == TARGET:  # it gives no verdict here, but divides levels
        exact = [Decimal(int(v)).scaleb(-decimals) for v in shown]
        aim = indicator.target
        target = None if aim is None else formats.rounded(aim.value, decimals)
        starts = [int(v.scaleb(decimals)) for v in round_starts(exact, target)]
    else:
        starts = starts_of(shown, method)
    distinct = np.unique(shown)
    # a class a value has no values up to the next
    ends = starts if len(starts) == len(distinct) else [*(v - 1 for v in starts[1:]), distinct[-1]]
    labels = [
        _label(low, high, indicator.unit, decimals, lang)
        for low, high in zip(starts, ends, strict=True)
    ]
    colours = palette.levels(len(labels))
    entries = [Entry(label, colour) for label, colour in zip(labels, colours, strict=True)]
    return entries, np.searchsorted(starts, shown, side="right") - 1


def _judged(statuses: pd.Series) -> bool:
    """Whether the target is due in any quarter; what is met before is no reason to judge all."""
    return bool(statuses.isin(("near", "missed")).any() or not (statuses == "not_due").any())


def verdicts(seen: pd.DataFrame, lang: str) -> tuple[list[Entry], Array]:
    """The target statuses that there are as classes, and which of them each row is in."""
    entries: list[Entry] = []
    index = np.zeros(len(seen), int)
    for status in VERDICTS:
        here = (seen["target_status"] == status).to_numpy()
        if here.any():
            look = palette.STATUSES[status]
            label = f"{look.sign} {t(f'figure.status.{status}', lang)}".strip()
            index[here] = len(entries)
            entries.append(Entry(label, look.fill, word=label))
    return entries, index


def _label(low: int, high: int, unit: str, decimals: int, lang: str) -> str:
    """The lowest and highest value of a class as printed, given in units of the last decimal."""
    first, last = (formats.written(Decimal(int(v)).scaleb(-decimals)) for v in (low, high))
    key = "map.class_single" if low == high else "map.class_from"
    return t(key, lang, low=first, high=last) + ("%" if unit == "percent" else "")


def round_starts(shown: Sequence[Decimal], target: Decimal | None = None) -> list[Decimal]:
    """Where classes begin: round numbers near the fifths, the target among them if it lies inside.

    `shown` are the values as printed, at least one, so that no label contradicts its class.
    """
    ordered = sorted(shown)
    distinct = sorted(set(ordered))
    if len(distinct) <= COUNT:
        return distinct
    span = ordered[-1] - ordered[0]
    step = _round_step(span / 25)
    count = len(ordered)
    starts = {ordered[count * i // COUNT] // step * step for i in range(1, COUNT)}
    inner = sorted(s for s in starts if ordered[0] < s <= ordered[-1])
    if target is not None and ordered[0] < target <= ordered[-1]:
        nearest = min(inner, key=lambda s: abs(s - target), default=None)
        inner = sorted({s for s in inner if s != nearest} | {target})
    return [ordered[0], *inner]


def _round_step(size: Decimal) -> Decimal:
    power = Decimal(10) ** (size.adjusted())
    return next(power * n for n in (1, 2, 5, 10) if power * n >= size)
