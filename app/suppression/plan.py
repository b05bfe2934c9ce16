"""Which cells of which counties are hidden, and which group totals are not published."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

import queries
from app import periods
from app.areas import Level
from app.catalogue import Catalogue
from app.serving import Serving
from app.suppression import worlds
from app.suppression.linked import Linked, names
from app.suppression.table import Groups, Table

Numbers = NDArray[np.float64]


@dataclass
class Plan:
    """The tables of the datasets with protected counts by dataset, period and measure.

    `quarters` holds the quarter's own amounts of the flows beside them; counts from 1 to below
    `threshold` are small. `groups` are those above the counties, `towns` those above the townships,
    where any report protected counts.
    """

    groups: Groups
    linked: dict[str, Linked]
    threshold: int
    tables: dict[tuple[str, str, str], Table] = field(default_factory=dict)
    quarters: dict[tuple[str, str, str], Numbers] = field(default_factory=dict)
    towns: Groups | None = None

    def of(self, dataset: str) -> Groups:
        """The groups above those who report a dataset."""
        if self.linked[dataset].dataset.level == "township":
            assert self.towns is not None  # made together with the plan
            return self.towns
        return self.groups

    def cells(self) -> Iterator[tuple[str, str, str, str]]:
        """The hidden cells: dataset, period, measure and county."""
        for (dataset, period, measure), table in self.tables.items():
            for place in np.flatnonzero(table.hidden):
                yield dataset, period, measure, table.groups.areas[place]

    def used(self, dataset: str, period: str, measure: str, *, quarter: bool) -> list[Table]:
        """The tables that a number is made of: its own, and of a quarter's amount the one before.

        None for a measure that hides nothing.
        """
        wanted = [period]
        if quarter and not period.endswith("Q1"):
            wanted.append(periods.shift(period, -1))
        found = (self.tables.get((dataset, each, measure)) for each in wanted)
        return [table for table in found if table is not None]


def make(source: Serving, catalogue: Catalogue, threshold: int, *, cover: bool = True) -> Plan:
    """Work out what to hide of a vintage below a threshold.

    Without `cover` the small counts alone are hidden, which protects nobody: for tests.
    """
    linked = {d.id: Linked(d) for d in catalogue.datasets.values() if Linked(d).counts}
    plan = Plan(groups_of(source), linked, threshold)
    if any(each.dataset.level == "township" for each in linked.values()):
        plan.towns = groups_of(source, "township")
    frame = _frame("cell", source, datasets=list(linked))
    places = {
        dataset: {code: index for index, code in enumerate(plan.of(dataset).areas)}
        for dataset in linked
    }
    values: dict[tuple[str, str, str], Numbers] = {}
    for (dataset, period, measure), part in frame.groupby(["dataset_id", "period", "measure_id"]):
        key = (str(dataset), str(period), str(measure))
        rows = part["area_code"].map(places[key[0]]).to_numpy()
        for held, column in ((values, "value"), (plan.quarters, "quarter")):
            held[key] = np.full(len(places[key[0]]), np.nan)
            held[key][rows] = part[column].to_numpy(dtype=float)
    for dataset, period in sorted({key[:2] for key in values}):
        of_quarter = {key[2]: each for key, each in values.items() if key[:2] == (dataset, period)}
        quarters = {key[2]: q for key, q in plan.quarters.items() if key[:2] == (dataset, period)}
        made = _tables(
            plan.of(dataset), linked[dataset], of_quarter, quarters, threshold, cover=cover
        )
        plan.tables |= {(dataset, period, measure): table for measure, table in made.items()}
    return plan


def groups_of(source: Serving, level: Level = "county") -> Groups:
    """The groups above those who report at a level: the counties, or the townships."""
    frame = _frame("member", source, level=level)
    areas = sorted(frame["area_code"].unique())
    place = {code: index for index, code in enumerate(areas)}
    keys = list(dict.fromkeys(zip(frame["level"], frame["group_code"], strict=True)))
    members = np.zeros((len(keys), len(areas)), dtype=np.bool_)
    at = {key: index for index, key in enumerate(keys)}
    for level, group, area in frame.itertuples(index=False):
        members[at[level, group], place[area]] = True
    return Groups(areas, keys, members)


def _tables(
    groups: Groups,
    linked: Linked,
    values: Mapping[str, Numbers],
    quarters: Mapping[str, Numbers],
    threshold: int,
    *,
    cover: bool,
) -> dict[str, Table]:
    """The tables of one dataset and quarter, mended."""
    empty = np.full(len(groups.areas), np.nan)
    counts: dict[str, Table] = {}
    for name in linked.counts:
        held, own = values.get(name, empty), quarters.get(name, empty)
        small, change = _small(held, threshold), _small(own, threshold)
        # a year to date gives the quarter's own amount away, so it is hidden for a small one too
        low = np.where(small, 1, held - own + 1)
        high = np.where(small, threshold - 1, held - own + threshold - 1)
        counts[name] = Table(groups, held, small | change, low, high, threshold)
        if cover:
            counts[name].mend()
    others = {
        name: values.get(name, empty)
        for rule in linked.rules for name in names(rule.holds) if name not in counts
    }  # fmt: skip
    if cover:
        worlds.mend(counts, others, linked.rules)
    amounts = {
        name: _amount(groups, values.get(name, empty), [counts[c] for c in tied], cover=cover)
        for name, tied in linked.amounts.items()
    }
    return counts | amounts


def _small(values: Numbers, threshold: int) -> NDArray[np.bool_]:
    with np.errstate(invalid="ignore"):
        return (values >= 1) & (values < threshold)


def _amount(groups: Groups, held: Numbers, counts: list[Table], *, cover: bool) -> Table:
    """An amount is hidden where a count is, and its totals where those of the count are."""
    hidden = np.any([table.hidden for table in counts], axis=0) & ~np.isnan(held)
    low, high = np.zeros(len(held)), np.full(len(held), np.inf)
    with np.errstate(invalid="ignore"):
        table = Table(groups, held, hidden & (held > 0), low, high, 0)
    table.hidden |= hidden
    for count in counts:
        table.published &= count.published | ~(groups.members & hidden).any(axis=1)
    if cover:
        table.mend()
    return table


def _frame(name: str, source: Serving, **params: object) -> pd.DataFrame:
    return queries.run(f"suppression/{name}", source.cursor(), **params).df()
