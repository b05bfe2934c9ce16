"""What an upload and the stored figures are held against: rules, checks and limits of doubt."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from app.catalogue.entry import Entry, Identifier, Text

Limits = dict[Identifier, Annotated[float, Field(ge=0)]]


class Rule(Entry):
    """A comparison that every row must satisfy; `measure` is the column a finding points at."""

    id: Identifier
    severity: Literal["error", "warning"]
    holds: str
    measure: Identifier
    message: Text


class Check(Entry):
    """A check of every upload: queries/checks/<id>.sql returns the offending rows.

    `limits` are handed to the SQL as $values; the message takes the columns of the query, {area}
    and {measure}. One that gives way says nothing of a cell that another finding points at.
    """

    severity: Literal["error", "warning"]
    label: Text
    message: Text
    limits: Limits = {}
    gives_way: bool = False


class OutlierLimits(Entry):
    """When an indicator is far from its own history or its peers: see quality.yaml."""

    quarters: int = Field(ge=1)
    few: int = Field(ge=3)
    own: float = Field(gt=0)
    among_peers: float = Field(gt=0)
    least_share: float = Field(ge=0)
    least_steps: float = Field(gt=0)
    least_points: float = Field(ge=0)


class RowLimits(Entry):
    """When a whole row repeats that of the quarter before."""

    figures: int = Field(ge=1)


class RunLimits(Entry):
    """When one measure has stood still for too long."""

    quarters: int = Field(ge=2)
    least: float = Field(gt=0)
    still: float = Field(ge=0, le=1)


class ZeroLimits(Entry):
    """When a zero is doubtful."""

    quarters: int = Field(ge=1)
    few: int = Field(ge=1)
    least: float = Field(gt=0)
    zeros: float = Field(ge=0, le=1)


class Quality(Entry):
    """The limits of what is doubtful among the stored, by queries/quality/<name>.sql."""

    outlier: OutlierLimits
    repeated_row: RowLimits
    repeated_run: RunLimits
    doubtful_zero: ZeroLimits
