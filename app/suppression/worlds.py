"""Other numbers that a county may have for all that is published, the catalogue's rules included.

A class of counties hides a number from the totals. The rules of the intake are public as well: that
no more are paid than supported may narrow a number further. So each protected number is moved up
and down, by taking from a county of its class what it is given, alone and together with the other
numbers of its rules, and must reach as many values as are wanted with every rule still kept.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from itertools import combinations, product

import numpy as np
from numpy.typing import NDArray

from app import formula
from app.catalogue import Rule
from app.formula import Reference
from app.suppression.table import COSTS, WIDTH, Table

_LEVELS = (("county", "city"), ("county", "city", "pilot_region", "pilot"), tuple(COSTS))
_MOST_TRIED = 12  # counties of a class that may cover one with more of their rows
Moves = dict[tuple[str, int], float]  # what is added to a measure of a county


def mend(
    tables: Mapping[str, Table], others: Mapping[str, NDArray[np.float64]], rules: list[Rule]
) -> None:
    """Hide more until the rules pin no protected number of a quarter either.

    `tables` holds what may be hidden by measure, `others` the other measures of the rules by
    county.
    """
    rows = _Rows(tables, others, rules)
    again = True
    while again:  # what is hidden for one may take a total from under another
        again = False
        for name, table in tables.items():
            if not any(name in used for used, _ in rows.rules):
                continue
            for county in np.flatnonzero(table.primary):
                if rows.reached(name, int(county)) < WIDTH:
                    rows.widen(name, int(county))
                    again = True


class _Rows:
    def __init__(
        self,
        tables: Mapping[str, Table],
        others: Mapping[str, NDArray[np.float64]],
        rules: list[Rule],
    ) -> None:
        self.tables, self.others = tables, others
        self.kept: dict[tuple[str, int], bool] = {}
        self.rules = [({r.measure for r in formula.references(x.holds)}, x.holds) for x in rules]

    def reached(self, name: str, county: int) -> int:
        """How many numbers a county may have in the place of its own, that one included."""
        return 1 + sum(
            any(self._stands(moves) for moves in self._moves(name, county, step))
            for step in (-1, 1, -2, 2)
        )

    def widen(self, name: str, county: int) -> None:
        """Hide what it takes: more of the row, a county of the class, or at last totals."""
        table = self.tables[name]
        linked = self._linked(name)
        bundles = [[], *([each] for each in linked), linked]
        fellows = [int(f) for f in table.fellows(county) if f != county]
        for others in (fellows, table.candidates(county)):
            for bundle in bundles:
                for other in others[:_MOST_TRIED]:
                    if self._tried(name, bundle, county, [other]):
                        return
            if len(others) > 1 and self._tried(name, linked, county, others[:6]):
                return
        for levels in _LEVELS:
            for each in (name, *linked):
                tied = self.tables[each]
                if not np.isnan(tied.values[county]):
                    tied.hide(county)
                    if not tied.primary[county]:
                        tied.low[county] = 0
                    tied.drop(county, levels)
                    tied.mend()
            if self.reached(name, county) >= WIDTH:
                return
        raise AssertionError(f"no cover for {name}")  # pragma: no cover - nothing ties it any more

    def _linked(self, name: str) -> list[str]:
        """The measures that rules tie to one, directly or through others."""
        found = {name}
        while True:
            more = {m for used, _ in self.rules if not used.isdisjoint(found) for m in used}
            more &= self.tables.keys()
            if more <= found:
                return sorted(found - {name})
            found |= more

    def _tried(self, name: str, bundle: list[str], county: int, others: list[int]) -> bool:
        """Whether hiding a bundle in some counties gives a number its values; undone if not."""
        before = {m: (t.hidden.copy(), t.published.copy()) for m, t in self.tables.items()}
        own = self.tables[name]
        for place in (county, *others):
            for each in (name, *bundle):
                if not np.isnan(self.tables[each].values[place]) and (place, each) != (
                    county,
                    name,
                ):
                    self.tables[each].hide(place)
            for each in bundle:  # what is taken from one and given to the other stays in one total
                tied = self.tables[each]
                tied.published &= own.published | ~own.groups.members[:, place]
        if self.reached(name, county) >= WIDTH:
            return True
        for each, (hidden, published) in before.items():
            self.tables[each].hidden[:], self.tables[each].published[:] = hidden, published
        return False

    def _moves(self, name: str, county: int, step: int) -> Iterator[Moves]:
        """The ways to move one number: alone, or with hidden numbers of the same rules.

        These move the same way and no further: what is part of a number falls with it.
        """
        alone = list(self._shifts(name, county, step))
        yield from alone
        steps = {step, step // abs(step)}
        tied = [m for m in self._linked(name) if self.tables[m].hidden[county]]
        for size in range(1, len(tied) + 1):
            for chosen in combinations(tied, size):
                also = [[m for s in steps for m in self._shifts(t, county, s)] for t in chosen]
                for move in alone:
                    own = {place for _, place in move}
                    # first with the same two counties, then with any one other
                    same = [[m for m in each if {p for _, p in m} <= own] for each in also]
                    for parts in product(*same):
                        yield move | {k: v for part in parts for k, v in part.items()}
                    if size == 1:
                        yield from (move | each for each in also[0])

    def _shifts(self, name: str, county: int, step: int) -> Iterator[Moves]:
        table = self.tables[name]
        if not self._fits(table, county, step):
            return
        if table.free(county):
            yield {(name, county): step}
            return
        for fellow in table.fellows(county):
            if fellow != county and self._fits(table, int(fellow), -step):
                yield {(name, county): step, (name, int(fellow)): -step}

    def _fits(self, table: Table, county: int, step: int) -> bool:
        return bool(table.low[county] <= table.values[county] + step <= table.high[county])

    def _own(self, name: str, place: int) -> float:
        held = self.tables.get(name)
        return float((self.others[name] if held is None else held.values)[place])

    def _kept(self, text: str, used: set[str], place: int) -> bool:
        """Whether a row keeps a rule as it is; one that does not tells nothing by it."""
        if (text, place) not in self.kept:
            self.kept[text, place] = not any(
                math.isnan(self._own(name, place)) for name in used
            ) and formula.holds(text, lambda ref: self._own(ref.measure, place))
        return self.kept[text, place]

    def _stands(self, moves: Moves) -> bool:
        for place in {place for _, place in moves}:
            moved = {name for name, other in moves if other == place}

            def value(ref: Reference, place: int = place) -> float:
                return self._own(ref.measure, place) + moves.get((ref.measure, place), 0.0)

            for used, text in self.rules:
                if moved.isdisjoint(used):
                    continue
                if not self._kept(text, used, place):
                    continue
                if not formula.holds(text, value):
                    return False
        return True
