"""Total rows: left out of the data, and held against the sum of the rows they stand for."""

from __future__ import annotations

import math
from bisect import bisect
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from app import levels
from app.catalogue import Dataset
from app.i18n import t
from app.intake.tables import Cell
from app.intake.upload import Finding, ReadCell
from app.townships import Township

_Key = tuple[str, str, str | int | None, str | None]


@dataclass(frozen=True)
class Figure:
    """A total's figure and where it stands; `rounding` is by how much a row may be rounded."""

    value: float
    raw: Cell
    label: str
    position: int
    rounding: float


@dataclass(frozen=True)
class Total:
    """A total row: the city or region it is of, its period if it names one, and its figures."""

    row: int
    group: str | None
    period: str | None
    figures: Mapping[str, Figure]


def check(
    totals: Sequence[Total], cells: Sequence[ReadCell], dataset: Dataset, lang: str
) -> Iterator[Finding]:
    """A warning for each figure of a sheet's total rows that is not the sum of its rows.

    Which rows it stands for is not written anywhere: those of its city or region, all, or those
    down to or up from the next total. Any of these sums will do. Standards do not add up.
    """
    sums, counts = _sums([total.row for total in totals], cells)
    added = [m.id for m in dataset.measures if m.kind in ("stock", "flow")]
    for number, total in enumerate(totals):
        for measure_id in added:
            figure = total.figures.get(measure_id)
            if figure is None:
                continue
            keys = _keys(measure_id, number, total)
            found = [(sums[key], counts[key]) for key in keys if key in counts]
            if found and not any(_equal(figure, sum_, count) for sum_, count in found):
                told = t("check.total_differs", lang, sum=f"{found[0][0]:,.10g}")
                yield Finding(
                    "total_differs", told, cells[0].sheet, total.row, figure.label, figure.raw,
                    period=total.period, position=figure.position,
                )  # fmt: skip


def _keys(measure_id: str, number: int, total: Total) -> list[_Key]:
    if total.group is not None:
        return [(measure_id, "group", total.group, total.period)]
    return [
        (measure_id, "all", None, total.period),
        (measure_id, "segment", number, None),
        (measure_id, "segment", number + 1, None),
    ]


def _sums(rows: list[int], cells: Sequence[ReadCell]) -> tuple[dict[_Key, float], dict[_Key, int]]:
    sums: dict[_Key, float] = defaultdict(float)
    counts: dict[_Key, int] = defaultdict(int)
    for cell in cells:
        if cell.value is None:
            continue
        area, measure_id = levels.unit(cell.area_code), cell.measure_id.rpartition(".")[2]
        keys: list[_Key] = [(measure_id, "segment", bisect(rows, cell.row), None)]
        for period in (cell.period, None):
            keys.append((measure_id, "all", None, period))
            above = [area.city_code, area.region]
            if isinstance(area, Township) and area.county_code not in above:
                above.append(area.county_code)
            keys += [(measure_id, "group", group, period) for group in above]
        for key in keys:
            sums[key] += cell.value
            counts[key] += 1
    return sums, counts


def _equal(figure: Figure, sum_: float, count: int) -> bool:
    return math.isclose(
        figure.value, sum_, rel_tol=1e-9, abs_tol=figure.rounding * (count + 1) + 1e-6
    )
