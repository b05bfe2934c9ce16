"""What figures say of groups of areas, and what they can be held against."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from app import areas, catalogue, formats, formula, periods
from app.briefing.parts import Number, Quantity, Trace
from app.catalogue import Indicator

REACHED, DUE, OPEN = "met", ("near", "missed"), "not_due"  # verdicts of a target
Before = Literal["previous", "year"]
BEFORE: tuple[Before, ...] = ("previous", "year")


@dataclass(frozen=True)
class Base:
    """What a change is taken from: an earlier quarter, and what was known of it.

    `change` is over the `matched` areas known in both quarters; `reporting` were known then.
    `sample` tells whether that quarter's data were sample, None where there were none.
    """

    period: str
    change: float | None = None
    matched: int = 0
    reporting: int = 0
    status: str = "missing"
    sample: bool | None = None


@dataclass(frozen=True)
class Rank:
    """A place among the `count` areas of a group (as level/code) that have a value."""

    within: str
    place: int
    count: int
    tied: bool


@dataclass(frozen=True)
class Fact:
    """What one indicator says of one group of areas in a quarter, and what it can be held against.

    `reporters` are those who report, counties or cities; `expected` is how many of them there are,
    `reporting` how many are in the figure and `valued` how many of these have a value themselves.
    """

    indicator: Indicator
    level: str
    code: str
    period: str
    vintage: int
    lang: str
    value: float | None
    status: str
    target_status: str
    gap: float | None
    sample: bool
    reporting: int
    valued: int
    expected: int
    previous: Base
    year: Base
    reporters: areas.Level = "county"

    @property
    def known(self) -> bool:
        """Whether there is a value."""
        return self.value is not None

    @property
    def partial(self) -> bool:
        """Whether some of a group's areas have no value."""
        return self.level != "county" and self.valued < self.expected

    def base(self, before: Before) -> Base:
        """The quarter before, or the same quarter of the year before."""
        return self.previous if before == "previous" else self.year

    def number(
        self, shown: str, quantity: Quantity = "value", value: float | None = None, *,
        within: str = "", of: str = "",
    ) -> Number:  # fmt: skip
        """A number of this indicator, group and quarter as it is printed."""
        trace = Trace(
            self.indicator.id, self.level, self.code, self.period, self.vintage, quantity, value,
            within, of,
        )  # fmt: skip
        return Number(shown, trace)


@cache
def basis(indicator_id: str) -> Literal["stock", "quarter", "cumulative"]:
    """Whether an indicator is a state at the quarter's end, the quarter's own, or year to date."""
    known = catalogue.load()
    indicator, dataset = known.indicator(indicator_id), known.dataset_of[indicator_id]
    sides = [indicator.numerator, *([indicator.denominator] if indicator.denominator else [])]
    flows = {
        reference.qualifier
        for side in sides
        for reference in formula.references(side)
        if dataset.measure(reference.measure).kind == "flow"
    }
    return "stock" if not flows else "quarter" if "quarter" in flows else "cumulative"


def no_base(fact: Fact, before: Before) -> str | None:
    """Why a change can't be told, None where it can: missing, not_applicable, sample and so on."""
    base = fact.base(before)
    if before == "previous" and basis(fact.indicator.id) == "cumulative":
        return "cumulative"
    if base.change is not None:
        return None
    if base.status != "observed":
        return base.status
    if base.sample != fact.sample:
        return "sample" if base.sample else "real"
    return "unmatched"


def moved(fact: Fact, before: Before) -> bool:
    """Whether a change is known that is not nothing as it is printed."""
    amount, indicator = fact.base(before).change, fact.indicator
    if amount is None or no_base(fact, before) is not None:
        return False
    decimals = formats.decimals_of(indicator.unit, indicator.decimals)
    return formats.rounded(amount, decimals) != 0


def of_rows(
    rows: Iterable[Mapping[Any, Any]], period: str, vintage: int, lang: str
) -> Iterator[Fact]:
    """Facts of single counties (or cities) from rows of the county frame."""
    known = catalogue.load()
    for row in rows:
        indicator = known.indicator(row["indicator_id"])
        reporters = known.dataset_of[indicator.id].level
        yield of_row(row, indicator, (reporters, str(row["area_code"])), period, vintage, lang)


def of_row(
    row: Mapping[Any, Any], indicator: Indicator, group: tuple[str, str], period: str, vintage: int,
    lang: str,
) -> Fact:  # fmt: skip
    """The fact of a county (or a city that reports) from its row; of its bases only the changes."""
    known = int(row["status"] == "observed")

    def base(quarters: int, change: Any) -> Base:
        found = float(change) if change is not None and change == change else None
        status = "missing" if found is None else "observed"
        return Base(periods.shift(period, quarters), found, known, known, status, row["sample"])

    def amount(column: str) -> float | None:
        found = row[column]
        return float(found) if found is not None and found == found else None

    return Fact(
        indicator, *group, period, vintage, lang, amount("value"), str(row["status"]),
        str(row["target_status"]), amount("gap"), bool(row["sample"]), known, known, 1,
        base(-1, row.get("change_previous")), base(-4, row.get("change_year")),
        catalogue.load().dataset_of[indicator.id].level,
    )  # fmt: skip
