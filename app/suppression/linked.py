"""What the catalogue ties to a protected count: amounts, indicators and rules."""

from __future__ import annotations

from dataclasses import dataclass

from app import formula
from app.catalogue import Dataset, Indicator, Rule
from app.formula import Reference

_MONEY = "yuan"


@dataclass(frozen=True)
class Linked:
    """The protected counts of a dataset and what is used together with them."""

    dataset: Dataset

    @property
    def counts(self) -> list[str]:
        """The protected measures."""
        return [m.id for m in self.dataset.measures if m.protected]

    @property
    def amounts(self) -> dict[str, list[str]]:
        """The amounts of money that a rule or an indicator uses with counts, each with these."""
        found: dict[str, list[str]] = {}
        for measure in self.dataset.measures:
            if measure.unit == _MONEY:
                texts = [t for t in self._texts() if measure.id in names(t)]
                counts = [c for c in self.counts if any(c in names(t) for t in texts)]
                if counts:
                    found[measure.id] = counts
        return found

    @property
    def measures(self) -> list[str]:
        """Every measure of which cells may be hidden."""
        return self.counts + list(self.amounts)

    @property
    def indicators(self) -> list[Indicator]:
        """The indicators that use one of these measures."""
        return [
            i for i in self.dataset.indicators
            if any(ref.measure in self.measures for ref in uses(i))
        ]  # fmt: skip

    @property
    def rules(self) -> list[Rule]:
        """The rules that every row is known to keep and that use a protected count."""
        return [
            r for r in self.dataset.rules
            if r.severity == "error" and not names(r.holds).isdisjoint(self.counts)
        ]  # fmt: skip

    def _texts(self) -> list[str]:
        sides = [f"{i.numerator} + ({i.denominator or 0})" for i in self.dataset.indicators]
        return sides + [r.holds for r in self.dataset.rules]


def names(text: str) -> set[str]:
    """The measures a formula uses."""
    return {ref.measure for ref in formula.references(text)}


def uses(indicator: Indicator) -> set[Reference]:
    """What an indicator uses on both sides."""
    sides = [indicator.numerator] + ([indicator.denominator] if indicator.denominator else [])
    return {ref for side in sides for ref in formula.references(side)}


def adds_alike(indicator: Indicator, ref: Reference) -> bool:
    """Whether a number counts in an indicator with the same weight in every county."""
    sides = [indicator.numerator] + ([indicator.denominator] if indicator.denominator else [])
    return all(formula.weight(side, ref) is not None for side in sides)
