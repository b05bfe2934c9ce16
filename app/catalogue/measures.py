"""What is reported: measures, the units they are counted in, and the items that have them."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from app.catalogue.clause import Clause
from app.catalogue.entry import Entry, Filled, Identifier, Text


class Unit(Entry):
    """A unit: its label, and whether only whole numbers make sense in it.

    `one` is the English label of exactly one, where the label is a plural.
    """

    label: Text
    one: Filled | None = None
    whole: bool
    decimals: int = Field(ge=0, le=4)

    def counted(self, number: str, lang: str) -> str:
        """The label beside a number as it is printed: one bed, two beds."""
        alone = lang == "en" and number.lstrip("\N{MINUS SIGN}") == "1"
        return self.one if alone and self.one else self.label(lang)


class ByClass(Entry):
    """A provincial minimum that goes by class of area.

    `area` is the column of the areas that holds the class, empty where it is not known;
    `standard` is what the names in standards.yaml have before `_class_` and the class.
    """

    area: Literal["dibao_class"]
    standard: Identifier


class Measure(Entry):
    """A reported number.

    `reference` names the column of the areas that stands in where it is empty;
    `constant_within_year` marks what is set once a year, so that a change of it is doubtful.
    A standard is held against the minimum of its own name in standards.yaml unless `by_class`.
    A choice is stored as the place of what was chosen in `choices`, from 1; a date as yyyymmdd; a
    text as its number (app/intake/answers.py). `only` names the items that have the measure.
    `short` is its name in tight places of figures, else its label.
    `protected` counts children or disabled or ill persons: small counts are not for the public.
    """

    id: Identifier
    label: Text
    short: Text | None = None
    unit: str
    kind: Literal["stock", "flow", "standard", "choice", "date", "text"]
    choices: dict[Identifier, Text] = {}
    only: list[Identifier] | None = None
    definition: Text
    minimum: float = 0
    maximum: float | None = None
    reference: Identifier | None = None
    constant_within_year: bool = False
    by_class: ByClass | None = None
    protected: bool = False

    @property
    def required(self) -> bool:
        """Whether a file must have a column for it."""
        return self.reference is None

    @property
    def name(self) -> Text:
        """Its name in tight places."""
        return self.short or self.label

    @property
    def numeric(self) -> bool:
        """Whether it is an amount, so that it can be added up or compared."""
        return self.kind in ("stock", "flow", "standard")

    def place(self, choice: str) -> int:
        """The number that stands for a choice."""
        return list(self.choices).index(choice) + 1


class Item(Entry):
    """What an area reports several rows of in a quarter, such as a task; each has its clause."""

    id: Identifier
    label: Text
    clause: Clause
    definition: Text
