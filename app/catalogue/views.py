"""What stands on the page of a dataset below map and ranking."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from app.catalogue.entry import Entry, Identifier, Text


class StandardsView(Entry):
    """Each county's standards beside the provincial minimum of the year."""

    kind: Literal["standards"]
    measures: list[Identifier] = Field(min_length=1)


class GapsView(Entry):
    """What each county lacks, most of the first indicator first."""

    kind: Literal["gaps"]
    indicators: list[Identifier] = Field(min_length=1, max_length=3)


class RemainingView(Entry):
    """What each county has left to the whole of a percentage: denominator minus numerator.

    `left` is the heading, with {count} counties and {total}; `nothing` the one where nothing is
    left; `column` the head of the column, `note` a remark under the heading.
    """

    kind: Literal["remaining"]
    indicator: Identifier
    left: Text
    nothing: Text
    column: Text
    note: Text | None = None


class PartsView(Entry):
    """How a whole divides into measures, in each group of areas."""

    kind: Literal["parts"]
    measures: list[Identifier] = Field(min_length=2, max_length=5)
    unit: str


class PairView(Entry):
    """Two indicators of one unit beside each other, county by county."""

    kind: Literal["pair"]
    indicators: list[Identifier] = Field(min_length=2, max_length=2)


class FunnelView(Entry):
    """Stages, each a part of the one before it."""

    kind: Literal["funnel"]
    measures: list[Identifier] = Field(min_length=2, max_length=4)


class TrendView(Entry):
    """The chosen indicator over all quarters."""

    kind: Literal["trend"]


PageView = Annotated[
    StandardsView | GapsView | RemainingView | PartsView | PairView | FunnelView | TrendView,
    Field(discriminator="kind"),
]
