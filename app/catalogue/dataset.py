"""What is reported each quarter, with all that is computed from it and shown of it."""

from __future__ import annotations

from functools import cached_property
from typing import Literal

from pydantic import Field

from app import areas
from app.catalogue.checks import Limits, Rule
from app.catalogue.clause import Clause
from app.catalogue.entry import Entry, Identifier, Text
from app.catalogue.indicators import Indicator
from app.catalogue.measures import Item, Measure
from app.catalogue.views import PageView, TrendView


class Dataset(Entry):
    """What is reported each quarter, one row an area, with the indicators computed from it.

    `level` is who reports. With `items` there is a row for each area and item, and the formulas are
    worked out row by row, then added up over the items. A cell is then named item.measure.
    `views` stand on its page below map and ranking, two beside each other, in their order.
    `checks` changes limits of a check for this dataset, or switches it off (`off`). A report comes
    in time up to `due_days` after the end of its quarter; `lock_days` later its data are closed to
    analysts, and corrections need a reviewer.
    """

    id: Identifier
    label: Text
    clause: Clause
    clause_text: Text
    definition: Text
    level: areas.Level = "county"
    items: list[Item] = []
    measures: list[Measure] = Field(min_length=1)
    rules: list[Rule] = []
    indicators: list[Indicator] = Field(min_length=1)
    headline: list[Identifier] = Field(min_length=1, max_length=6)
    views: list[PageView] = Field(default=[TrendView(kind="trend")], min_length=1)
    checks: dict[Identifier, Limits | Literal[False]] = {}
    due_days: int | None = Field(default=None, ge=0, le=365)
    lock_days: int | None = Field(default=None, ge=0, le=3650)

    def measure(self, measure_id: str) -> Measure:
        """One measure by its id, or by the name of one of its cells."""
        return self.cells[measure_id] if "." in measure_id else self._measures[measure_id]

    @cached_property
    def _measures(self) -> dict[str, Measure]:
        return {measure.id: measure for measure in self.measures}

    @cached_property
    def cells(self) -> dict[str, Measure]:
        """The measures by the names under which their cells are stored.

        With items, a measure of each that has it, named item.measure and labelled with both.
        """
        if not self.items:
            return self._measures
        return {
            f"{item.id}.{m.id}": m.model_copy(
                update={
                    "label": Text(
                        zh=f"{item.label.zh}·{m.label.zh}", en=f"{item.label.en}: {m.label.en}"
                    )
                }
            )
            for item in self.items
            for m in self.measures
            if m.only is None or item.id in m.only
        }

    @cached_property
    def clauses(self) -> frozenset[str]:
        """The clauses of the notice that the dataset answers."""
        return frozenset(item.clause for item in self.items) or frozenset([self.clause])
