"""One measure in one quarter: which counties are hidden and which group totals stay published.

Counties that lie in the same published groups form a class. Every total that is published holds
all of a class or nothing of it, so the most that can be known of the hidden counties of a class is
their sum: a hidden number can be any whole number that its bounds and this sum leave it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

WIDTH = 3  # so many whole numbers a protected cell must be able to be
# What hiding costs: a county counts 1; a total of a large group is worth many small ones.
COSTS = {
    "county": 2.0,
    "city": 3.0,
    "pilot_region": 12.0,
    "pilot": 15.0,
    "region": 60.0,
    "province": 300.0,
}
_BITS = 62  # of a number that NumPy counts with
_MOST_ADDED = 8  # counties hidden to mend one class


@dataclass(frozen=True)
class Groups:
    """The groups above the counties: `names` as level and code, `members` groups × counties.

    The groups of an area are the bits of a number: of a whole one without bounds where there are
    more of them than 62, as above townships.
    """

    areas: list[str]
    names: list[tuple[str, str]]
    members: NDArray[np.bool_]

    def cost(self, group: int) -> float:
        """What it costs not to publish the total of a group."""
        return COSTS[self.names[group][0]]


@dataclass
class Table:
    """Numbers by county, NaN where nothing is reported, with what is known of each beforehand.

    `primary` must not be found out and lies between `low` and `high` as everybody knows; `hidden`
    holds these and the ones hidden for their sake, which are at least `usual_low`.
    """

    groups: Groups
    values: NDArray[np.float64]
    primary: NDArray[np.bool_]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    usual_low: float
    hidden: NDArray[np.bool_] = field(init=False)
    published: NDArray[np.bool_] = field(init=False)
    _classes: tuple[bytes, NDArray[Any]] | None = field(init=False, default=None)  # of published

    def __post_init__(self) -> None:
        self.hidden = self.primary.copy()
        self.published = np.ones(len(self.groups.names), dtype=np.bool_)
        self.low = np.where(self.primary, self.low, self.usual_low)
        self.high = np.where(self.primary, self.high, np.inf)

    def classes(self) -> NDArray[Any]:
        """The class of each county: the published groups it lies in, as the bits of a number."""
        published = self.published.tobytes()
        if self._classes is None or self._classes[0] != published:
            self._classes = published, self._worked_out()
        return self._classes[1]

    def _worked_out(self) -> NDArray[Any]:
        if len(self.groups.names) <= _BITS:
            bits = np.int64(1) << np.arange(len(self.groups.names), dtype=np.int64)
            return (bits * self.published) @ self.groups.members.astype(np.int64)
        found = np.zeros(len(self.values), dtype=object)
        for group in np.flatnonzero(self.published):
            found[self.groups.members[group]] |= 1 << int(group)
        return found

    def fellows(self, county: int) -> NDArray[np.int64]:
        """The hidden counties of a county's class, itself among them where it is hidden."""
        classes = self.classes()
        return np.flatnonzero(self.hidden & (classes == classes[county]))

    def free(self, county: int) -> bool:
        """Whether no published total holds the county."""
        return not bool((self.groups.members[:, county] & self.published).any())

    def mend(self) -> None:
        """Hide more counties and totals until every protected number can be WIDTH numbers."""
        while True:
            classes = self.classes()
            for name in np.unique(classes[self.hidden & self.primary]):
                members = np.flatnonzero(self.hidden & (classes == name))
                if not self._is_safe(members, free=name == 0):
                    self._mend_class(int(members[self.primary[members]][0]))
                    break
            else:
                return

    def hide(self, county: int) -> None:
        """Hide one more county."""
        self.hidden[county] = True

    def drop(self, county: int, levels: Sequence[str] = tuple(COSTS)) -> None:
        """Publish no total of these levels that holds a county."""
        for group in np.flatnonzero(self.groups.members[:, county]):
            if self.groups.names[group][0] in levels:
                self.published[group] = False

    def candidates(self, county: int) -> list[int]:
        """The counties of its class that can be hidden with it, the smallest number first."""
        classes = self.classes()
        found = np.flatnonzero(self._can_hide() & (classes == classes[county]))
        return [int(i) for i in found[np.argsort(self.values[found], kind="stable")]]

    def _can_hide(self) -> NDArray[np.bool_]:
        # a zero is no cover: hidden for another it could only be zero or large
        with np.errstate(invalid="ignore"):
            return ~self.hidden & (self.values >= max(self.usual_low, 1))

    def _is_safe(self, members: NDArray[np.int64], *, free: bool) -> bool:
        if free:
            return True
        low, high, total = self.low[members], self.high[members], self.values[members].sum()
        bounded = np.isfinite(high)
        most = high[bounded].sum() if bounded.all() else np.inf
        for place in np.flatnonzero(self.primary[members]):
            others_low = low.sum() - low[place]
            if not np.isfinite(most):
                alone = not bounded[place] and (~bounded).sum() == 1
                others_high = high[bounded].sum() if alone else np.inf
            else:
                others_high = most - high[place]
            least = max(low[place], total - others_high)
            greatest = min(high[place], total - others_low)
            if greatest - least + 1 < WIDTH:
                return False
        return True

    def _mend_class(self, county: int) -> None:
        """Take the cheapest way to make the class of a county safe."""
        best: tuple[float, int, list[int]] | None = None
        classes = self.classes()
        own = int(classes[county])
        for dropped, cost in self._drops(own):
            if best is not None and cost >= best[0]:
                break
            found = self._with_dropped(classes, own & ~dropped, dropped, cost, best)
            if found is not None:
                best = found
        assert best is not None  # without any total every class is safe
        for group in range(len(self.groups.names)):
            if best[1] >> group & 1:
                self.published[group] = False
        self.hidden[best[2]] = True

    def _drops(self, own: int) -> Iterator[tuple[int, float]]:
        """The sets of groups of a class as bits, the cheapest to leave out first."""
        held = [group for group in range(len(self.groups.names)) if own >> group & 1]
        sets = [
            (sum(1 << group for group in chosen), sum(map(self.groups.cost, chosen)))
            for size in range(len(held) + 1)
            for chosen in combinations(held, size)
        ]
        return iter(sorted(sets, key=lambda each: each[1]))

    def _with_dropped(
        self,
        classes: NDArray[Any],
        target: int,
        dropped: int,
        cost: float,
        best: tuple[float, int, list[int]] | None,
    ) -> tuple[float, int, list[int]] | None:
        """The cost, the groups and the counties with which `target` is a safe class."""

        def members(gone: int, added: list[int]) -> NDArray[np.int64]:
            hidden = self.hidden.copy()
            hidden[added] = True
            return np.flatnonzero(hidden & ((classes & ~gone) == target))

        if self._is_safe(members(dropped, []), free=target == 0):
            return cost, dropped, []
        left = classes & ~dropped
        inside = ((left & target) == target) & (self.hidden | self._can_hide())
        options = []
        for place in np.flatnonzero(inside & ~(self.hidden & (left == target))).tolist():
            extra = int(left[place]) & ~target
            price = sum(
                self.groups.cost(g) for g in range(len(self.groups.names)) if extra >> g & 1
            )
            price += 0 if self.hidden[place] else 1 + self.values[place] / 1e9
            options.append((price, place, extra))
        gone, added, spent = dropped, list[int](), cost
        for price, place, extra in sorted(options)[:_MOST_ADDED]:
            if extra & ~gone:
                spent += price
            else:
                spent += price - int(price) + (0 if self.hidden[place] else 1)
            if best is not None and spent >= best[0]:
                return None
            gone |= extra
            if not self.hidden[place]:
                added.append(place)
            if self._is_safe(members(gone, added), free=target == 0):
                return spent, gone, added
        return None
