"""Who wants to know a small count, and reads everything that is published.

Whatever the questions of the pages return becomes an equation or an inequality over the cells that
are not shown; a linear programme then tells the least and the greatest value of each.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array

import queries
from app import levels, periods
from app.catalogue import Catalogue, Dataset
from app.serving import Serving

Cell = tuple[str, str, str]  # measure, period, county
Affine = tuple[float, dict[Cell, float]]


class Attack:
    """What can be worked out of one dataset in some quarters.

    `told` gives bounds of cells beyond what is published: an attacker who knows which cells are
    small and which are hidden for their sake knows more than a page tells.
    """

    def __init__(
        self, source: Serving, catalogue: Catalogue, dataset: Dataset, wanted: list[str],
        told: dict[Cell, tuple[float, float | None]],
    ) -> None:  # fmt: skip
        self.source, self.dataset, self.wanted, self.told = source, dataset, wanted, told
        self.catalogue = catalogue
        self.names = [m.id for m in dataset.measures if m.numeric]
        self.known: dict[Cell, float] = {}
        self.minimum: dict[Cell, float] = {}
        self.unknown: dict[Cell, int] = {}
        self.equal: list[tuple[dict[Cell, float], float]] = []
        self.at_most: list[tuple[dict[Cell, float], float]] = []
        for period in wanted:
            self._read_counties(period)
        groups = queries.rows("group_names", source.cursor())
        self.groups = [f"{g['level']}/{g['group_code']}" for g in groups]
        members = source.cursor().execute("select level, group_code, area_code from area_group")
        self.members: dict[str, list[str]] = {}
        for level, code, area in members.fetchall():
            self.members.setdefault(f"{level}/{code}", []).append(area)
        for period in wanted:
            self._read_totals(period)
            self._read_indicators(period)
            self._read_headlines(period)
            self._use_rules(period)

    # ------------------------------------------------------------------ what is read

    def _read_counties(self, period: str) -> None:
        found = queries.rows(
            "county_measure", self.source.cursor(), dataset_id=self.dataset.id, period=period,
            level="province", group_code="440000",
        )  # fmt: skip
        for row in found:
            cell = (row["measure_id"], period, row["area_code"])
            if row["minimum"] is not None:
                self.minimum[cell] = row["minimum"]
            if row["value"] is not None:
                self.known[cell] = row["value"]
            elif row["status"] == "suppressed":
                self.unknown[cell] = len(self.unknown)

    def _read_totals(self, period: str) -> None:
        measures = [m for m in self.names if self.dataset.measure(m).kind != "standard"]
        found = queries.rows(
            "measure_total", self.source.cursor(), dataset_id=self.dataset.id, measures=measures,
            period=period, groups=self.groups,
        )  # fmt: skip
        for row in found:
            name = row["measure_id"]
            flow = self.dataset.measure(name).kind == "flow"
            text = f"quarter({name})" if flow else name
            self._add_sum(text, period, f"{row['level']}/{row['group_code']}", row["value"], None)
        for view in self.dataset.views:
            if view.kind == "funnel":
                stages = queries.rows(
                    "stage_total", self.source.cursor(), dataset_id=self.dataset.id,
                    measures=view.measures, period=period, groups=self.groups,
                )  # fmt: skip
                for row in stages:
                    group = f"{row['level']}/{row['group_code']}"
                    whole = row["areas_reporting"] == row["areas_expected"]
                    if whole:
                        self._add_sum(row["measure_id"], period, group, row["value"], None)

    def _read_indicators(self, period: str) -> None:
        rows = queries.rows(
            "indicator_value", self.source.cursor(),
            indicators=[i.id for i in self.dataset.indicators], periods=[period],
            levels=list(levels.GROUPS), areas=[],
        )  # fmt: skip
        status = {
            (r["indicator"], r["area_code"]): r["status"]
            for r in rows if r["level"] == "county" and r["areas_reporting"]
        }  # fmt: skip
        for row in rows:
            if row["value"] is None and row["numerator"] is None:
                continue
            indicator = self.catalogue.indicator(row["indicator"])
            group = f"{row['level']}/{row['area_code']}"
            inside = self.members[group]
            told = {a: status.get((indicator.id, a)) for a in inside}
            shown = [a for a in inside if told[a] in ("observed", "not_applicable")]
            hidden = [a for a in inside if told[a] == "suppressed"]
            places = shown + hidden if row["areas_reporting"] > len(shown) else shown
            sides = [(indicator.numerator, row["numerator"])]
            if indicator.denominator:
                sides.append((indicator.denominator, row["denominator"]))
            for text, value in sides:
                self._add_sum(text, period, group, value, places)
            if indicator.denominator and row["value"] is not None:
                self._add_printed(indicator.id, period, places, row["value"])

    def _read_headlines(self, period: str) -> None:
        """Totals and shares as the pages of the groups tell them, which must say no more."""
        for key in self.groups:
            level, _, code = key.partition("/")
            if level == "county":
                continue
            rows = queries.rows(
                "headline", self.source.cursor(), period=period, level=level, group_code=code,
                indicators=[i.id for i in self.dataset.indicators],
            )  # fmt: skip
            for row in rows:
                assert (row["status"] == "suppressed") <= (
                    row["value"] is row["numerator"] is row["change_previous"]
                    is row["change_year"] is row["gap"] is None
                )  # fmt: skip

    def _use_rules(self, period: str) -> None:
        """The intake refuses rows that break a rule, and everybody knows these."""
        areas = {area for _, _, area in self.unknown}
        for rule in self.dataset.rules:
            if rule.severity != "error" or "<=" not in rule.holds:
                continue
            left, right = rule.holds.split("<=")
            for area in areas:
                found = self._affine(f"({left}) - ({right})", period, area)
                if found is not None and found[1]:
                    self.at_most.append((found[1], -found[0]))

    # ------------------------------------------------------------------ what it means

    def _affine(self, text: str, period: str, area: str) -> Affine | None:
        """A formula over a county's cells; None where one is missing or it is not linear."""
        wanted: dict[Cell, float] = {}
        missing = False

        def number(name: str, quarter: str) -> float:
            nonlocal missing
            cell = (name, quarter, area)
            if cell in self.unknown:
                return wanted.setdefault(cell, 0.0)
            missing |= cell not in self.known
            return self.known.get(cell, 0.0)

        def own(name: str) -> float:
            before = 0.0 if period.endswith("Q1") else number(name, periods.shift(period, -1))
            return number(name, period) - before

        class Row(dict[str, Any]):
            def __missing__(self, name: str) -> float:
                return number(name, period)

        words = {
            "min": min, "max": max, "ceil": math.ceil,
            "quarter": own,
            "minimum": lambda name: self.minimum.get((name, period, area), math.nan),
        }  # fmt: skip
        for name in self.names:  # a name in a call stands for itself
            text = text.replace(f"quarter({name})", f"quarter('{name}')")
            text = text.replace(f"minimum({name})", f"minimum('{name}')")

        def at() -> float:
            return float(eval(text, {"__builtins__": {}}, Row(words)))

        if "target(" in text:
            return None
        base = at()
        if missing or math.isnan(base):
            return None
        slopes = {}
        for cell in list(wanted):
            wanted[cell] = 1.0
            slopes[cell] = at() - base
            wanted[cell] = 2.0
            linear = math.isclose(at() - base, 2 * slopes[cell], abs_tol=1e-9)
            wanted[cell] = 0.0
            if not linear:
                return None
        return base, {cell: slope for cell, slope in slopes.items() if slope}

    def _sum(self, text: str, period: str, areas: Iterable[str], *, all_of: bool) -> Affine | None:
        """A formula added up over counties; None where one of those wanted can't be worked out."""
        total, slopes = 0.0, dict[Cell, float]()
        for area in areas:
            found = self._affine(text, period, area)
            if found is None and all_of:
                return None
            if found is not None:
                total += found[0]
                for cell, slope in found[1].items():
                    slopes[cell] = slopes.get(cell, 0.0) + slope
        return total, {cell: slope for cell, slope in slopes.items() if slope}

    def _add_sum(
        self, text: str, period: str, group: str, value: float | None, areas: list[str] | None
    ) -> None:
        if value is None or math.isnan(value):
            return
        wanted = self.members[group] if areas is None else areas
        found = self._sum(text, period, wanted, all_of=areas is not None)
        if found is not None and found[1]:
            self.equal.append((found[1], value - found[0]))

    def _add_printed(self, name: str, period: str, areas: list[str], value: float) -> None:
        """A share as it is printed: |factor × numerator − value × denominator| within rounding."""
        indicator = self.catalogue.indicator(name)
        assert indicator.denominator is not None
        above = self._sum(indicator.numerator, period, areas, all_of=True)
        below = self._sum(indicator.denominator, period, areas, all_of=True)
        if above is None or below is None or not (above[1] or below[1]):
            return
        (top, tops), (bottom, bottoms) = above, below
        half = 0.05 if indicator.unit == "percent" else 0.5
        printed = round(value, 1) if indicator.unit == "percent" else round(value)
        for sign in (1, -1):
            by = sign * printed + half
            slopes = {c: sign * indicator.factor * s for c, s in tops.items()}
            for cell, slope in bottoms.items():
                slopes[cell] = slopes.get(cell, 0.0) - by * slope
            self.at_most.append((slopes, by * bottom - sign * indicator.factor * top + 1e-6))

    # ------------------------------------------------------------------ what follows

    def holds(self, truth: dict[Cell, float]) -> bool:
        """Whether the true numbers satisfy everything: else the attacker has gone astray."""

        def at(slopes: dict[Cell, float]) -> float:
            return sum(s * truth[c] for c, s in slopes.items())

        return all(
            math.isclose(at(s), v, rel_tol=1e-9, abs_tol=1e-4) for s, v in self.equal
        ) and all(at(s) <= v + 1e-4 for s, v in self.at_most)

    def interval(self, cell: Cell) -> tuple[int, int]:
        """The least and the greatest whole number that a hidden cell can be."""
        used = self._tied_to(cell)
        at = {each: place for place, each in enumerate(used)}
        equal = [row for row in self.equal if not at.keys().isdisjoint(row[0])]
        most = [row for row in self.at_most if not at.keys().isdisjoint(row[0])]
        bounds = [self.told.get(each, (0, None)) for each in used]
        goal = np.zeros(len(used))
        found = []
        for sign in (1, -1):
            goal[at[cell]] = sign
            result = linprog(
                goal, bounds=bounds, method="highs",
                A_eq=_matrix(equal, at), b_eq=[value for _, value in equal] or None,
                A_ub=_matrix(most, at), b_ub=[value for _, value in most] or None,
            )  # fmt: skip
            if result.status == 3:  # without bound
                found.append(math.inf)
            else:
                assert result.status == 0, result.message
                found.append(sign * result.fun)
        return math.ceil(found[0] - 1e-6), math.floor(min(found[1], 1e9) + 1e-6)

    def _tied_to(self, cell: Cell) -> list[Cell]:
        """The unknown cells that share an equation with one, directly or through others."""
        rows = [set(slopes) for slopes, _ in self.equal + self.at_most]
        found, new = {cell}, {cell}
        while new:
            reached = set().union(*(row for row in rows if not row.isdisjoint(new))) - found
            found |= reached
            new = reached
        return sorted(found)


def _matrix(rows: list[tuple[dict[Cell, float], float]], at: dict[Cell, int]) -> Any:
    if not rows:
        return None
    places = [(r, at[c], s) for r, (slopes, _) in enumerate(rows) for c, s in slopes.items()]
    r, c, s = zip(*places, strict=True)
    return csr_array((s, (r, c)), shape=(len(rows), len(at)))
